/* settings: the settings that libunbound gets before its first question. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <unbound.h>

#include "parsers/root_files.h"
#include "scanner/base/buffer.h"
#include "scanner/dns/recursive/anchor.h"
#include "scanner/dns/recursive/resolver_internal.h"

/* More root name servers or anchors than anyone has. */
#define FILE_BYTES_MAX	((size_t)16 << 20)
#define COUNT(array)	(sizeof (array) / sizeof (array)[0])

/* Settings that do not depend on options. docs/pitfalls.md says how each was
 * found, and which of them libunbound keeps for the whole process. */
static const struct setting { const char *name, *value; } settings[] = {
	{ "num-queries-per-thread:", "4096" },
	{ "neg-cache-size:", "4m" },
	{ "infra-cache-numhosts:", "50000" },
	{ "so-rcvbuf:", "1m" },
	/* The least time before a question is repeated. It has few tries in the
	 * first pass, and a short stall must not use them all up. */
	{ "infra-cache-min-rtt:", "400" },
	{ "edns-buffer-size:", "1232" },
	{ "verbosity:", "0" },
};

/* For the first pass: it gives up dead servers in seconds, and slow ones, too.
 * The address of a name server is asked for when it is needed. */
static const struct setting hasty[] = {
	{ "msg-cache-size:", "16m" },
	{ "rrset-cache-size:", "32m" },
	{ "key-cache-size:", "8m" },
	{ "outbound-msg-retry:", "2" },
	{ "target-fetch-policy:", "0 0 0 0 0" },
};

/* Two addresses of name servers are tried, with two packets each. The limit of
 * questions also keeps libunbound from asking the parent for all addresses
 * again, which takes six questions more. A question with many labels needs more
 * than two if it is minimised. */
static const struct setting brief[] = {
	{ "outbound-msg-retry:", "1" },
	{ "max-sent-count:", "1" },
};

static const struct setting patient[] = {
	{ "msg-cache-size:", "4m" },
	{ "rrset-cache-size:", "8m" },
	{ "key-cache-size:", "4m" },
};

static bool
set(struct ub_ctx *unbound, const char *name, const char *value,
    char why[256])
{
	int error = ub_ctx_set_option(unbound, name, value);

	if (error == 0)
		return true;
	snprintf(why, 256, "the resolver refuses '%s %s': %s", name, value,
	    ub_strerror(error));
	return false;
}

/* RULES 11: these addresses have opted out. libunbound keeps them in a tree:
 * 20,000 cost a resolver less than a tenth of a second at its start, and 5
 * MiB. */
static bool
bar(struct ub_ctx *unbound, const struct prefix_set *barred, char why[256])
{
	char text[ADDRESS_TEXT_MAX + 4];

	for (size_t i = 0; barred != NULL && i < barred->count; i++) {
		prefix_to_text(&barred->prefixes[i], text);
		if (!set(unbound, "do-not-query-address:", text, why))
			return false;
	}
	return true;
}

/* Bars `network` without the allowed parts of it, in as many prefixes as that
 * takes. */
static bool
forbid(struct ub_ctx *unbound, const struct prefix *network,
    const struct prefix_set *allowed, char why[256])
{
	char text[ADDRESS_TEXT_MAX + 4];
	struct prefix half;

	for (size_t i = 0; allowed != NULL && i < allowed->count; i++) {
		const struct prefix *hole = &allowed->prefixes[i];

		if (hole->base.family != network->base.family)
			continue;
		if (hole->length <= network->length &&
		    prefix_contains(hole, &network->base))
			return true;
		if (!prefix_contains(network, &hole->base))
			continue;
		half = prefix_of(&network->base, network->length + 1);
		if (!forbid(unbound, &half, allowed, why))
			return false;
		half.base.bytes[network->length / 8] |=
		    (uint8_t)(0x80 >> network->length % 8);
		return forbid(unbound, &half, allowed, why);
	}
	prefix_to_text(network, text);
	return set(unbound, "do-not-query-address:", text, why);
}

/* RULES 11: no name server in a special-purpose network is asked; with only
 * allowed networks, none outside these. */
static bool
set_forbidden(struct ub_ctx *unbound, const struct resolver_options *options,
    char why[256])
{
	const struct prefix all_ipv4 = { { .family = 4 }, 0 };
	const struct prefix all_ipv6 = { { .family = 6 }, 0 };
	struct prefix_set special = { 0 };
	bool good = true;

	if (options->only_allowed)
		return forbid(unbound, &all_ipv4, options->allowed, why) &&
		    forbid(unbound, &all_ipv6, options->allowed, why);
	prefix_set_add_special(&special);
	for (size_t i = 0; i < special.count && good; i++)
		good = forbid(unbound, &special.prefixes[i], options->allowed,
		    why);
	prefix_set_fini(&special);
	return good;
}

/* Returns false with errno. */
static bool
read_file(const char *path, struct buffer *text)
{
	FILE *file = fopen(path, "re");
	char bytes[4096];
	size_t length;
	bool good;

	if (file == NULL)
		return false;
	while ((length = fread(bytes, 1, sizeof bytes, file)) > 0 &&
	    text->length < FILE_BYTES_MAX)
		buffer_append(text, bytes, length);
	good = ferror(file) == 0;
	fclose(file);
	return good;
}

/* RULES DS10. libunbound opens its files at the first question. If a file is
 * missing or has nothing useful, that question gets no answer, as if there were
 * no network. */
static bool
is_good(const char *path, const char *what,
    const char *(*lack_of)(const char *, size_t), char why[256])
{
	struct buffer text = { 0 };
	const char *lack = NULL;
	bool good;

	if (path == NULL)
		return true;
	good = read_file(path, &text);
	if (good)
		lack = lack_of(buffer_text(&text), text.length);
	else
		snprintf(why, 256, "%s %s: %s", what, path, strerror(errno));
	if (lack != NULL)
		snprintf(why, 256, "%s %s: the file has %s", what, path, lack);
	buffer_fini(&text);
	return good && lack == NULL;
}

/* libunbound queues questions that have no socket, and a question to a silent
 * server keeps its socket for up to a second. */
static bool
set_sockets(struct ub_ctx *unbound, unsigned sockets, char why[256])
{
	unsigned tcp = sockets > 1088 ? 64 : sockets / 16 + 1;
	unsigned udp = sockets > tcp ? sockets - tcp : 1;
	char number[16];

	snprintf(number, sizeof number, "%u", udp);
	if (!set(unbound, "outgoing-range:", number, why))
		return false;
	snprintf(number, sizeof number, "%u", tcp);
	return set(unbound, "outgoing-num-tcp:", number, why);
}

static bool
set_anchor(struct ub_ctx *unbound, const char *file, char why[256])
{
	int error = 0;

	if (!is_good(file, "trust anchor", trust_anchors_lack, why))
		return false;
	if (file != NULL)
		error = ub_ctx_add_ta_file(unbound, file);
	for (size_t i = 0; file == NULL && error == 0 &&
	    root_anchor(i) != NULL; i++)
		error = ub_ctx_add_ta(unbound, root_anchor(i));
	if (error != 0)
		snprintf(why, 256, "trust anchor %s: %s",
		    file != NULL ? file : "of the program", ub_strerror(error));
	return error == 0;
}

static bool
set_each(struct ub_ctx *unbound, const struct setting *setting, size_t count,
    char why[256])
{
	for (size_t i = 0; i < count; i++)
		if (!set(unbound, setting[i].name, setting[i].value, why))
			return false;
	return true;
}

/* The operator's settings about name servers: which are asked, and through
 * which forwarder. */
static bool
set_servers(struct ub_ctx *unbound, const struct resolver_options *options,
    char why[256])
{
	if (!set(unbound, "do-ip4:", options->use_ipv4 ? "yes" : "no", why) ||
	    !set(unbound, "do-ip6:", options->use_ipv6 ? "yes" : "no", why))
		return false;
	if (!is_good(options->root_hints, "root hints", root_hints_lack, why) ||
	    (options->root_hints != NULL && !set(unbound, "root-hints:",
	    options->root_hints, why)))
		return false;
	if (options->forward == NULL || ub_ctx_set_fwd(unbound,
	    options->forward) == 0)
		return true;
	snprintf(why, 256, "--forward %s: not an address", options->forward);
	return false;
}

/* libunbound ends the process if it cannot read what it has opened, such as a
 * folder. */
static bool
set_conf(struct ub_ctx *unbound, const char *path, char why[256])
{
	struct buffer text = { 0 };
	int error = read_file(path, &text) ? 0 : errno;

	buffer_fini(&text);
	if (error == 0 && ub_ctx_config(unbound, path) == 0)
		return true;
	snprintf(why, 256, "%s: cannot be read as unbound.conf%s%s", path,
	    error != 0 ? ": " : "", error != 0 ? strerror(error) : "");
	return false;
}

bool
resolver_set_options(struct ub_ctx *unbound,
    const struct resolver_options *options, char why[256])
{
	if (!set_each(unbound, settings, COUNT(settings), why))
		return false;
	if (!(options->is_patient
	    ? set_each(unbound, patient, COUNT(patient), why)
	    : set_each(unbound, hasty, COUNT(hasty), why)))
		return false;
	if (options->is_brief &&
	    !set_each(unbound, brief, COUNT(brief), why))
		return false;
	if (!set_sockets(unbound, options->sockets, why) ||
	    !set(unbound, "qname-minimisation:", options->minimises
	    ? "yes" : "no", why))
		return false;
	if (!set_forbidden(unbound, options, why) ||
	    !bar(unbound, options->barred, why) ||
	    !set_servers(unbound, options, why))
		return false;
	if (options->resolver_conf != NULL &&
	    !set_conf(unbound, options->resolver_conf, why))
		return false;
	return set_anchor(unbound, options->trust_anchor, why);
}

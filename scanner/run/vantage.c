#include "scanner/run/vantage.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "scanner/base/log.h"

#define SYSTEM_CA_FILE "/etc/ssl/certs/ca-certificates.crt"

union address_name {
	struct sockaddr		any;
	struct sockaddr_in	in;
	struct sockaddr_in6	in6;
};

/* Returns the length of the socket address. */
static socklen_t
name_address(const struct address *address, uint16_t port,
    union address_name *name)
{
	*name = (union address_name){ 0 };
	if (address->family == 4) {
		name->in.sin_family = AF_INET;
		name->in.sin_port = htons(port);
		memcpy(&name->in.sin_addr, address->bytes, 4);
		return sizeof name->in;
	}
	name->in6.sin6_family = AF_INET6;
	name->in6.sin6_port = htons(port);
	memcpy(&name->in6.sin6_addr, address->bytes, 16);
	return sizeof name->in6;
}

/* Connecting a datagram socket asks the routing table and sends nothing. */
static bool
has_route(const struct address *address)
{
	union address_name name;
	int descriptor = socket(address->family == 4 ? AF_INET : AF_INET6,
	    SOCK_DGRAM | SOCK_CLOEXEC, 0);
	bool routed = descriptor >= 0 && connect(descriptor, &name.any,
	    name_address(address, 53, &name)) == 0;

	if (descriptor >= 0)
		close(descriptor);
	return routed;
}

static void
look_at(const struct options *options, const struct address *address,
    struct vantage *vantage)
{
	bool *route = address->family == 4 ? &vantage->route_ipv4
					   : &vantage->route_ipv6;

	if (options->only_allowed_networks &&
	    !prefix_set_contains(&options->allow_network, address))
		return;
	*route = *route || has_route(address);
}

/* Each word of the root hints that is an address. */
static void
read_hints(const char *path, void (*take)(void *, const struct address *),
    void *tag)
{
	FILE *hints = fopen(path, "r");
	char word[256];
	struct address address;

	if (hints == NULL)
		return;
	while (fscanf(hints, "%255s", word) == 1)
		if (address_from_text(word, strlen(word), &address))
			take(tag, &address);
	fclose(hints);
}

void
vantage_roots(const struct options *options,
    void (*take)(void *, const struct address *), void *tag)
{
	/* The root name servers a, f, j, k, l and m
	 * (https://www.iana.org/domains/root/servers). */
	static const char *const roots[] = {
		"198.41.0.4", "192.5.5.241", "192.58.128.30",
		"193.0.14.129", "199.7.83.42", "202.12.27.33",
		"2001:503:ba3e::2:30", "2001:500:2f::f",
		"2001:503:c27::2:30", "2001:7fd::1", "2001:500:9f::42",
		"2001:dc3::35",
	};
	struct address address;

	if (options->root_hints != NULL) {
		read_hints(options->root_hints, take, tag);
		return;
	}
	for (size_t i = 0; i < sizeof roots / sizeof roots[0]; i++)
		if (address_from_text(roots[i], strlen(roots[i]), &address))
			take(tag, &address);
}

/* The view that vantage_look makes. */
struct view {
	const struct options *options;
	struct vantage	*vantage;
};

static void
look_at_root(void *tag, const struct address *address)
{
	const struct view *view = tag;

	look_at(view->options, address, view->vantage);
}

void
vantage_look(const struct options *options, struct vantage *vantage)
{
	struct view view = { options, vantage };

	*vantage = (struct vantage){ 0 };
	vantage_roots(options, look_at_root, &view);
	for (size_t i = 0; i < options->allow_network.count; i++)
		look_at(options, &options->allow_network.prefixes[i].base,
		    vantage);
	vantage->has_ipv4 = vantage->route_ipv4 && !options->ipv6_only;
	vantage->has_ipv6 = vantage->route_ipv6 && !options->ipv4_only;
}

/* The search of vantage_source. */
struct source_search {
	const struct options *options;
	uint8_t		 family;
	struct address	*source;
	bool		 is_found;
};

static bool
read_source(int descriptor, struct address *source)
{
	union address_name name;
	socklen_t length = sizeof name;

	if (getsockname(descriptor, &name.any, &length) != 0)
		return false;
	*source = (struct address){ .family = name.any.sa_family == AF_INET ? 4
	    : 6 };
	if (source->family == 4)
		memcpy(source->bytes, &name.in.sin_addr, 4);
	else
		memcpy(source->bytes, &name.in6.sin6_addr, 16);
	return true;
}

static void
look_for_source(void *tag, const struct address *address)
{
	struct source_search *search = tag;
	const struct options *options = search->options;
	union address_name name;
	int descriptor;

	if (search->is_found || address->family != search->family ||
	    (options->only_allowed_networks &&
	    !prefix_set_contains(&options->allow_network, address)))
		return;
	descriptor = socket(address->family == 4 ? AF_INET : AF_INET6,
	    SOCK_DGRAM | SOCK_CLOEXEC, 0);
	search->is_found = descriptor >= 0 && connect(descriptor, &name.any,
	    name_address(address, 53, &name)) == 0 &&
	    read_source(descriptor, search->source);
	if (descriptor >= 0)
		close(descriptor);
}

bool
vantage_source(const struct options *options, uint8_t family,
    struct address *source)
{
	struct source_search search = { options, family, source, false };
	const char *text = options->source_address;

	if (text != NULL && address_from_text(text, strlen(text), source) &&
	    source->family == family)
		return true;
	vantage_roots(options, look_for_source, &search);
	for (size_t i = 0; i < options->allow_network.count; i++)
		look_for_source(&search,
		    &options->allow_network.prefixes[i].base);
	return search.is_found;
}

bool
vantage_has_source(const struct options *options)
{
	const char *text = options->source_address;
	struct address source;
	union address_name name;
	int descriptor;
	bool bound;

	if (text == NULL || !address_from_text(text, strlen(text), &source))
		return true;
	descriptor = socket(source.family == 4 ? AF_INET : AF_INET6,
	    SOCK_STREAM | SOCK_CLOEXEC, 0);
	bound = descriptor >= 0 && bind(descriptor, &name.any,
	    name_address(&source, 0, &name)) == 0;
	if (!bound)
		log_line("--source-address %s: this machine cannot send from "
		    "there: %s", text, strerror(errno));
	if (descriptor >= 0)
		close(descriptor);
	return bound;
}

const char *
vantage_ca_file(const struct options *options)
{
	return options->ca_file != NULL ? options->ca_file : SYSTEM_CA_FILE;
}

#include "scanner/worker/domain/mx_set.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "parsers/prefix.h"
#include "scanner/base/facts.h"
#include "scanner/base/memory.h"

/* The most records of one answer that are read; a packet holds no more. */
#define RECORDS_MAX 4096

static int
compare_mx(const void *a, const void *b)
{
	const struct mx *x = a, *y = b;

	if (x->preference != y->preference)
		return x->preference < y->preference ? -1 : 1;
	return strcmp(x->name, y->name);
}

static int
compare_names(const void *a, const void *b)
{
	const struct mx *x = a, *y = b;
	int order = strcmp(x->name, y->name);

	return order != 0 ? order : compare_mx(a, b);
}

/* MX11: a target that occurs twice is one host, with its lowest preference. */
static void
make_distinct(struct mx_set *set)
{
	size_t kept = 0;

	qsort(set->hosts, set->count, sizeof *set->hosts, compare_names);
	for (size_t i = 0; i < set->count; i++) {
		if (kept > 0 && strcmp(set->hosts[kept - 1].name,
		    set->hosts[i].name) == 0)
			free(set->hosts[i].name);
		else
			set->hosts[kept++] = set->hosts[i];
	}
	set->count = set->found = kept;
}

static void
cut_and_tier(struct mx_set *set)
{
	qsort(set->hosts, set->count, sizeof *set->hosts, compare_mx);
	while (set->count > MX_HOSTS_MAX)
		free(set->hosts[--set->count].name);
	for (size_t i = 0; i < set->count; i++)
		set->hosts[i].tier = i == 0 ? 1 : set->hosts[i - 1].tier +
		    (set->hosts[i].preference != set->hosts[i - 1].preference);
}

void
mx_set_read(struct mx_set *set, const struct lookup *lookup)
{
	struct answer_walk walk;
	uint8_t exchange[NAME_WIRE_MAX];
	char name[NAME_TEXT_MAX];
	uint16_t preference;

	if (!answer_open(lookup, &walk))
		return;
	set->hosts = xcalloc(lookup->answer->count, sizeof *set->hosts);
	while (set->count < lookup->answer->count &&
	    set->count < RECORDS_MAX && answer_next(lookup, &walk)) {
		if (!dns_record_mx(&walk.message, &walk.record, &preference,
		    exchange))
			continue;
		if (exchange[0] == 0) {
			if (!set->has_dot || preference < set->dot_preference)
				set->dot_preference = preference;
			set->has_dot = true;
			continue;
		}
		name_to_text(exchange, name);
		set->hosts[set->count++] = (struct mx){
			.preference = preference, .name = xstrdup(name),
			.flags = mx_name_flags(name),
		};
	}
	make_distinct(set);
	cut_and_tier(set);
}

void
mx_set_add_implicit(struct mx_set *set, const char *domain)
{
	set->hosts = xcalloc(1, sizeof *set->hosts);
	set->count = set->found = 1;
	set->hosts[0] = (struct mx){
		.tier = 1, .name = xstrdup(domain),
		.flags = 1u << MX_FLAG_IMPLICIT,
	};
}

void
mx_set_fini(struct mx_set *set)
{
	for (size_t i = 0; i < set->count; i++)
		free(set->hosts[i].name);
	free(set->hosts);
}

/* "[192.0.2.1]" and "[IPv6:...]" come with escaped brackets in text form, and
 * the colons of a bare IPv6 address are escaped as well. */
static bool
is_address(const char *name)
{
	char text[ADDRESS_TEXT_MAX];
	struct address address;
	size_t length = 0, all = strlen(name);

	/* An IPv4 address ends in a digit, and an IPv6 address has a colon. */
	if (strchr(name, '\\') == NULL && (all == 0 ||
	    !isdigit((unsigned char)name[all - 1])))
		return false;
	if (strncmp(name, "\\091", 4) == 0)
		return true;
	while (*name != '\0' && length < sizeof text) {
		bool is_colon = strncmp(name, "\\058", 4) == 0;

		text[length++] = is_colon ? ':' : *name;
		name += is_colon ? 4 : 1;
	}
	return *name == '\0' && address_from_text(text, length, &address);
}

unsigned
mx_name_flags(const char *name)
{
	size_t length = strlen(name);

	if (is_address(name))
		return 1u << MX_FLAG_IS_ADDRESS;
	if (strcmp(name, "localhost") == 0 ||
	    (length > 10 && strcmp(name + length - 10, ".localhost") == 0))
		return 1u << MX_FLAG_IS_LOCALHOST;
	if (strchr(name, '.') == NULL)
		return 1u << MX_FLAG_IS_TLD;
	return 0;
}

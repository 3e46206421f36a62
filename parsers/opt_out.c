#include "parsers/opt_out.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "parsers/host_name.h"
#include "parsers/prefix_read.h"

#define WHY_MAX		192	/* the size of hints in host_name.h and
				 * prefix_read.h */
#define MAILTO		"mailto:"

_Static_assert(HOST_NAME_WHY_MAX == WHY_MAX && PREFIX_WHY_MAX == WHY_MAX,
    "one size of hints");

static bool
refuse(char why[WHY_MAX], const char *what)
{
	snprintf(why, WHY_MAX, "%s", what);
	return false;
}

/* Addresses **************************************************************** */

static bool
add_prefix(struct opt_out *opt_out, const struct prefix *prefix,
    char why[WHY_MAX])
{
	if (prefix->length == 0) {
		snprintf(why, WHY_MAX, "this is every IPv%u address; "
		    "--ipv%u-only connects to none of them",
		    prefix->base.family, prefix->base.family == 4 ? 6u : 4u);
		return false;
	}
	prefix_set_add(&opt_out->prefixes, prefix);
	return true;
}

/* Is it an IPv4 address in the form of IPv6 (RFC 4291 2.5.5.2)? No server is
 * ever reached at such an address. */
static bool
is_mapped(const struct prefix *prefix, struct prefix *ipv4)
{
	static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };

	if (prefix->base.family != 6 || prefix->length < 96 ||
	    memcmp(prefix->base.bytes, mapped, sizeof mapped) != 0)
		return false;
	*ipv4 = (struct prefix){ { .family = 4 }, prefix->length - 96 };
	memcpy(ipv4->base.bytes, prefix->base.bytes + 12, 4);
	return true;
}

static bool
read_prefix(struct opt_out *opt_out, const char *text, size_t length,
    char why[WHY_MAX])
{
	struct prefix prefix, ipv4;
	char meant[ADDRESS_TEXT_MAX + 4];

	if (!prefix_read(text, length, &prefix, why))
		return false;
	if (is_mapped(&prefix, &ipv4)) {
		prefix_to_text(&ipv4, meant);
		snprintf(why, WHY_MAX, "this is an IPv4 address in IPv6; write "
		    "%s", meant);
		return false;
	}
	/* `192.0.2.0 255.255.255.0` */
	if (prefix.base.family == 4 && prefix.length == 32 &&
	    (prefix.base.bytes[0] == 255 || prefix.base.bytes[0] == 0))
		return refuse(why, "nobody has this address; if it is a "
		    "netmask, write a prefix, such as 192.0.2.0/24");
	return add_prefix(opt_out, &prefix, why);
}

static bool
read_range(struct opt_out *opt_out, const char *text, size_t length,
    char why[WHY_MAX])
{
	struct prefix_set set = { 0 };
	bool good = range_read(text, length, &set, why);

	for (size_t i = 0; good && i < set.count; i++)
		good = add_prefix(opt_out, &set.prefixes[i], why);
	prefix_set_fini(&set);
	return good;
}

/* A range may have a dash (U+2010 to U+2015, U+2212), as word processors write
 * it. */
static bool
has_dash(const char *text, size_t length)
{
	size_t before = 0;
	struct address address;

	while (before < length && (uint8_t)text[before] < 0x80)
		before++;
	return length - before >= 3 &&
	    (memcmp(text + before, "\342\200", 2) == 0 ||
	    memcmp(text + before, "\342\210\222", 3) == 0) &&
	    (before == 0 || address_from_text(text, before, &address));
}

/* Names ******************************************************************** */

static bool
read_name(struct opt_out *opt_out, const char *text, size_t length,
    char why[WHY_MAX])
{
	char name[NAME_TEXT_MAX];

	if (!host_name_read(text, length, name, why))
		return false;
	name_set_add(&opt_out->names, name);
	return true;
}

/* `*.a.example` and `.a.example` mean `a.example`. */
static bool
read_domain(struct opt_out *opt_out, const char *text, size_t length,
    char why[WHY_MAX])
{
	size_t skip = length > 2 && memcmp(text, "*.", 2) == 0 ? 2
	    : length > 1 && text[0] == '.';

	return read_name(opt_out, text + skip, length - skip, why);
}

/* Is it a dot-string of RFC 5321 4.1.2 and RFC 6531, or empty? */
static bool
is_local_part(const char *text, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if (text[i] >= 0 && (text[i] <= ' ' ||
		    strchr("\"(),:;<>@[\\]\177", text[i]) != NULL))
			return false;
	return true;
}

static bool
read_mailbox(struct opt_out *opt_out, const char *text, size_t length,
    char why[WHY_MAX])
{
	const char *at = memchr(text, '@', length);
	size_t local = at == NULL ? length : (size_t)(at - text);

	if (at == NULL || !is_local_part(text, local))
		return refuse(why, "this is not a mailbox, such as "
		    "post@a.example");
	text += local + 1;
	length -= local + 1;
	return length > 0 && text[0] == '['
	    ? read_prefix(opt_out, text, length, why)
	    : read_name(opt_out, text, length, why);
}

/* Lists ******************************************************************** */

static bool
read_entry(struct opt_out *opt_out, const char *text, size_t length,
    char why[WHY_MAX])
{
	const size_t scheme = sizeof MAILTO - 1;

	if (length > 2 && text[0] == '<' && text[length - 1] == '>') {
		text++;
		length -= 2;
	}
	if (length > scheme && strncasecmp(text, MAILTO, scheme) == 0)
		return read_mailbox(opt_out, text + scheme, length - scheme,
		    why);
	if (memchr(text, '@', length) != NULL &&
	    memmem(text, length, "://", 3) == NULL)
		return read_mailbox(opt_out, text, length, why);
	if (has_dash(text, length))
		return refuse(why, "a range has a hyphen, as in "
		    "192.0.2.8-192.0.2.9");
	if (range_is_meant(text, length))
		return read_range(opt_out, text, length, why);
	if (prefix_is_meant(text, length))
		return read_prefix(opt_out, text, length, why);
	return read_domain(opt_out, text, length, why);
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* An entry ends at a comma or a blank, but blanks around a hyphen belong to a
 * range. */
static size_t
entry_length(const char *text, size_t length)
{
	size_t end = 0, next;

	for (;;) {
		while (end < length && !is_blank(text[end]) &&
		    text[end] != ',')
			end++;
		next = end;
		while (next < length && is_blank(text[next]))
			next++;
		if (next == end || next == length || text[next] == ',' ||
		    (text[next] != '-' && text[end - 1] != '-'))
			return end;
		end = next;
	}
}

static bool
read_line(struct opt_out *opt_out, const struct entry_lines *lines,
    const char *text, size_t length, struct entry_fault *fault)
{
	const char *end = text + length;
	char why[WHY_MAX];

	for (; text < end; text += length) {
		if (is_blank(*text) || *text == ',') {
			length = 1;
			continue;
		}
		length = entry_length(text, (size_t)(end - text));
		if (!read_entry(opt_out, text, length, why))
			return entry_lines_refuse(lines, text, length, why,
			    fault);
		opt_out->count++;
	}
	return true;
}

static int
compare_prefixes(const void *a, const void *b)
{
	const struct prefix *one = a, *other = b;
	int order = address_compare(&one->base, &other->base);

	return order != 0 ? order : (one->length > other->length) -
	    (one->length < other->length);
}

/* Sorts the prefixes, and drops those that are inside another. */
static void
simplify(struct prefix_set *set)
{
	size_t kept = 0;

	if (set->count == 0)
		return;
	qsort(set->prefixes, set->count, sizeof *set->prefixes,
	    compare_prefixes);
	for (size_t i = 1; i < set->count; i++)
		if (!prefix_contains(&set->prefixes[kept],
		    &set->prefixes[i].base))
			set->prefixes[++kept] = set->prefixes[i];
	set->count = kept + 1;
}

bool
opt_out_read(struct opt_out *opt_out, const char *text, size_t length,
    struct entry_fault *fault)
{
	struct entry_lines lines;
	const char *entry;
	bool good = entry_lines_open(&lines, text, length, fault);

	while (good && entry_lines_next(&lines, &entry, &length))
		good = read_line(opt_out, &lines, entry, length, fault);
	simplify(&opt_out->prefixes);
	return good;
}

void
opt_out_fini(struct opt_out *opt_out)
{
	name_set_fini(&opt_out->names);
	prefix_set_fini(&opt_out->prefixes);
	*opt_out = (struct opt_out){ 0 };
}

/* Returns the text without its first label, or NULL if it has only one. A dot
 * inside a label is escaped. */
static const char *
parent_of(const char *name)
{
	for (; *name != '\0'; name++) {
		if (*name == '\\')
			name += 3;
		else if (*name == '.')
			return name[1] != '\0' ? name + 1 : NULL;
	}
	return NULL;
}

bool
opt_out_has_name(const struct opt_out *opt_out, const char *name)
{
	for (; name != NULL; name = parent_of(name))
		if (name_set_has(&opt_out->names, name))
			return true;
	return false;
}

/* No prefix is inside another. So if any prefix holds the address, it is the
 * last one that does not begin above the address. */
static bool
holds(const struct prefix_set *set, const struct address *address)
{
	size_t low = 0, high = set->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (address_compare(&set->prefixes[middle].base, address) <= 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low > 0 && prefix_contains(&set->prefixes[low - 1], address);
}

bool
opt_out_has_address(const struct opt_out *opt_out,
    const struct address *address)
{
	struct address ipv4;

	return holds(&opt_out->prefixes, address) ||
	    (address_embedded(address, &ipv4) &&
	    holds(&opt_out->prefixes, &ipv4));
}

#include "parsers/prefix_read.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#define IPV6_TAG	"IPv6:"

static bool refuse(char why[PREFIX_WHY_MAX], const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static bool
refuse(char why[PREFIX_WHY_MAX], const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(why, PREFIX_WHY_MAX, format, arguments);
	va_end(arguments);
	return false;
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Reads digits as a number. A number that is too large for any use becomes
 * 9999. */
static bool
read_number(const char *text, size_t length, unsigned *number)
{
	*number = 0;
	for (size_t i = 0; i < length; i++) {
		if (!is_digit(text[i]))
			return false;
		*number = *number * 10 + (unsigned)(text[i] - '0');
		if (*number > 9999)
			*number = 9999;
	}
	return length > 0;
}

/* `192.0.2`, `010.1.2.3`, `192.0.2.*`, `192.0.2.x`, `10`. */
static bool
is_like_ipv4(const char *text, size_t length)
{
	if (length == 0 || !is_digit(text[0]))
		return false;
	for (size_t i = 0; i < length; i++)
		if (!is_digit(text[i]) && text[i] != '.' && text[i] != '*' &&
		    text[i] != 'x' && text[i] != 'X')
			return false;
	return true;
}

static size_t
count_of(const char *text, size_t length, char c)
{
	size_t count = 0;

	for (size_t i = 0; i < length; i++)
		count += text[i] == c;
	return count;
}

/* Counts the bytes before the first `c`, or all bytes if there is none. */
static size_t
length_before(const char *text, size_t length, char c)
{
	const char *at = memchr(text, c, length);

	return at != NULL ? (size_t)(at - text) : length;
}

bool
prefix_is_meant(const char *text, size_t length)
{
	size_t before = length_before(text, length, '/');

	if (memmem(text, length, "://", 3) != NULL)
		return false;
	before = length_before(text, before, ':');
	return (length > 0 && text[0] == '[') ||
	    count_of(text, length, ':') > 1 || is_like_ipv4(text, before);
}

/* Four parts, or fewer, of an IPv4 address ********************************* */

struct parts {
	struct address	address;	/* parts that are missing are 0 */
	unsigned	count;		/* of numbers */
	bool		is_too_large, has_zero, has_wildcard, is_bad;
};

static void
take_part(struct parts *parts, const char *text, size_t length)
{
	unsigned number;

	if (!read_number(text, length, &number)) {
		parts->has_wildcard = length > 0 && !is_digit(text[0]);
		parts->is_bad |= !parts->has_wildcard;
		return;
	}
	parts->is_bad |= parts->has_wildcard || parts->count == 4;
	parts->is_too_large |= number > 255;
	parts->has_zero |= length > 1 && text[0] == '0';
	if (parts->count < 4)
		parts->address.bytes[parts->count++] = (uint8_t)number;
}

static struct parts
split(const char *text, size_t length)
{
	struct parts parts = { .address = { .family = 4 } };
	size_t at = 0;

	/* One final dot is allowed. */
	if (length > 0 && text[length - 1] == '.')
		length--;
	while (at <= length) {
		size_t part = length_before(text + at, length - at, '.');

		take_part(&parts, text + at, part);
		at += part + 1;
	}
	return parts;
}

static bool
refuse_ipv4(const char *text, size_t length, char why[PREFIX_WHY_MAX])
{
	struct parts parts = split(text, length);
	char meant[ADDRESS_TEXT_MAX + 4];
	struct prefix prefix;

	if (parts.is_too_large)
		return refuse(why, "a part of an IPv4 address is at most 255");
	if (parts.is_bad || parts.count == 0)
		return refuse(why, "an IPv4 address has four parts");
	prefix = prefix_of(&parts.address, 8 * parts.count);
	prefix_to_text(&prefix, meant);
	if (parts.has_wildcard && parts.count < 4)
		return refuse(why, "this is not an address; did you mean the "
		    "prefix %s?", meant);
	if (parts.count < 4)
		return refuse(why, "an IPv4 address has four parts; did you "
		    "mean the prefix %s?", meant);
	address_to_text(&parts.address, meant);
	return refuse(why, parts.has_zero
	    ? "a part that begins with 0 may be octal; did you mean %s?"
	    : "did you mean %s?", meant);
}

/* Addresses **************************************************************** */

static bool
refuse_address(const char *text, size_t length, char why[PREFIX_WHY_MAX])
{
	size_t before = length_before(text, length, ':');
	size_t zone = length_before(text, length, '%');
	struct address address;
	unsigned port;

	if (before < length && address_from_text(text, before, &address) &&
	    read_number(text + before + 1, length - before - 1, &port))
		return refuse(why, "an address has no port here; write %.*s",
		    (int)before, text);
	if (zone < length && address_from_text(text, zone, &address))
		return refuse(why, "an address cannot have a zone here; write "
		    "%.*s",
		    (int)zone, text);
	if (is_like_ipv4(text, length))
		return refuse_ipv4(text, length, why);
	return refuse(why, "this is neither an address nor a prefix, such as "
	    "192.0.2.0/24");
}

/* Reads `[192.0.2.9]`, `[IPv6:2001:db8::1]` and `[2001:db8::1]`. */
static bool
read_brackets(const char *text, size_t length, struct prefix *prefix,
    char why[PREFIX_WHY_MAX])
{
	size_t end = length_before(text, length, ']');
	const char *inner = text + 1, *behind = text + end + 1;
	size_t inner_length, rest;
	bool is_tagged = false;
	unsigned port;

	if (end == length)
		return refuse(why, "the [ has no matching ]");
	inner_length = end - 1;
	rest = length - end - 1;
	if (inner_length > strlen(IPV6_TAG) &&
	    strncasecmp(inner, IPV6_TAG, strlen(IPV6_TAG)) == 0) {
		is_tagged = true;
		inner += strlen(IPV6_TAG);
		inner_length -= strlen(IPV6_TAG);
	}
	if (!prefix_from_text(inner, inner_length, prefix))
		return refuse_address(inner, inner_length, why);
	if (rest > 0 && behind[0] == ':' &&
	    read_number(behind + 1, rest - 1, &port))
		return refuse(why, "an address has no port here; write %.*s",
		    (int)inner_length, inner);
	if (rest > 0 || memchr(inner, '/', inner_length) != NULL)
		return refuse(why, "only an address can be in brackets; write "
		    "a prefix as 2001:db8::/32");
	if (is_tagged && prefix->base.family != 6)
		return refuse(why, "this is an IPv4 address; write %.*s",
		    (int)inner_length, inner);
	return true;
}

/* Prefixes ***************************************************************** */

/* Reads the prefix length that `255.255.255.0`, or its complement `0.0.0.255`,
 * means. */
static bool
read_netmask(const char *text, size_t length, unsigned *bits)
{
	struct address address;
	uint32_t mask = 0;

	if (!address_from_text(text, length, &address) || address.family != 4)
		return false;
	for (size_t i = 0; i < 4; i++)
		mask = mask << 8 | address.bytes[i];
	if (mask >> 31 == 0)
		mask = ~mask;
	for (*bits = 0; *bits < 32 && mask >> 31 == 1; (*bits)++)
		mask <<= 1;
	return mask == 0;
}

/* The text before the slash is an address. */
static bool
refuse_length(const struct address *address, const char *text, size_t length,
    char why[PREFIX_WHY_MAX])
{
	unsigned bits, most = address->family == 4 ? 32 : 128;
	bool is_netmask = address->family == 4 &&
	    read_netmask(text, length, &bits);
	struct prefix meant;
	char written[ADDRESS_TEXT_MAX + 4];

	if (!is_netmask && (!read_number(text, length, &bits) || bits > most))
		return refuse(why, "the length of an IPv%u prefix is a number "
		    "from 0 to %u", address->family, most);
	meant = prefix_of(address, bits);
	prefix_to_text(&meant, written);
	if (is_netmask)
		return refuse(why, "a prefix has a length, not a netmask; did "
		    "you mean %s?",
		    written);
	if (address_compare(&meant.base, address) != 0)
		return refuse(why, "host bits are set; did you mean %s?",
		    written);
	return refuse(why, "did you mean %s?", written);
}

static bool
refuse_prefix(const char *text, size_t before, size_t length,
    char why[PREFIX_WHY_MAX])
{
	const char *behind = text + before + 1;
	char written[ADDRESS_TEXT_MAX + 4];
	struct address address;
	struct prefix meant;
	struct parts parts;
	unsigned bits;

	length -= before + 1;
	if (address_from_text(text, before, &address))
		return refuse_length(&address, behind, length, why);
	if (!is_like_ipv4(text, before))
		return refuse_address(text, before, why);
	parts = split(text, before);
	if (parts.is_bad || parts.is_too_large || parts.has_wildcard ||
	    !read_number(behind, length, &bits) || bits > 32)
		return refuse_ipv4(text, before, why);
	meant = prefix_of(&parts.address, bits);
	prefix_to_text(&meant, written);
	return refuse(why, "%s; did you mean %s?", parts.has_zero
	    ? "a part that begins with 0 may be octal"
	    : "an IPv4 address has four parts", written);
}

bool
prefix_read(const char *text, size_t length, struct prefix *prefix,
    char why[PREFIX_WHY_MAX])
{
	size_t slash = length_before(text, length, '/');

	if (prefix_from_text(text, length, prefix))
		return true;
	if (length > 0 && text[0] == '[')
		return read_brackets(text, length, prefix, why);
	if (slash < length)
		return refuse_prefix(text, slash, length, why);
	return refuse_address(text, length, why);
}

/* Ranges ******************************************************************* */

struct range {
	const char	*first, *last;
	size_t		 first_length, last_length;
};

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static bool
split_range(const char *text, size_t length, struct range *range)
{
	size_t before = length_before(text, length, '-');

	if (before == length)
		return false;
	range->first = text;
	range->last = text + before + 1;
	range->last_length = length - before - 1;
	while (before > 0 && is_blank(text[before - 1]))
		before--;
	range->first_length = before;
	while (range->last_length > 0 && is_blank(range->last[0])) {
		range->last++;
		range->last_length--;
	}
	return true;
}

/* `192.0.2.9-static.a.example` is a name. */
bool
range_is_meant(const char *text, size_t length)
{
	struct address first;
	struct range range;

	return split_range(text, length, &range) &&
	    address_from_text(range.first, range.first_length, &first) &&
	    (range.last_length == 0 || prefix_is_meant(range.last,
	    range.last_length));
}

/* Returns the last address of the prefix of `address` that has this many
 * bits. */
static struct address
last_of(const struct address *address, unsigned bits)
{
	struct address last = prefix_of(address, bits).base;
	unsigned most = address->family == 4 ? 32 : 128;

	for (; bits < most; bits++)
		last.bytes[bits / 8] |= (uint8_t)(0x80 >> bits % 8);
	return last;
}

/* Moves to the next address. Returns false if there is none. */
static bool
step(struct address *address)
{
	unsigned i = address->family == 4 ? 4 : 16;

	while (i-- > 0)
		if (++address->bytes[i] != 0)
			return true;
	return false;
}

/* Starts at the first address. Each step takes the largest prefix that begins
 * at the present address and does not go past the last one. */
static void
cover(struct address first, const struct address *last, struct prefix_set *set)
{
	struct address end;

	do {
		unsigned bits = first.family == 4 ? 32 : 128;
		struct prefix prefix;

		end = first;
		while (bits > 0) {
			struct prefix wider = prefix_of(&first, bits - 1);
			struct address wider_end = last_of(&first, bits - 1);

			if (address_compare(&wider.base, &first) != 0 ||
			    address_compare(&wider_end, last) > 0)
				break;
			end = wider_end;
			bits--;
		}
		prefix = prefix_of(&first, bits);
		prefix_set_add(set, &prefix);
		first = end;
	} while (step(&first) && address_compare(&first, last) <= 0);
}

bool
range_read(const char *text, size_t length, struct prefix_set *set,
    char why[PREFIX_WHY_MAX])
{
	struct address first, last;
	struct range range;

	if (!split_range(text, length, &range) ||
	    !address_from_text(range.first, range.first_length, &first) ||
	    !address_from_text(range.last, range.last_length, &last))
		return refuse(why, "a range is two whole addresses, such as "
		    "192.0.2.8-192.0.2.9");
	if (first.family != last.family)
		return refuse(why, "one of these is an IPv4 address, the "
		    "other an IPv6 address");
	if (address_compare(&first, &last) > 0)
		return refuse(why, "the first address is above the last; did "
		    "you mean %.*s-%.*s?", (int)range.last_length, range.last,
		    (int)range.first_length, range.first);
	cover(first, &last, set);
	return true;
}

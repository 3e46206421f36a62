#include "parsers/prefix.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "scanner/base/memory.h"

bool
address_from_text(const char *text, size_t length, struct address *address)
{
	char copy[ADDRESS_TEXT_MAX];

	*address = (struct address){ 0 };
	if (length == 0 || length >= sizeof copy ||
	    memchr(text, '\0', length) != NULL)
		return false;
	memcpy(copy, text, length);
	copy[length] = '\0';
	if (inet_pton(AF_INET, copy, address->bytes) == 1) {
		address->family = 4;
		return true;
	}
	if (inet_pton(AF_INET6, copy, address->bytes) == 1) {
		address->family = 6;
		return true;
	}
	return false;
}

size_t
address_to_text(const struct address *address, char text[ADDRESS_TEXT_MAX])
{
	/* glibc writes the form of RFC 5952. */
	if (inet_ntop(address->family == 4 ? AF_INET : AF_INET6,
	    address->bytes, text, ADDRESS_TEXT_MAX) == NULL)
		text[0] = '\0';
	return strlen(text);
}

int
address_compare(const struct address *a, const struct address *b)
{
	if (a->family != b->family)
		return a->family < b->family ? -1 : 1;
	return memcmp(a->bytes, b->bytes, sizeof a->bytes);
}

static unsigned
bits_of(uint8_t family)
{
	return family == 4 ? 32 : 128;
}

/* Clears the bits behind `length`. */
static void
mask(struct address *address, unsigned length)
{
	for (unsigned i = 0; i < sizeof address->bytes; i++) {
		if (length >= 8 * (i + 1))
			continue;
		if (length <= 8 * i)
			address->bytes[i] = 0;
		else
			address->bytes[i] &=
			    (uint8_t)(0xff << (8 - (length - 8 * i)));
	}
}

struct prefix
prefix_of(const struct address *address, unsigned length)
{
	struct prefix prefix = { *address, length };

	mask(&prefix.base, length);
	return prefix;
}

bool
prefix_from_text(const char *text, size_t length, struct prefix *prefix)
{
	const char *slash = memchr(text, '/', length);
	size_t address_length = slash == NULL ? length
	    : (size_t)(slash - text);
	struct prefix masked;
	unsigned bits = 0;

	if (!address_from_text(text, address_length, &prefix->base))
		return false;
	prefix->length = bits_of(prefix->base.family);
	if (slash == NULL)
		return true;
	length -= address_length + 1;
	if (length == 0 || length > 3)
		return false;
	for (size_t i = 0; i < length; i++) {
		if (slash[1 + i] < '0' || slash[1 + i] > '9')
			return false;
		bits = bits * 10 + (unsigned)(slash[1 + i] - '0');
	}
	if (bits > prefix->length)
		return false;
	prefix->length = bits;
	masked = prefix_of(&prefix->base, bits);
	return address_compare(&masked.base, &prefix->base) == 0;
}

size_t
prefix_to_text(const struct prefix *prefix, char text[ADDRESS_TEXT_MAX + 4])
{
	char *at = text + address_to_text(&prefix->base, text);
	unsigned length = prefix->length;

	*at++ = '/';
	if (length >= 100)
		*at++ = '1';
	if (length >= 10)
		*at++ = (char)('0' + length / 10 % 10);
	*at++ = (char)('0' + length % 10);
	*at = '\0';
	return (size_t)(at - text);
}

bool
prefix_contains(const struct prefix *prefix, const struct address *address)
{
	unsigned whole = prefix->length / 8, rest = prefix->length % 8;

	if (prefix->base.family != address->family ||
	    memcmp(prefix->base.bytes, address->bytes, whole) != 0)
		return false;
	return rest == 0 || ((prefix->base.bytes[whole] ^
	    address->bytes[whole]) & (0xff << (8 - rest)) & 0xff) == 0;
}

void
prefix_set_add(struct prefix_set *set, const struct prefix *prefix)
{
	set->prefixes = xreallocarray(set->prefixes, set->count + 1,
	    sizeof *set->prefixes);
	set->prefixes[set->count++] = *prefix;
}

void
prefix_set_fini(struct prefix_set *set)
{
	free(set->prefixes);
	*set = (struct prefix_set){ 0 };
}

bool
prefix_set_contains(const struct prefix_set *set,
    const struct address *address)
{
	for (size_t i = 0; set != NULL && i < set->count; i++)
		if (prefix_contains(&set->prefixes[i], address))
			return true;
	return false;
}

/* Special-purpose ******************************************************** */

/* IANA IPv4 Special-Purpose Address Registry, with multicast and reserved. */
static const struct network_ipv4 {
	uint8_t		bytes[4];
	unsigned	length;
} special_ipv4[] = {
	{ { 0, 0, 0, 0 }, 8 },		/* this network */
	{ { 10, 0, 0, 0 }, 8 },		/* private use */
	{ { 100, 64, 0, 0 }, 10 },	/* shared address space */
	{ { 127, 0, 0, 0 }, 8 },	/* loopback */
	{ { 169, 254, 0, 0 }, 16 },	/* link local */
	{ { 172, 16, 0, 0 }, 12 },	/* private use */
	{ { 192, 0, 0, 0 }, 24 },	/* IETF protocol assignments */
	{ { 192, 0, 2, 0 }, 24 },	/* TEST-NET-1 */
	{ { 192, 31, 196, 0 }, 24 },	/* AS112-v4 */
	{ { 192, 52, 193, 0 }, 24 },	/* AMT */
	{ { 192, 88, 99, 0 }, 24 },	/* 6to4 relay anycast, deprecated */
	{ { 192, 168, 0, 0 }, 16 },	/* private use */
	{ { 192, 175, 48, 0 }, 24 },	/* direct delegation AS112 */
	{ { 198, 18, 0, 0 }, 15 },	/* benchmarking */
	{ { 198, 51, 100, 0 }, 24 },	/* TEST-NET-2 */
	{ { 203, 0, 113, 0 }, 24 },	/* TEST-NET-3 */
	{ { 224, 0, 0, 0 }, 4 },	/* multicast */
	{ { 240, 0, 0, 0 }, 4 },	/* reserved, limited broadcast */
};
#define SPECIAL_IPV4 (sizeof special_ipv4 / sizeof special_ipv4[0])

/* IANA IPv6 Special-Purpose Address Registry. All outside 2000::/3 is not
 * global unicast (RFC 4291 2.4) and counts as a whole, but for the translation
 * prefix 64:ff9b::/96, which is judged by what it embeds: ::/3 without it is
 * beside_translation(). 2001::/23 counts as a whole, Teredo in it. */
static const struct network_ipv6 {
	uint8_t		bytes[16];
	unsigned	length;
} special_ipv6[] = {
	{ { 0x40, 0x00 }, 2 },			/* 4000::/2: SRv6 SIDs and more */
	{ { 0x80, 0x00 }, 1 },			/* ULA, link local, multicast */
	{ { 0x20, 0x01, 0x00, 0x00 }, 23 },	/* IETF protocol assignments */
	{ { 0x20, 0x01, 0x0d, 0xb8 }, 32 },	/* documentation */
	{ { 0x26, 0x20, 0x00, 0x4f, 0x80, 0x00 }, 48 },	/* AS112 */
	{ { 0x3f, 0xff }, 20 },			/* documentation */
};
#define SPECIAL_IPV6 (sizeof special_ipv6 / sizeof special_ipv6[0])

static struct prefix
make_ipv4(size_t index)
{
	struct prefix prefix = { { .family = 4 },
	    special_ipv4[index].length };

	memcpy(prefix.base.bytes, special_ipv4[index].bytes, 4);
	return prefix;
}

static struct prefix
make_ipv6(size_t index)
{
	struct prefix prefix = { { .family = 6 },
	    special_ipv6[index].length };

	memcpy(prefix.base.bytes, special_ipv6[index].bytes, 16);
	return prefix;
}

/* An embedding of each special IPv4 network: 6to4 (RFC 3056) keeps the address
 * behind 16 bits, NAT64 (RFC 6052) behind 96. */
static struct prefix
embed(size_t index, bool six_to_four)
{
	struct prefix prefix = { { .family = 6 }, special_ipv4[index].length };

	if (six_to_four) {
		prefix.base.bytes[0] = 0x20;
		prefix.base.bytes[1] = 0x02;
		memcpy(prefix.base.bytes + 2, special_ipv4[index].bytes, 4);
		prefix.length += 16;
	} else {
		memcpy(prefix.base.bytes, "\0\x64\xff\x9b", 4);
		memcpy(prefix.base.bytes + 12, special_ipv4[index].bytes, 4);
		prefix.length += 96;
	}
	return prefix;
}

/* ::/3 without 64:ff9b::/96: the sibling at each bit on the way down to it. */
static struct prefix
beside_translation(unsigned length)
{
	struct prefix prefix = { { .family = 6 }, 0 };

	memcpy(prefix.base.bytes, "\0\x64\xff\x9b", 4);
	prefix = prefix_of(&prefix.base, length);
	prefix.base.bytes[(length - 1) / 8] ^=
	    (uint8_t)(0x80 >> (length - 1) % 8);
	return prefix;
}

bool
prefix_special(size_t index, struct prefix *prefix)
{
	if (index < SPECIAL_IPV4) {
		*prefix = make_ipv4(index);
		return true;
	}
	index -= SPECIAL_IPV4;
	if (index < SPECIAL_IPV6) {
		*prefix = make_ipv6(index);
		return true;
	}
	index -= SPECIAL_IPV6;
	if (index < 2 * SPECIAL_IPV4) {
		*prefix = embed(index / 2, index % 2 == 0);
		return true;
	}
	index -= 2 * SPECIAL_IPV4;
	if (index < 96 - 3) {
		*prefix = beside_translation(4 + (unsigned)index);
		return true;
	}
	return false;
}

bool
address_is_special(const struct address *address,
    const struct prefix_set *allowed)
{
	struct prefix prefix;

	if (prefix_set_contains(allowed, address))
		return false;
	for (size_t i = 0; prefix_special(i, &prefix); i++)
		if (prefix_contains(&prefix, address))
			return true;
	return false;
}

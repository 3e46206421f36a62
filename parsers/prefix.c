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

/* Does what inet_ntop does, but without printf, since it runs several times for
 * each domain. */
static size_t
ipv4_to_text(const uint8_t bytes[4], char text[ADDRESS_TEXT_MAX])
{
	char *at = text;

	for (unsigned i = 0; i < 4; i++) {
		unsigned byte = bytes[i];

		if (i > 0)
			*at++ = '.';
		if (byte >= 100)
			*at++ = (char)('0' + byte / 100);
		if (byte >= 10)
			*at++ = (char)('0' + byte / 10 % 10);
		*at++ = (char)('0' + byte % 10);
	}
	*at = '\0';
	return (size_t)(at - text);
}

size_t
address_to_text(const struct address *address, char text[ADDRESS_TEXT_MAX])
{
	if (address->family == 4)
		return ipv4_to_text(address->bytes, text);
	/* glibc writes the form of RFC 5952. */
	if (inet_ntop(AF_INET6, address->bytes, text, ADDRESS_TEXT_MAX) == NULL)
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

/* Clears the bits after `length`. */
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

struct prefix
address_network(const struct address *address)
{
	return prefix_of(address, address->family == 4 ? 24 : 48);
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
	if (length == 0 || length > 3 || (slash[1] == '0' && length > 1))
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
address_network_text(const char *text, char network_text[NETWORK_TEXT_MAX])
{
	struct address address;
	struct prefix network;

	if (!address_from_text(text, strlen(text), &address))
		return false;
	network = address_network(&address);
	(void)prefix_to_text(&network, network_text);
	return true;
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

struct network_ipv4 {
	uint8_t		bytes[4];
	unsigned	length;
};

struct network_ipv6 {
	uint8_t		bytes[16];
	unsigned	length;
};

/* The criterion (RULES 11): an address is refused if the IANA special-purpose
 * registries do not call it globally reachable, or if it is an identifier that
 * does not locate a host. The tables have each entry of the registries, with
 * the RFC that defines it and the month of its allocation. The latest entries
 * are from RFC 9637 (2024), 9665 and 9780 (2025). A comment marks addresses
 * that are refused although they are not in the registries. */
static const struct network_ipv4 special_ipv4[] = {
	{ { 0, 0, 0, 0 }, 8 },		/* this network, RFC 791, 1981-09 */
	{ { 10, 0, 0, 0 }, 8 },		/* private use, RFC 1918, 1996-02 */
	{ { 100, 64, 0, 0 }, 10 },	/* shared, RFC 6598, 2012-04 */
	{ { 127, 0, 0, 0 }, 8 },	/* loopback, RFC 1122, 1981-09 */
	{ { 169, 254, 0, 0 }, 16 },	/* link local, RFC 3927, 2005-05 */
	{ { 172, 16, 0, 0 }, 12 },	/* private use, RFC 1918, 1996-02 */
	/* 192.0.0.0/24, IETF protocol assignments, RFC 6890, 2010-01, without
	 * 192.0.0.9 (PCP anycast, RFC 7723, 2015-10) and 192.0.0.10 (TURN
	 * anycast, RFC 8155, 2017-02), which are globally reachable. */
	{ { 192, 0, 0, 0 }, 29 },	/* service continuity, RFC 7335, 2011-06 */
	{ { 192, 0, 0, 8 }, 32 },	/* dummy address, RFC 7600, 2015-03 */
	{ { 192, 0, 0, 11 }, 32 },
	{ { 192, 0, 0, 12 }, 30 },
	{ { 192, 0, 0, 16 }, 28 },
	{ { 192, 0, 0, 32 }, 27 },
	{ { 192, 0, 0, 64 }, 26 },
	/* The /24 includes NAT64 discovery, 192.0.0.170 and .171, RFC 8880,
	 * 2013-02. */
	{ { 192, 0, 0, 128 }, 25 },
	{ { 192, 0, 2, 0 }, 24 },	/* TEST-NET-1, RFC 5737, 2010-01 */
	/* 6to4 relay anycast, deprecated by RFC 7526 in 2015-05, and 6a44 relay
	 * anycast in it, 192.88.99.2, RFC 6751, 2012-10. */
	{ { 192, 88, 99, 0 }, 24 },
	{ { 192, 168, 0, 0 }, 16 },	/* private use, RFC 1918, 1996-02 */
	{ { 198, 18, 0, 0 }, 15 },	/* benchmarking, RFC 2544, 1999-03 */
	{ { 198, 51, 100, 0 }, 24 },	/* TEST-NET-2, RFC 5737, 2010-01 */
	{ { 203, 0, 113, 0 }, 24 },	/* TEST-NET-3, RFC 5737, 2010-01 */
	/* Multicast, RFC 5771; it is not in the registry. */
	{ { 224, 0, 0, 0 }, 4 },
	/* Reserved, RFC 1112, 1989-08; 255.255.255.255, RFC 8190, 1984-10. */
	{ { 240, 0, 0, 0 }, 4 },
};
/* Globally reachable, so not here: 192.31.196.0/24 (AS112, RFC 7535, 2014-12),
 * 192.52.193.0/24 (AMT, RFC 7450, 2014-12), 192.175.48.0/24 (AS112, RFC 7534,
 * 1996-01). */

/* Beyond what the registry asks for, nothing is sent to an address outside
 * 2000::/3, the space for global unicast (RFC 4291 2.4). This refuses the
 * registry's entries ::1 and :: (RFC 4291, 2006-02), ::ffff:0:0/96
 * (IPv4-mapped, RFC 4291, 2006-02), 64:ff9b:1::/48 (RFC 8215, 2017-06),
 * 100::/64 (discard only, RFC 6666, 2012-06), 100:0:0:1::/64 (dummy prefix, RFC
 * 9780, 2025-04), 5f00::/16 (SRv6 SIDs, RFC 9602, 2024-04), fc00::/7 (unique
 * local, RFC 4193, 2005-10), fe80::/10 (link local, RFC 4291, 2006-02), and
 * IPv4-compatible, site local and multicast addresses. */
static const struct network_ipv6 special_ipv6[] = {
	{ { 0x00 }, 3 },
	{ { 0x40 }, 2 },
	{ { 0x80 }, 1 },
	/* IETF protocol assignments, RFC 2928, 2000-09. They include 2001::/32
	 * (Teredo, RFC 4380, 2006-01; its relays are gone, so an embedded
	 * address does not make it reachable), 2001:2::/48 (benchmarking, RFC
	 * 5180, 2008-04), 2001:10::/28 (ORCHID, RFC 4843, 2007-03 to 2014-03),
	 * and two that the registry calls globally reachable although they are
	 * identifiers and not locators: 2001:20::/28 (ORCHIDv2, RFC 7343,
	 * 2014-07) and 2001:30::/28 (drone remote ID, RFC 9374, 2022-12). */
	{ { 0x20, 0x01, 0x00, 0x00 }, 23 },
	{ { 0x20, 0x01, 0x0d, 0xb8 }, 32 },	/* documentation, RFC 3849, 2004-07 */
	{ { 0x3f, 0xff, 0x00 }, 20 },		/* documentation, RFC 9637, 2024-07 */
};

/* Parts of the prefixes above that the registry calls globally reachable, and
 * that do locate a host. */
static const struct network_ipv6 reachable_ipv6[] = {
	/* NAT64, RFC 6052, 2010-10. The IPv4 address that it embeds decides. */
	{ { 0x00, 0x64, 0xff, 0x9b }, 96 },
	/* Anycast of PCP (RFC 7723, 2015-10), TURN (RFC 8155, 2017-02) and DNS-SD SRP
	 * (RFC 9665, 2024-04). */
	{ { 0x20, 0x01, 0x00, 0x01, [15] = 1 }, 128 },
	{ { 0x20, 0x01, 0x00, 0x01, [15] = 2 }, 128 },
	{ { 0x20, 0x01, 0x00, 0x01, [15] = 3 }, 128 },
	{ { 0x20, 0x01, 0x00, 0x03 }, 32 },	/* AMT, RFC 7450, 2014-12 */
	/* AS112-v6, RFC 7535, 2014-12. */
	{ { 0x20, 0x01, 0x00, 0x04, 0x01, 0x12 }, 48 },
};

/* The position of the IPv4 address in IPv6 addresses that are judged by it. */
static const struct embedding {
	struct network_ipv6	network;
	unsigned		offset;		/* bytes */
} embeddings[] = {
	{ { { 0x20, 0x02 }, 16 }, 2 },			/* 6to4, RFC 3056 */
	{ { { 0x00, 0x64, 0xff, 0x9b }, 96 }, 12 },	/* NAT64, RFC 6052 */
};

#define COUNT(array) (sizeof (array) / sizeof (array)[0])

static struct prefix
from_ipv4(const struct network_ipv4 *network)
{
	struct prefix prefix = { { .family = 4 }, network->length };

	memcpy(prefix.base.bytes, network->bytes, sizeof network->bytes);
	return prefix;
}

static struct prefix
from_ipv6(const struct network_ipv6 *network)
{
	struct prefix prefix = { { .family = 6 }, network->length };

	memcpy(prefix.base.bytes, network->bytes, sizeof network->bytes);
	return prefix;
}

static struct prefix
embed(const struct embedding *embedding, const struct network_ipv4 *network)
{
	struct prefix prefix = from_ipv6(&embedding->network);

	memcpy(prefix.base.bytes + embedding->offset, network->bytes,
	    sizeof network->bytes);
	prefix.length = 8 * embedding->offset + network->length;
	return prefix;
}

static bool
covers(const struct prefix *outer, const struct prefix *inner)
{
	return outer->length <= inner->length &&
	    prefix_contains(outer, &inner->base);
}

/* Adds the largest prefixes that make up `network` without its reachable
 * parts. */
static void
carve(struct prefix_set *set, struct prefix network)
{
	bool is_whole = true;

	for (size_t i = 0; i < COUNT(reachable_ipv6); i++) {
		struct prefix hole = from_ipv6(&reachable_ipv6[i]);

		if (covers(&hole, &network))
			return;
		if (covers(&network, &hole))
			is_whole = false;
	}
	if (is_whole) {
		prefix_set_add(set, &network);
		return;
	}
	network.length++;
	carve(set, network);
	network.base.bytes[(network.length - 1) / 8] |=
	    (uint8_t)(0x80 >> (network.length - 1) % 8);
	carve(set, network);
}

void
prefix_set_add_special(struct prefix_set *set)
{
	struct prefix prefix;

	for (size_t i = 0; i < COUNT(special_ipv4); i++) {
		prefix = from_ipv4(&special_ipv4[i]);
		prefix_set_add(set, &prefix);
	}
	for (size_t i = 0; i < COUNT(embeddings); i++)
		for (size_t j = 0; j < COUNT(special_ipv4); j++) {
			prefix = embed(&embeddings[i], &special_ipv4[j]);
			prefix_set_add(set, &prefix);
		}
	for (size_t i = 0; i < COUNT(special_ipv6); i++)
		carve(set, from_ipv6(&special_ipv6[i]));
}

static uint32_t
number_of(const uint8_t bytes[4])
{
	return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 |
	    (uint32_t)bytes[2] << 8 | bytes[3];
}

/* This runs for each address of a name server, so it compares numbers. */
static bool
is_special_ipv4(const uint8_t bytes[4])
{
	uint32_t address = number_of(bytes);

	for (size_t i = 0; i < COUNT(special_ipv4); i++)
		if ((address ^ number_of(special_ipv4[i].bytes)) >>
		    (32 - special_ipv4[i].length) == 0)
			return true;
	return false;
}

static bool
is_in_ipv6(const struct network_ipv6 *networks, size_t count,
    const struct address *address)
{
	for (size_t i = 0; i < count; i++) {
		struct prefix network = from_ipv6(&networks[i]);

		if (prefix_contains(&network, address))
			return true;
	}
	return false;
}

bool
address_embedded(const struct address *address, struct address *ipv4)
{
	for (size_t i = 0; i < COUNT(embeddings); i++)
		if (is_in_ipv6(&embeddings[i].network, 1, address)) {
			*ipv4 = (struct address){ .family = 4 };
			memcpy(ipv4->bytes, address->bytes +
			    embeddings[i].offset, 4);
			return true;
		}
	return false;
}

bool
address_is_special(const struct address *address,
    const struct prefix_set *allowed)
{
	struct address ipv4;

	if (prefix_set_contains(allowed, address))
		return false;
	if (address->family == 4)
		return is_special_ipv4(address->bytes);
	if (address_embedded(address, &ipv4))
		return is_special_ipv4(ipv4.bytes);
	return is_in_ipv6(special_ipv6, COUNT(special_ipv6), address) &&
	    !is_in_ipv6(reachable_ipv6, COUNT(reachable_ipv6), address);
}

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

/* IANA IPv4 Special-Purpose Address Registry: what is not globally reachable,
 * 192.0.0.0/24 as a whole; with multicast (RFC 5771) and reserved. */
static const struct network_ipv4 special_ipv4[] = {
	{ { 0, 0, 0, 0 }, 8 },		/* this network */
	{ { 10, 0, 0, 0 }, 8 },		/* private use */
	{ { 100, 64, 0, 0 }, 10 },	/* shared address space */
	{ { 127, 0, 0, 0 }, 8 },	/* loopback */
	{ { 169, 254, 0, 0 }, 16 },	/* link local */
	{ { 172, 16, 0, 0 }, 12 },	/* private use */
	{ { 192, 0, 0, 0 }, 24 },	/* IETF protocol assignments */
	{ { 192, 0, 2, 0 }, 24 },	/* TEST-NET-1 */
	{ { 192, 88, 99, 0 }, 24 },	/* 6to4 relay anycast, deprecated */
	{ { 192, 168, 0, 0 }, 16 },	/* private use */
	{ { 198, 18, 0, 0 }, 15 },	/* benchmarking */
	{ { 198, 51, 100, 0 }, 24 },	/* TEST-NET-2 */
	{ { 203, 0, 113, 0 }, 24 },	/* TEST-NET-3 */
	{ { 224, 0, 0, 0 }, 4 },	/* multicast */
	{ { 240, 0, 0, 0 }, 4 },	/* reserved, limited broadcast */
};

/* IANA IPv6 Special-Purpose Address Registry. Survey choice: nothing outside
 * 2000::/3, the space for global unicast (RFC 4291 2.4), is sent to; that holds
 * loopback, IPv4-mapped and -compatible, 64:ff9b:1::/48, 100::/64, 5f00::/16,
 * ULA, link local, site local and multicast. Teredo (2001::/32) is in the
 * 2001::/23: its relays are gone, so that no embedded address redeems it. */
static const struct network_ipv6 special_ipv6[] = {
	{ { 0x00 }, 3 },
	{ { 0x40 }, 2 },
	{ { 0x80 }, 1 },
	{ { 0x20, 0x01, 0x00, 0x00 }, 23 },	/* IETF protocol assignments */
	{ { 0x20, 0x01, 0x0d, 0xb8 }, 32 },	/* documentation */
	{ { 0x3f, 0xff, 0x00 }, 20 },		/* documentation */
};

/* What of these the registry calls globally reachable. */
static const struct network_ipv6 reachable_ipv6[] = {
	{ { 0x00, 0x64, 0xff, 0x9b }, 96 },	/* NAT64, by what it embeds */
	{ { 0x20, 0x01, 0x00, 0x01, [15] = 1 }, 128 },	/* PCP anycast */
	{ { 0x20, 0x01, 0x00, 0x01, [15] = 2 }, 128 },	/* TURN anycast */
	{ { 0x20, 0x01, 0x00, 0x01, [15] = 3 }, 128 },	/* DNS-SD SRP anycast */
	{ { 0x20, 0x01, 0x00, 0x03 }, 32 },		/* AMT */
	{ { 0x20, 0x01, 0x00, 0x04, 0x01, 0x12 }, 48 },	/* AS112-v6 */
	{ { 0x20, 0x01, 0x00, 0x20 }, 28 },		/* ORCHIDv2 */
	{ { 0x20, 0x01, 0x00, 0x30 }, 28 },		/* drone identifiers */
};

/* Where an IPv4 address stands in an IPv6 one that is judged by it. */
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

/* Of the largest prefixes that make up `network` without what is reachable in
 * it, the one before which *skip others stand; *skip falls by those passed. */
static bool
carve(struct prefix network, size_t *skip, struct prefix *piece)
{
	bool is_whole = true;

	for (size_t i = 0; i < COUNT(reachable_ipv6); i++) {
		struct prefix hole = from_ipv6(&reachable_ipv6[i]);

		if (covers(&hole, &network))
			return false;
		if (covers(&network, &hole))
			is_whole = false;
	}
	if (is_whole) {
		*piece = network;
		return (*skip)-- == 0;
	}
	network.length++;
	if (carve(network, skip, piece))
		return true;
	network.base.bytes[(network.length - 1) / 8] |=
	    (uint8_t)(0x80 >> (network.length - 1) % 8);
	return carve(network, skip, piece);
}

bool
prefix_special(size_t index, struct prefix *prefix)
{
	if (index < COUNT(special_ipv4)) {
		*prefix = from_ipv4(&special_ipv4[index]);
		return true;
	}
	index -= COUNT(special_ipv4);
	if (index < COUNT(embeddings) * COUNT(special_ipv4)) {
		*prefix = embed(&embeddings[index / COUNT(special_ipv4)],
		    &special_ipv4[index % COUNT(special_ipv4)]);
		return true;
	}
	index -= COUNT(embeddings) * COUNT(special_ipv4);
	for (size_t i = 0; i < COUNT(special_ipv6); i++)
		if (carve(from_ipv6(&special_ipv6[i]), &index, prefix))
			return true;
	return false;
}

static bool
is_special_ipv4(const uint8_t bytes[4])
{
	struct address address = { .family = 4 };

	memcpy(address.bytes, bytes, 4);
	for (size_t i = 0; i < COUNT(special_ipv4); i++) {
		struct prefix network = from_ipv4(&special_ipv4[i]);

		if (prefix_contains(&network, &address))
			return true;
	}
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
address_is_special(const struct address *address,
    const struct prefix_set *allowed)
{
	if (prefix_set_contains(allowed, address))
		return false;
	if (address->family == 4)
		return is_special_ipv4(address->bytes);
	for (size_t i = 0; i < COUNT(embeddings); i++)
		if (is_in_ipv6(&embeddings[i].network, 1, address))
			return is_special_ipv4(address->bytes +
			    embeddings[i].offset);
	return is_in_ipv6(special_ipv6, COUNT(special_ipv6), address) &&
	    !is_in_ipv6(reachable_ipv6, COUNT(reachable_ipv6), address);
}

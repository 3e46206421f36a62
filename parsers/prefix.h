/*
 * prefix: addresses, prefixes, and which of them are special-purpose (RULES
 * K1). The sources are the IANA IPv4 and IPv6 Special-Purpose Address
 * Registries (RFC 6890), and the multicast and reserved ranges. Addresses that
 * embed an IPv4 address (IPv4-mapped, IPv4-compatible, NAT64, 6to4, Teredo) are
 * also judged by that address.
 */
#ifndef MXCENSUS_PARSERS_PREFIX_H
#define MXCENSUS_PARSERS_PREFIX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct address {
	uint8_t	family;		/* 4 or 6 */
	uint8_t	bytes[16];	/* 4 or 16 of them, network order; rest 0 */
};

struct prefix {
	struct address	base;	/* bits after `length` are 0 */
	unsigned	length;	/* bits */
};

struct prefix_set {		/* a short list, e.g. of --allow-network */
	struct prefix	*prefixes;
	size_t		 count;
};

#define ADDRESS_TEXT_MAX 48	/* with the NUL */

/* RFC 4291/5952 and dotted quad; exactly `length` bytes. */
bool	address_from_text(const char *text, size_t length, struct address *);
/* RFC 5952 for IPv6; returns the length. */
size_t	address_to_text(const struct address *, char text[ADDRESS_TEXT_MAX]);
/* The canonical order: IPv4 before IPv6, then by bytes. */
int	address_compare(const struct address *, const struct address *);
/* Reads "192.0.2.0/24" or "2001:db8::/32". A bare address is a prefix of full
 * length. The bits after the length must be 0. */
bool	prefix_from_text(const char *text, size_t length, struct prefix *);
size_t	prefix_to_text(const struct prefix *, char text[ADDRESS_TEXT_MAX + 4]);
bool	prefix_contains(const struct prefix *, const struct address *);
/* Returns the prefix of `address` with this many bits. */
struct prefix prefix_of(const struct address *, unsigned length);
/* The network of the address that is treated as one: its /24 or /48. */
struct prefix address_network(const struct address *);
/* Writes the network of an address; both are texts. Returns false if the first
 * text is not an address. */
#define NETWORK_TEXT_MAX (ADDRESS_TEXT_MAX + 4)
bool	address_network_text(const char *address, char text[NETWORK_TEXT_MAX]);

void	prefix_set_add(struct prefix_set *, const struct prefix *);
void	prefix_set_fini(struct prefix_set *);
bool	prefix_set_contains(const struct prefix_set *, const struct address *);

/* Is it forbidden to send anything to the address, whatever name leads there?
 * If `allowed` (which may be NULL) contains the address, it is not. An address
 * that embeds an IPv4 address is special if its range is special, or if the
 * IPv4 address is. */
bool	address_is_special(const struct address *, const struct prefix_set *allowed);
/* The IPv4 address that a reachable IPv6 address embeds (6to4, NAT64): a packet
 * to the IPv6 address reaches the IPv4 address. Returns false if there is
 * none. */
bool	address_embedded(const struct address *, struct address *ipv4);
/* Adds the registries as prefixes, for the resolver's
 * do-not-query-address. */
void	prefix_set_add_special(struct prefix_set *);

#endif

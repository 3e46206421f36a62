/*
 * prefix_read: addresses, prefixes and ranges of addresses that a person wrote
 * down. Anything that cannot be read is refused, with a hint about what is
 * probably meant.
 */
#ifndef MXCENSUS_PARSERS_PREFIX_READ_H
#define MXCENSUS_PARSERS_PREFIX_READ_H

#include "parsers/prefix.h"

#define PREFIX_WHY_MAX	192

/* Reads what prefix_from_text() takes, and an address in brackets as in mail
 * (`[192.0.2.9]`, `[IPv6:2001:db8::1]`, RFC 5321 4.1.3) or in a URL
 * (`[2001:db8::1]`). If it returns false, `why` says what is wrong and, if that
 * is clear, how to write it. */
bool	prefix_read(const char *text, size_t length, struct prefix *,
	    char why[PREFIX_WHY_MAX]);
/* Does a text look more like an address or a prefix than like a name? It does
 * if it has only digits and dots, at least two colons, or brackets. */
bool	prefix_is_meant(const char *text, size_t length);

/* Is a text `A-B`, where A is an address and B looks like one? There may be
 * blanks around the hyphen. */
bool	range_is_meant(const char *text, size_t length);
/* Adds the fewest prefixes that together are exactly the addresses from A to
 * B. */
bool	range_read(const char *text, size_t length, struct prefix_set *,
	    char why[PREFIX_WHY_MAX]);

#endif

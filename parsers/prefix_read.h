/*
 * prefix_read: addresses, prefixes and ranges of addresses that a person wrote
 * down. What cannot be read is refused with a hint of what is probably meant.
 */
#ifndef MXCENSUS_PARSERS_PREFIX_READ_H
#define MXCENSUS_PARSERS_PREFIX_READ_H

#include "parsers/prefix.h"

#define PREFIX_WHY_MAX	192

/* What prefix_from_text() takes, and an address in brackets as in mail
 * (`[192.0.2.9]`, `[IPv6:2001:db8::1]`, RFC 5321 4.1.3) or in a URL
 * (`[2001:db8::1]`). Where it is false, `why` says what is wrong, and how it is
 * written right where that is plain. */
bool	prefix_read(const char *text, size_t length, struct prefix *,
	    char why[PREFIX_WHY_MAX]);
/* Whether a text is more like an address or a prefix than like a name: digits
 * and dots, at least two colons, or brackets. */
bool	prefix_is_meant(const char *text, size_t length);

/* Whether a text is `A-B` with an address A and something like one as B; blanks
 * may be around the hyphen. */
bool	range_is_meant(const char *text, size_t length);
/* Adds the fewest prefixes that together are exactly the addresses from A to
 * B. */
bool	range_read(const char *text, size_t length, struct prefix_set *,
	    char why[PREFIX_WHY_MAX]);

#endif

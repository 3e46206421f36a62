/*
 * known_flaws: flaws of libunbound that its maintainers have published, and the
 * versions that have them. Only those are here that the name servers of a
 * stranger can use against a resolver as this program sets it up.
 *
 * A distribution mends a flaw without changing the version, so that a version
 * says what may be there, not what is.
 */
#ifndef MXCENSUS_DNS_RECURSIVE_KNOWN_FLAWS_H
#define MXCENSUS_DNS_RECURSIVE_KNOWN_FLAWS_H

#include <stddef.h>

/* The identifier (CVE-...) of the index-th flaw that this version of libunbound
 * may have; NULL past the last, and for a text that does not begin with three
 * numbers. */
const char *known_flaw(const char *version, size_t index);

#endif

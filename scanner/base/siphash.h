/*
 * siphash: SipHash-2-4, a keyed hash that strangers cannot steer (Aumasson and
 * Bernstein, 2012). It is used for hash tables of names that others chose, and
 * for the order of the plan.
 */
#ifndef MXCENSUS_BASE_SIPHASH_H
#define MXCENSUS_BASE_SIPHASH_H

#include <stddef.h>
#include <stdint.h>

struct siphash_key {
	uint64_t	k0, k1;
};

uint64_t siphash(const struct siphash_key *, const void *bytes, size_t length);

/* SipHash-2-4-128, for callers that use the hash in place of the key. */
struct siphash_pair {
	uint64_t	first, second;
};

struct siphash_pair siphash_pair(const struct siphash_key *,
	    const void *bytes, size_t length);

#endif

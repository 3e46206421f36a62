/*
 * pair_sets: keeps the pairs of hosts once: all hosts of one status with equal
 * pairs share an array. Most hosts are equal.
 */
#ifndef MXCENSUS_ANALYSIS_FACTS_PAIR_SETS_H
#define MXCENSUS_ANALYSIS_FACTS_PAIR_SETS_H

#include "analysis/verdict/verdict.h"

struct pair_set {
	const struct pair_facts *pairs;
	unsigned	 count;
	enum host_status status;
	/* Set by the caller: one of the hosts that have this set, and how many
	 * have it. */
	const struct known_host *host;
	uint64_t	 host_count;
	uint64_t	 hash;
};

struct pair_sets;

struct pair_sets *pair_sets_new(void);
void	pair_sets_free(struct pair_sets *);
/* Returns the set with the same status and the same pairs, member by member,
 * and makes it if there is none. Its pairs live as long as the sets. The set
 * itself is valid until the next pair_sets_place. The caller owns the texts,
 * which live as long as the sets. */
struct pair_set *pair_sets_place(struct pair_sets *, enum host_status,
	    const struct pair_facts *, unsigned count);
/* Walks the sets: *index begins at 0; returns NULL at the end. The order is
 * arbitrary. */
const struct pair_set *pair_sets_next(const struct pair_sets *,
	    size_t *index);

#endif

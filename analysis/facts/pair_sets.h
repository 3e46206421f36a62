/*
 * pair_sets: the pairs of hosts, kept once: all hosts of one status whose pairs are
 * alike share the array. Most hosts are alike.
 */
#ifndef MXCENSUS_ANALYSIS_FACTS_PAIR_SETS_H
#define MXCENSUS_ANALYSIS_FACTS_PAIR_SETS_H

#include "analysis/verdict/verdict.h"

struct pair_set {
	const struct pair_facts *pairs;
	unsigned	 count;
	enum host_status status;
	/* The caller's: one of the hosts that have it, and how many do. */
	const struct known_host *host;
	uint64_t	 host_count;
	uint64_t	 hash;
};

struct pair_sets;

struct pair_sets *pair_sets_new(void);
void	pair_sets_free(struct pair_sets *);
/* The set whose status and pairs are the same, member by member; made if it is new.
 * Its pairs live as long as the sets, and the set until the next pair_sets_place.
 * Texts are the caller's, and live as long. */
struct pair_set *pair_sets_place(struct pair_sets *, enum host_status,
	    const struct pair_facts *, unsigned count);
/* Walk: *index from 0; NULL at the end. Order is arbitrary. */
const struct pair_set *pair_sets_next(const struct pair_sets *,
	    size_t *index);

#endif

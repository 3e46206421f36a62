/*
 * by_place: what two runs of one plan saw from two places of their MX hosts and
 * the addresses of these, by network and provider (RULES V12). It only reads the
 * runs.
 *
 * Memory grows with hosts, addresses and sessions of both runs, as that of
 * `conclude` does, and never with domains.
 */
#ifndef MXCENSUS_ANALYSIS_DIFF_BY_PLACE_H
#define MXCENSUS_ANALYSIS_DIFF_BY_PLACE_H

#include <stdio.h>

#include "analysis/diff/diff.h"
#include "analysis/places/sight.h"

/* Hosts at addresses that both runs have. */
struct place_counts {
	uint64_t	seen[SEEN_COUNT];
	/* Of what one place alone saw, what kept the other one from it. */
	uint64_t	obstacles[PLACE_COUNT][OBSTACLE_COUNT];
};

/* All in a /24 or /48, or at the hosts of a provider. */
struct place_group {
	const char	*name;
	struct place_counts counts;
};

struct place_groups {
	struct place_group **groups;	/* by name */
	size_t		 count;
};

struct places_diff {
	struct place_counts all;
	struct place_groups networks, providers;
	/* MX hosts in both runs: the lookups of one got more answers; both got
	 * as many, and other addresses or other TLSA records. */
	uint64_t	 hosts, hosts_only[PLACE_COUNT];
	uint64_t	 more_answers[PLACE_COUNT], other_answers;
	/* Hosts at addresses that one run alone has. */
	uint64_t	 addresses_only[PLACE_COUNT];
};

/* How two places see a pair: the sight of each, and whether the answers are
 * alike. */
enum seen_by seen_from(const enum sight sights[PLACE_COUNT], bool alike);

/* Lists each host at an address that both runs have and do not see alike, as CSV
 * with a header; NULL: no list. Returns NULL after a line. The caller frees the
 * result with places_diff_free. */
struct places_diff *places_compare(const struct diff_run runs[PLACE_COUNT],
	    FILE *list);
void	places_diff_free(struct places_diff *);

#endif

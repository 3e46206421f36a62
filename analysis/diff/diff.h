/*
 * diff: compares two sealed runs: the domains and the result of each sender, by
 * provider; the certificates and TLSA RRsets of the MX hosts, and how keys were
 * changed. It only reads the runs.
 *
 * Memory grows with the distinct MX hosts of both runs, and by at most 31 bytes
 * for each domain of the smaller one (domain_table).
 */
#ifndef MXCENSUS_ANALYSIS_DIFF_DIFF_H
#define MXCENSUS_ANALYSIS_DIFF_DIFF_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "analysis/diff/rollover.h"
#include "scanner/base/facts.h"

enum side { SIDE_OLD, SIDE_NEW, SIDE_COUNT };

/* How a `first` moved. Protection has an order (RULES 9). refused and
 * unreachable are below all of it, and neither is below the other. undetermined
 * and not_probed say that nothing is known, so a move to or from them is
 * neither better nor worse. A move between any other two (mixed, no_mail,
 * refused and unreachable) is a different outcome. */
#define MOVE_VALUES(X)							\
	X(MOVE_SAME, "same") X(MOVE_BETTER, "better")			\
	X(MOVE_WORSE, "worse")						\
	X(MOVE_INTO_UNDETERMINED, "into_undetermined")			\
	X(MOVE_OUT_OF_UNDETERMINED, "out_of_undetermined")		\
	X(MOVE_OTHER, "other")

#define MOVE_NAME(name, text) name,
enum move { MOVE_VALUES(MOVE_NAME) MOVE_COUNT };
#undef MOVE_NAME

extern const struct enumeration move_texts;

enum move move_of(enum delivery before, enum delivery after);

/* How two places see the same thing (RULES V12); the old run is A. */
#define SEEN_VALUES(X)							\
	X(SEEN_ALIKE, "alike") X(SEEN_OTHERWISE, "otherwise")		\
	X(SEEN_BY_OLD, "a_alone") X(SEEN_BY_NEW, "b_alone")		\
	X(SEEN_BY_NONE, "neither")

#define SEEN_NAME(name, text) name,
enum seen_by { SEEN_VALUES(SEEN_NAME) SEEN_COUNT };
#undef SEEN_NAME

extern const struct enumeration seen_texts;

/* Of a `first`. */
enum seen_by seen_of(enum delivery a, enum delivery b);

/* The registrable domain of a domain's best MX host. If several hosts are
 * equally good, the first by name counts. If the host has no registrable
 * domain, it is the host itself. */
struct provider {
	const char	*name;
	uint32_t	 domains[SIDE_COUNT];
	/* Domains of both runs that belong to this provider in only one of
	 * them. */
	uint32_t	 left, joined;
	/* Counts over the domains that belong to it in both runs. */
	uint32_t	 moves[SENDER_COUNT][MOVE_COUNT];
	/* Of the domains of both runs that belong to it in the old one, or in
	 * the new one alone. */
	uint32_t	 seen[SENDER_COUNT][SEEN_COUNT];
};

struct domain_changes {
	uint64_t	 count[SIDE_COUNT], both;
	uint64_t	 first[SENDER_COUNT][DELIVERY_COUNT][DELIVERY_COUNT];
	/* By name, and "" for domains without an MX host in `hosts`. */
	struct provider	**providers;
	size_t		 provider_count;
};

struct host_changes {
	uint64_t	 hosts[SIDE_COUNT], both;
	/* Counts of (host, address) in both runs. */
	uint64_t	 pairs, leaves_unknown, leaves_changed, keys_changed;
	uint64_t	 pair_rollovers[ROLLOVER_COUNT];
	uint64_t	 host_rollovers[ROLLOVER_COUNT];
	/* Counts of the RRsets of hosts in both runs, as first asked for in
	 * each run. */
	uint64_t	 rrsets_unknown, rrsets_added, rrsets_removed;
	uint64_t	 rrsets_changed, rrsets_same;
};

struct diff {
	struct domain_changes domains;
	struct host_changes hosts;
};

/* Files for lists, as CSV with a header. The whole struct is NULL if no lists
 * are wanted. */
struct diff_files {
	FILE		*domains, *transitions, *providers, *certificates;
	FILE		*tlsa;
};

struct diff_run {
	int		 folder;
	int64_t		 retry_after_ms;
	uint64_t	 domains;	/* from run.json; 0: not known */
};

/* Returns NULL after a message. The caller frees the result with diff_free. */
struct diff *diff_runs(const struct diff_run runs[SIDE_COUNT],
	    const struct diff_files *);
/* Does the same for two places, without these lists. Lists each domain that they
 * do not see alike as that sender meets it, as CSV with a header; NULL: no
 * list. */
struct diff *diff_places(const struct diff_run runs[SIDE_COUNT], enum sender,
	    FILE *domains);
void	diff_free(struct diff *);

#endif

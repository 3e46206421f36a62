/*
 * choice: whose rows a merged run has, where two runs have some (RULES 14).
 * These are pure functions.
 */
#ifndef MXCENSUS_ANALYSIS_PLACES_CHOICE_H
#define MXCENSUS_ANALYSIS_PLACES_CHOICE_H

#include <stddef.h>

#include "analysis/places/sight.h"

/* What both runs together saw of the pairs of a host as one run has them. */
struct pairs_view {
	unsigned	 seen, unseen;
};

/* RULES V4. `same` says that both have the same addresses and TLSA records. */
enum place choose_host(const struct host_sight *a, const struct host_sight *b,
	    bool same, const struct pairs_view *of_a,
	    const struct pairs_view *of_b);

/* The server names of the sessions that the rows of a pair are about: two
 * attempts at two names. */
#define SESSIONS_MAX	4

/* A pair at one address, as one of the runs has it. */
struct claim_side {
	bool		 is_there;
	/* RULES V5: twice the sight, and 1 if the TLSA records are the
	 * host's. */
	unsigned	 grade;
	const char	*sessions[SESSIONS_MAX];
	unsigned	 session_count;
};

struct claim {
	struct claim_side sides[PLACE_COUNT];
	enum place	 home;		/* whose the host is */
	/* Set by settle_address. */
	enum place	 choice;
	bool		 is_left_out;	/* RULES V6: it has no run */
};

/* RULES V5, V6: chooses the run of each pair at one address, so that the
 * sessions with one server name are of one run. */
void	settle_address(struct claim *, size_t count);

#endif

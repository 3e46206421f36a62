/*
 * candidates: draws a policy list (STARTTLS Everywhere v0.1) from several runs
 * (RULES 10, C1 to C11): the domains that passed in every one of them.
 *
 * Runs are read one after the other. Memory grows with the MX hosts of one run
 * and with the domains that passed in any run; never with all domains.
 */
#ifndef MXCENSUS_ANALYSIS_POLICY_CANDIDATES_H
#define MXCENSUS_ANALYSIS_POLICY_CANDIDATES_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analysis/facts/recorded_run.h"
#include "analysis/policy/list.h"
#include "parsers/opt_in.h"
#include "parsers/suffix.h"

#define CANDIDATE_SCANS_MIN	3		/* C7 */
#define CANDIDATE_DAYS_MIN	7

struct candidates_order {
	/* Distinct runs; the oldest is the first. */
	const struct recorded_run *runs;
	size_t		 run_count;
	const struct policy_list *previous;	/* NULL: none */
	const struct opt_in *opt_in;
	const struct suffix_list *suffixes;
	int64_t		 valid_for_ms;		/* from the start of the last run */
	const char	*author;		/* NULL: none */
	/* Where every reason against every rejected domain is written, as gzip
	 * CSV (domain, scan, rule, host, value); -1: nowhere. C7 is written for
	 * domains that no scan rejects. For the others the reasons name the
	 * scan. */
	int		 reasons;
};

struct candidates_figures {
	size_t		 policies, enforced, aliases;
	/* Against the previous list. */
	size_t		 added, changed, removed, kept;
};

enum candidates_result {
	CANDIDATES_DRAWN,
	CANDIDATES_BROKEN_FACTS,	/* a run is not whole */
	CANDIDATES_NOT_WRITTEN,		/* the reasons */
};

/* Makes the list, which the caller owns. For all results but DRAWN a message
 * has been written. The same runs give the same bytes. */
enum candidates_result policy_candidates(const struct candidates_order *,
	    json_t **list, struct candidates_figures *);

#endif

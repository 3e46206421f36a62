/* What the sources of diff share: domains.c compares domains and providers,
 * hosts.c compares MX hosts, and diff.c has what both need. */
#ifndef MXCENSUS_ANALYSIS_DIFF_DIFF_INTERNAL_H
#define MXCENSUS_ANALYSIS_DIFF_DIFF_INTERNAL_H

#include "analysis/diff/diff.h"
#include "analysis/facts/hosts.h"

struct comparison {
	const struct diff_run *runs;		/* by enum side */
	const struct diff_files *files;		/* NULL: no lists */
	FILE		*seen;			/* a list; NULL: none */
	enum sender	 seen_sender;
	struct hosts	*hosts[SIDE_COUNT];
	struct diff	*diff;
};

/* Each function returns false after a message. */
bool	diff_domains(struct comparison *);
bool	diff_hosts(struct comparison *);

#endif

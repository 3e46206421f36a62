/* diff, its sources: domains and providers (domains.c), MX hosts (hosts.c), and what
 * compares both (diff.c). */
#ifndef MXCENSUS_ANALYSIS_DIFF_DIFF_INTERNAL_H
#define MXCENSUS_ANALYSIS_DIFF_DIFF_INTERNAL_H

#include "analysis/diff/diff.h"
#include "analysis/facts/hosts.h"

struct comparison {
	const struct diff_run *runs;		/* by enum side */
	const struct diff_files *files;		/* NULL: no lists */
	struct hosts	*hosts[SIDE_COUNT];
	struct diff	*diff;
};

/* Each false after a line. */
bool	diff_domains(struct comparison *);
bool	diff_hosts(struct comparison *);

#endif

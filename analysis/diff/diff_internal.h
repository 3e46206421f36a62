/* diff, its sources: domains and providers (diff_domains.c), MX hosts
 * (diff_hosts.c), what both hold (diff.c). */
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

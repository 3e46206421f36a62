/*
 * conclude: what can be said of a run from its facts: the table `outcomes` and
 * summary.json (SCHEMA.md). Derived: the same facts give the same bytes, as often
 * as it is done.
 */
#ifndef MXCENSUS_ANALYSIS_OUTCOMES_CONCLUDE_H
#define MXCENSUS_ANALYSIS_OUTCOMES_CONCLUDE_H

#include <jansson.h>

enum conclude_result {
	CONCLUDED,
	CONCLUDE_BROKEN_FACTS,		/* the run is not whole */
	CONCLUDE_NOT_WRITTEN,
};

/* The run whose folder it is, which has .work/open (its lock is the caller's), by
 * the options in its run.json. All but CONCLUDED after a line. */
enum conclude_result conclude_run(int folder, const json_t *run);

#endif

/*
 * conclude: what can be said of a run from its facts: the table `outcomes` and
 * summary.json (docs/schema.md). Derived: the same facts give the same bytes,
 * as often as it is done.
 */
#ifndef MXCENSUS_ANALYSIS_OUTCOMES_CONCLUDE_H
#define MXCENSUS_ANALYSIS_OUTCOMES_CONCLUDE_H

#include "scanner/run/run_json.h"

enum conclude_result {
	CONCLUDED,
	CONCLUDE_BROKEN_FACTS,		/* the run is not whole */
	CONCLUDE_NOT_WRITTEN,
};

/* Concludes the run whose folder and run.json these are. It has .work/open, and
 * its lock is the caller's. All but CONCLUDED have written a line. */
enum conclude_result conclude_run(int folder, const struct run_json *);

#endif

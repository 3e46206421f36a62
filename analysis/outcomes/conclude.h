/*
 * conclude: derives from the facts of a run the table `outcomes` and
 * summary.json (docs/schema.md). The same facts always give the same bytes.
 */
#ifndef MXCENSUS_ANALYSIS_OUTCOMES_CONCLUDE_H
#define MXCENSUS_ANALYSIS_OUTCOMES_CONCLUDE_H

#include "scanner/run/run_json.h"

enum conclude_result {
	CONCLUDED,
	CONCLUDE_BROKEN_FACTS,		/* the run is not whole */
	CONCLUDE_NOT_WRITTEN,
};

/* Concludes the run with this folder and run.json. The folder has .work/open,
 * and the caller holds its lock. For all results but CONCLUDED a line has been
 * written. */
enum conclude_result conclude_run(int folder, const struct run_json *);

#endif

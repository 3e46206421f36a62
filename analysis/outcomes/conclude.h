/*
 * conclude: derives from the facts of a run the table `outcomes` and
 * summary.json (docs/schema.md). The same facts always give the same bytes.
 * Before a run is sealed, it makes the summary of what is committed so far.
 */
#ifndef MXCENSUS_ANALYSIS_OUTCOMES_CONCLUDE_H
#define MXCENSUS_ANALYSIS_OUTCOMES_CONCLUDE_H

#include <jansson.h>

#include "scanner/run/run_json.h"

enum conclude_result {
	CONCLUDED,
	CONCLUDE_BROKEN_FACTS,		/* the run is not whole */
	CONCLUDE_NOT_WRITTEN,
};

/* Concludes the run with this folder and run.json. The folder has .work/open,
 * and the caller holds its lock. For all results but CONCLUDED a message has
 * been written. */
enum conclude_result conclude_run(int folder, const struct run_json *);
/* Returns the summary of the facts that are committed so far in a run that is
 * not sealed, with the member `partial` (docs/schema.md). Nothing is written,
 * and a scan may be running there. MX hosts, sessions and policies that are
 * still to come are undetermined. The caller frees it. Returns NULL after a
 * message. */
json_t	*conclude_partially(int folder, const struct run_json *);

#endif

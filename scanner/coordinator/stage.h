/*
 * stage: what a scan does otherwise if it does one stage of a run, or one shard
 * of a stage (docs/architecture.md, "Stages and shards"). A shard takes up what
 * the shards of the stage before have committed, as a restart takes up its own
 * parts. The coordinator owns all of it.
 */
#ifndef MXCENSUS_COORDINATOR_STAGE_H
#define MXCENSUS_COORDINATOR_STAGE_H

#include "scanner/coordinator/work/work.h"

/* Reads the inputs of the run, or takes up the plan of its shard, with the names
 * of the shard alone in its counts. */
enum plan_result stage_plan(struct plan *, struct run *,
	    const struct options *);
/* Takes up what the stage before has committed, if this is a shard. False after
 * a line. */
bool	stage_read_before(struct work *);
/* Says in run.json that the shard is complete. False after a line. */
bool	stage_complete(struct run *, const struct options *);

#endif

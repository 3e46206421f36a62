/*
 * status_stages: how far a run is that is measured in stages: which shards are
 * complete, running, stopped or not started. Reads only.
 */
#ifndef MXCENSUS_COMMANDS_STATUS_STAGES_H
#define MXCENSUS_COMMANDS_STATUS_STAGES_H

#include "scanner/options/options.h"
#include "scanner/run/run_json.h"

/* Prints it as text, or as JSON. Returns the exit status. */
int	status_stages(const struct options *, const struct run_json *);
/* Prints the shards that are not complete and can start, one a line. If no shard
 * of the stage has begun, it is taken to have as many as the stage before.
 * Returns the exit status. */
int	status_missing(const struct options *, const struct run_json *);

#endif

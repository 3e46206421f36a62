/*
 * conclude_stages: seals a run that was measured in stages, when all of its shards
 * are complete.
 */
#ifndef MXCENSUS_COMMANDS_CONCLUDE_STAGES_H
#define MXCENSUS_COMMANDS_CONCLUDE_STAGES_H

#include "scanner/run/run_json.h"

/* Is it such a run, and not sealed yet? */
bool	is_in_stages(const struct run_json *);
/* Returns the exit status. */
int	conclude_stages(const char *path);

#endif

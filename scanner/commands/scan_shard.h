/*
 * scan_shard: one shard of a stage (run/shard.h). It reads the plan of the run,
 * decides whether the shard may begin, and gives `scan` the options of the shard,
 * whose folder is the run.
 */
#ifndef MXCENSUS_COMMANDS_SCAN_SHARD_H
#define MXCENSUS_COMMANDS_SCAN_SHARD_H

#include "scanner/options/options.h"

/* Returns the exit status. */
int	scan_shard(const struct options *typed,
	    int (*scan)(const struct options *));

#endif

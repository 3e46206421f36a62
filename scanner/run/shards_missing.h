/*
 * shards_missing: which shards of a stage are not complete. Reads only.
 */
#ifndef MXCENSUS_RUN_SHARDS_MISSING_H
#define MXCENSUS_RUN_SHARDS_MISSING_H

#include "scanner/base/buffer.h"
#include "scanner/run/shard.h"

/* Appends them, parted by `between`: "domains 3/16". If no shard of the stage
 * has begun, nobody knows how many there are: "domains" alone. False with
 * errno. */
bool	shards_missing(struct folder *run, enum stage, const char *between,
	    struct buffer *);
/* The first stage that is not complete; STAGE_COUNT if all are. False with
 * errno. */
bool	shards_first_stage(struct folder *run, enum stage *);

#endif

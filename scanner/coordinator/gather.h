/*
 * gather: makes the run of its shards. The parts of all shards, in the order of
 * their stages, numbers and parts, are linked into the tables of the run, with
 * numbers that follow each other, and their counts are added up in run.json.
 * Then the run can be sealed. A process that is killed on the way leaves links
 * that the next one finds in their places.
 */
#ifndef MXCENSUS_COORDINATOR_GATHER_H
#define MXCENSUS_COORDINATOR_GATHER_H

#include "scanner/run/run.h"

/* Links the parts of all shards, which are complete. The caller holds the lock of
 * the run. False after a line. */
bool	gather_parts(struct folder *run);
/* Adds up what the shards say in their run.json, into that of the run. False
 * after a line. */
bool	gather_counts(struct run *);

#endif

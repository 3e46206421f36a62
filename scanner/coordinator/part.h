/*
 * part: reads the committed parts of a batch back, in the folder of the run or in
 * that of a shard. The caller owns the harvest.
 */
#ifndef MXCENSUS_COORDINATOR_PART_H
#define MXCENSUS_COORDINATOR_PART_H

#include "scanner/coordinator/work/work.h"

/* The folder of the key table, which has a part for each committed batch. */
const char *part_folder(enum job_kind);
/* The numbers of the committed batches of a kind, in ascending order. The caller
 * frees *numbers. False after a line. */
bool	part_numbers(struct folder *, enum job_kind, uint64_t **numbers,
	    size_t *count);
/* NULL after a line. */
struct harvest *part_read(struct work *, struct folder *, enum job_kind,
	    uint64_t number);

#endif

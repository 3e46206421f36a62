/*
 * second_pass: items whose first lookup failed, and when they are asked again:
 * late enough for a passing fault to pass. Each batch gets a part of them,
 * since deferred names wait for few servers, of which each worker has a share.
 * The queue that embeds it owns it.
 */
#ifndef MXCENSUS_COORDINATOR_WORK_SECOND_PASS_H
#define MXCENSUS_COORDINATOR_WORK_SECOND_PASS_H

#include "scanner/coordinator/batch/item_line.h"
#include "scanner/options/options.h"

/* Zeroed it is empty. */
struct second_pass {
	struct item_line line;
	int64_t		 due_ms;	/* 0: nothing is in line */
};

bool	second_pass_is_due(struct second_pass *, const struct options *,
	    int64_t now_ms);
/* How many items go into a batch. */
uint32_t second_pass_part(const struct second_pass *, const struct options *);

#endif

/*
 * second_pass: items that failed once, and when they are asked once more: so late
 * that a passing fault has passed, and a part of them in each batch. What is deferred
 * waits for few servers, of which each worker has a share.
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
/* How many go into a batch. */
uint32_t second_pass_part(const struct second_pass *, const struct options *);

#endif

/*
 * policy: one item of a policy batch, from its name to its row. The job owns
 * it. It ends with job_item_ended().
 */
#ifndef MXCENSUS_WORKER_POLICY_POLICY_H
#define MXCENSUS_WORKER_POLICY_POLICY_H

#include <stdbool.h>

struct job;

/* Takes an item off job->next and starts it. Returns false if the item is not
 * legal. */
bool	policy_start(struct job *);

#endif

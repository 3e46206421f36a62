/*
 * domain: one item of a batch of domains, from its name to its rows. It asks
 * through asking.h and ends in job_item_ended().
 */
#ifndef MXCENSUS_WORKER_DOMAIN_DOMAIN_H
#define MXCENSUS_WORKER_DOMAIN_DOMAIN_H

#include <stdbool.h>

struct job;

/* Takes an item off job->next and starts it; false if it is not legal. */
bool	domain_start(struct job *);

#endif

/*
 * domain: one item of a batch of domains, from its name to its rows. The job
 * owns it. It asks through asking.h, and ends with job_item_ended().
 */
#ifndef MXCENSUS_WORKER_DOMAIN_DOMAIN_H
#define MXCENSUS_WORKER_DOMAIN_DOMAIN_H

#include <stdbool.h>

struct job;

/* Takes an item off job->next and starts it. Returns false if the item is not
 * legal. */
bool	domain_start(struct job *);

#endif

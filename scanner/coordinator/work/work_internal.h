/*
 * work_internal: private to the sources of work itself.
 *
 *	work.c		life, what the network tells, failures
 *	handing_out.c	the queues in their order: batches for the crew, and
 *			whether anything is left
 *	crew_events.c	what the crew tells
 *	committing.c	a batch that is done: its failures, holding, commit
 */
#ifndef MXCENSUS_COORDINATOR_WORK_WORK_INTERNAL_H
#define MXCENSUS_COORDINATOR_WORK_WORK_INTERNAL_H

#include "scanner/coordinator/work/work.h"

/* Moves the shares of name servers' rates to the workers that want them. */
void	work_share_rates(struct work *, int64_t now_ms);
/* May batches be made and handed out? */
bool	work_goes_on(const struct work *);
/* The items of the batch wait again. Frees it. */
void	work_lose(struct work *, struct batch *);
/* Checks what the worker wrote. Returns NULL with a sentence. */
struct harvest *work_check(struct work *, const struct batch *, char why[256]);
/* Takes a batch that is done, with its harvest: it is committed, held, or given
 * back. */
void	work_take(struct work *, struct batch *, struct harvest *);

#endif

/*
 * worker_internal: what the sources of this folder share with each other:
 * messages, the items under way, the check at the start.
 */
#ifndef MXCENSUS_WORKER_WORKER_INTERNAL_H
#define MXCENSUS_WORKER_WORKER_INTERNAL_H

#include "scanner/worker/worker.h"

/* Items at a time in the second pass (docs/architecture.md): few enough that
 * our own load is not the fault, and enough that silent peers do not delay the
 * others. */
#define SECOND_PASS_ACTIVE	200

/* lanes.c: how many questions may be in flight, in each lane of the first
 * attempt. */
void	worker_set_questions(struct worker *, unsigned window);
/* How many late lookups take no room in the windows of the lanes. */
unsigned worker_late(const struct worker *);

/* messages.c: the watchers of worker->socket, and the messages that wait for
 * it. */
void	worker_messages_init(struct worker *);
void	worker_messages_fini(struct worker *);
/* Waits for the first two messages, which are the opt-out list and the zones
 * for the direct lane; they may be empty. Returns false if others come, or the
 * coordinator is gone. */
bool	worker_await_lists(struct worker *);
/* The coordinator sent something invalid: reports that and ends the loop. */
void	worker_give_up(struct worker *, const char *what);

/* items.c: queues, window, and the items in flight, which are written into the
 * page that the coordinator shares. Returns false if the page cannot be
 * mapped. */
bool	worker_items_init(struct worker *, int in_flight);
void	worker_items_fini(struct worker *);
/* The worker owns the job from now on. The job may be gone afterwards. The items
 * of a paced job start only as their name servers can be asked. */
void	worker_take_job(struct worker *, struct job *, bool is_paced);
void	worker_window_start(struct worker *);

/* start_check.c: asks whether this machine can measure. MESSAGE_READY or
 * MESSAGE_UNUSABLE follows. */
void	worker_start_check(struct worker *);

#endif

/*
 * worker_internal: what the parts of a worker have for one another: its messages,
 * the items under way, the check at its start.
 */
#ifndef MXCENSUS_WORKER_WORKER_INTERNAL_H
#define MXCENSUS_WORKER_WORKER_INTERNAL_H

#include "scanner/worker/worker.h"

/* Low concurrency for the second pass (docs/architecture.md): so few that our
 * own load is not what fails, so many that peers which say nothing do not hold
 * up the others. */
#define SECOND_PASS_ACTIVE	200

/* lanes.c: how many questions may be in flight, in each lane of the first
 * attempt. */
void	worker_set_questions(struct worker *, unsigned window);

/* messages.c: the watchers of worker->socket, and what waits for it. */
void	worker_messages_init(struct worker *);
void	worker_messages_fini(struct worker *);
/* The first message is the opt-out list, which may be empty. False where it is
 * not, or where the coordinator is gone. */
bool	worker_await_opt_out(struct worker *);
/* The coordinator cannot be understood: says so, and ends the loop. */
void	worker_give_up(struct worker *, const char *what);

/* items.c: queues, window, and items in flight, which are written into the
 * map that is shared with the coordinator. False where it cannot be mapped. */
bool	worker_items_init(struct worker *, int in_flight);
void	worker_items_fini(struct worker *);
/* The job is the worker's from now on, and may be gone afterwards. */
void	worker_take_job(struct worker *, struct job *);
void	worker_window_start(struct worker *);

/* start_check.c: MESSAGE_READY or MESSAGE_UNUSABLE follows. */
void	worker_start_check(struct worker *);

#endif

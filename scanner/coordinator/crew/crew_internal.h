/* crew_internal: private to crew. It shows the workers as the three sources of
 * the crew see them. */
#ifndef MXCENSUS_COORDINATOR_CREW_CREW_INTERNAL_H
#define MXCENSUS_COORDINATOR_CREW_CREW_INTERNAL_H

#include <sys/types.h>

#include "scanner/coordinator/crew/crew.h"
#include "scanner/message/in_flight.h"
#include "scanner/message/message.h"

struct worker_process {
	struct crew	*crew;
	unsigned	 number;
	pid_t		 pid;		/* -1: there is none */
	int		 socket;
	ev_io		 readable;
	bool		 ready;
	struct in_flight *page;		/* the items that it is working on */
	unsigned	 unstarted[JOB_KINDS];
	uint64_t	 questions;	/* in flight, by its last GAUGE */
	struct list	 batches;
};

struct crew {
	const struct options *options;
	struct ev_loop	*ev;
	struct crew_events events;
	struct crew_share share[JOB_KINDS];
	/* The most batches that a worker may have. Each batch waits for its
	 * slowest name, and keeps its files open. */
	unsigned	 batches_a_worker;
	struct worker_process *workers;	/* `count`, then confirmer, examiner */
	unsigned	 count, all;
	unsigned	 batches;
	unsigned	 out[JOB_KINDS];	/* batches of the kind at
						 * workers */
	unsigned	 deaths;	/* of workers since the last commit */
	struct buffer	 opt_out;	/* the list that the workers know */
	bool		 told_no_sandbox;
	bool		 is_closed, has_failed;
};

/* process.c */
/* False after a line. */
bool	worker_process_start(struct worker_process *);
/* The worker has ended. Takes its batches back; an ordinary worker is
 * replaced. */
void	worker_process_reap(struct worker_process *);
/* Ends the worker. A worker with batches would finish them first, so it is
 * killed, and the batches are freed. */
void	worker_process_end(struct worker_process *);

/* dialogue.c: the worker's socket is readable or closed. */
void	dialogue_readable(struct ev_loop *, ev_io *, int revents);
void	dialogue_tell_opt_out(struct worker_process *);

/* crew.c */
struct worker_process *crew_seat(struct crew *, enum seat);
/* Returns the worker's batch with this number, or NULL if it has none. */
struct batch *crew_batch(struct worker_process *, enum job_kind,
	    uint64_t number);
/* Takes the batch away from the worker. */
void	crew_take_back(struct worker_process *, struct batch *);
/* The run cannot go on. */
void	crew_fail(struct crew *, int status);

#endif

/* crew_internal: private to crew: the workers, as its three sources see them. */
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
	struct in_flight *page;		/* of what it is working on */
	unsigned	 unstarted[JOB_KINDS];
	uint64_t	 questions;	/* in flight, at its last gauge */
	struct list	 batches;
};

struct crew {
	const struct options *options;
	struct ev_loop	*ev;
	struct crew_events events;
	struct crew_share share[JOB_KINDS];
	/* A worker has so many batches at the most: each waits for its slowest
	 * name, and has its files open. */
	unsigned	 batches_a_worker;
	struct worker_process *workers;	/* `count`, then confirmer, examiner */
	unsigned	 count, all;
	unsigned	 batches;
	unsigned	 out[JOB_KINDS];	/* batches of the kind */
	unsigned	 deaths;	/* of workers, since the last commit */
	struct buffer	 opt_out;	/* what they were told */
	bool		 told_no_sandbox;
	bool		 is_closed, has_failed;
};

/* process.c */
/* False after a line. */
bool	worker_process_start(struct worker_process *);
/* It is over, whatever it was doing; an ordinary one is replaced. */
void	worker_process_reap(struct worker_process *);
/* Ends it. With batches in hand it would end them first, so it is killed; the batches
 * are freed. */
void	worker_process_end(struct worker_process *);

/* dialogue.c: its socket has something to say, or is closed. */
void	dialogue_readable(struct ev_loop *, ev_io *, int revents);
void	dialogue_tell_opt_out(struct worker_process *);

/* crew.c */
struct worker_process *crew_seat(struct crew *, enum seat);
/* The batch of the worker's with that number; NULL if it has none. */
struct batch *crew_batch(struct worker_process *, enum job_kind,
	    uint64_t number);
/* The batch is at no worker any more. */
void	crew_take_back(struct worker_process *, struct batch *);
/* The run cannot go on. */
void	crew_fail(struct crew *, int status);

#endif

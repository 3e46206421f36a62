/* crew_internal: private to crew: the workers, as its four sources see them. */
#ifndef MXCENSUS_COORDINATOR_CREW_CREW_INTERNAL_H
#define MXCENSUS_COORDINATOR_CREW_CREW_INTERNAL_H

#include <sys/types.h>

#include "scanner/coordinator/crew/crew.h"
#include "scanner/coordinator/crew/death.h"
#include "scanner/coordinator/crew/watchdog.h"
#include "scanner/message/in_flight.h"
#include "scanner/message/message.h"

struct worker_process {
	struct crew	*crew;
	unsigned	 number;
	pid_t		 pid;		/* -1: there is none */
	int		 socket;
	ev_io		 readable;
	bool		 ready;
	struct watchdog	 watchdog;
	unsigned	 deaths;	/* in this place, since it ended a batch */
	int64_t		 rests_until_ms;	/* monotonic: no start before */
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
	struct death_counts deaths;	/* since the last commit */
	ev_timer	 watch;
	int64_t		 silence_ms;	/* that is too long */
	struct buffer	 opt_out;	/* what they were told */
	bool		 told_no_sandbox;
	bool		 is_closed, has_failed;
};

/* process.c */
/* False after a line. */
bool	worker_process_start(struct worker_process *);
/* It has hung up: it is over, whatever it was doing. An ordinary one is replaced,
 * now or after a pause. */
void	worker_process_reap(struct worker_process *);
/* The same for one that is not over, and is killed because of this. */
void	worker_process_kill(struct worker_process *, enum death_cause);
/* Tells it to end. With batches in hand it would end them first, so it is killed.
 * Nothing where there is no process. */
void	worker_process_dismiss(struct worker_process *);
/* After that: waits until it is gone; from the time on (monotonic) it is killed. The
 * batches are freed. */
void	worker_process_end(struct worker_process *, int64_t until_ms);

/* watch.c: every second, who gives no sign of life, and who is to be started. */
void	watch_start(struct crew *);
void	watch_stop(struct crew *);

/* dialogue.c: its socket has something to say, or is closed. */
void	dialogue_readable(struct ev_loop *, ev_io *, int revents);
void	dialogue_tell_opt_out(struct worker_process *);

/* crew.c */
struct worker_process *crew_seat(struct crew *, enum seat);
/* The batch of the worker's with that number; NULL if it has none. */
struct batch *crew_batch(struct worker_process *, enum job_kind,
	    uint64_t number);
/* It has been dismissed, and has two seconds to end. */
int64_t	crew_dismissal_ms(void);
/* Another worker than this one can measure. */
bool	crew_has_other(const struct worker_process *);
/* Ends the run where the verdict says so; `death` is the last one. */
void	crew_judge(struct crew *, enum death_verdict, const struct death *);
/* The batch is at no worker any more. */
void	crew_take_back(struct worker_process *, struct batch *);
/* The run cannot go on. */
void	crew_fail(struct crew *, int status);

#endif

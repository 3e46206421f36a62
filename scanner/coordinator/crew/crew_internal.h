/* crew_internal: private to crew. It shows the workers as the four sources of
 * the crew see them. */
#ifndef MXCENSUS_COORDINATOR_CREW_CREW_INTERNAL_H
#define MXCENSUS_COORDINATOR_CREW_CREW_INTERNAL_H

#include <sys/types.h>

#include "scanner/coordinator/crew/crew.h"
#include "scanner/coordinator/crew/watchdog.h"
#include "scanner/message/in_flight.h"
#include "scanner/message/message.h"

/* The group in which a batch is counted: the batches of its kind, or all paced
 * ones. */
#define CREW_LINES	(JOB_KINDS + 1)
static inline unsigned
crew_line(const struct batch *batch)
{
	return batch->is_paced ? JOB_KINDS : (unsigned)batch->kind;
}

struct worker_process {
	struct crew	*crew;
	unsigned	 number;
	pid_t		 pid;		/* -1: there is none */
	int		 socket;
	ev_io		 readable;
	ev_io		 writable;	/* active until it has taken all
					 * rates */
	struct list	 rates;		/* that are still to be told */
	bool		 ready;
	struct watchdog	 watchdog;
	unsigned	 deaths;	/* in this place, since a batch was
					 * done */
	int64_t		 rests_until_ms;	/* monotonic: the next start */
	struct in_flight *page;		/* the items that it is working on */
	/* Batches with items that have not started, by crew_line. */
	unsigned	 unstarted[CREW_LINES];
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
	struct death_counts deaths;	/* since the last commit */
	uint64_t	 died[DEATH_CAUSES];	/* in all, by cause */
	struct latency	 latency[LATENCY_KINDS];
	/* Who looks up the reverse names of our addresses; CREW_NOBODY: nobody
	 * has been asked to. It is asked again if it has ended before. */
	unsigned	 source_worker;
	unsigned	 known_sources;	/* bits, by family */
	ev_timer	 watch;
	int64_t		 silence_ms;	/* a longer silence is a fault */
	struct buffer	 opt_out;	/* the list that the workers know */
	struct buffer	 zones;		/* that may be asked directly */
	bool		 asks_parents;	/* the worker may */
	bool		 told_no_sandbox;
	bool		 is_closed, has_failed;
	bool		 is_recalled;	/* no worker is started */
};

/* process.c */
/* Returns false after a message. */
bool	worker_process_start(struct worker_process *);
/* The worker has closed its socket, so it has ended. Takes its batches back; an
 * ordinary worker is replaced, now or after a pause. */
void	worker_process_reap(struct worker_process *);
/* Does the same for a running worker, after killing it. */
void	worker_process_kill(struct worker_process *, enum death_cause);
/* Kills the worker, and reports its batches as lost. It is not replaced. */
void	worker_process_recall(struct worker_process *);
/* Tells the worker to end. A worker with batches would finish them first, so it
 * is killed. Does nothing if there is no process. */
void	worker_process_dismiss(struct worker_process *);
/* Follows worker_process_dismiss: waits until the process has ended, and kills
 * it at `until_ms` (monotonic). Frees the batches. */
void	worker_process_end(struct worker_process *, int64_t until_ms);

/* watch.c: looks every second for workers that hang, and starts workers whose
 * pause is over. */
void	watch_start(struct crew *);
void	watch_stop(struct crew *);

/* dialogue.c: the worker's socket is readable or closed. */
void	dialogue_readable(struct ev_loop *, ev_io *, int revents);
void	dialogue_writable(struct ev_loop *, ev_io *, int revents);
/* Sends no more messages. */
void	dialogue_close(struct worker_process *);
void	dialogue_tell_opt_out(struct worker_process *);
void	dialogue_tell_zones(struct worker_process *);

/* crew.c */
struct worker_process *crew_seat(struct crew *, enum seat);
/* Returns the worker's batch with this number, or NULL if it has none. */
struct batch *crew_batch(struct worker_process *, enum job_kind,
	    uint64_t number);
/* When a worker that is dismissed now is killed (monotonic). */
int64_t	crew_dismissal_ms(void);
/* Can any other worker measure? */
bool	crew_has_other(const struct worker_process *);
/* Ends the run if the verdict says so; `death` is the last death. */
void	crew_judge(struct crew *, enum death_verdict, const struct death *);
/* Takes the batch away from the worker. */
void	crew_take_back(struct worker_process *, struct batch *);
/* Ends the run, which cannot continue. */
void	crew_fail(struct crew *, int status);

#endif

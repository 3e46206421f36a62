/*
 * crew: the worker processes. It starts them by exec, hands them batches, hears what
 * they say, reaps them, and starts others in their place. It knows no queue and no
 * registry: it tells of what happens through struct crew_events, and never calls up
 * otherwise.
 *
 * Workers have numbers from 0. Beside the ordinary ones there are two seats, which
 * are filled when there is work for them: the confirmer, whose resolver is empty
 * (RULES U10: a mismatch is looked at twice), and the examiner, which is given what
 * may have crashed a worker, one item at a time.
 *
 * A worker that dies, or gives no sign of life, is replaced: its batches are told as
 * lost. Where workers die before they are ready, or again and again without anything
 * that is committed, the run ends.
 *
 * crew.c chooses and hands out, process.c starts and reaps, dialogue.c talks, watch.c
 * looks after those that say nothing; watchdog.c and death.c decide.
 */
#ifndef MXCENSUS_COORDINATOR_CREW_CREW_H
#define MXCENSUS_COORDINATOR_CREW_CREW_H

#include <ev.h>
#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

#include "scanner/base/buffer.h"
#include "scanner/coordinator/batch/batch.h"
#include "scanner/options/options.h"

struct crew;

/* For tests, the environment's name of it: the seconds of silence after which a
 * worker is ended. */
#define CREW_SILENCE "MXCENSUS_TEST_SILENCE"

/* What a worker tells of a name server (RULES K9). */
struct server_report {
	const char	*name;
	uint64_t	 asked, lost;	/* lookups since it last told */
	uint64_t	 waiting;	/* names that wait there now */
};

/* They run from the loop, and may hand out batches. */
struct crew_events {
	void	*tag;
	/* The worker has said that it can measure; its first batch may follow. */
	void	(*ready)(void *tag, unsigned worker);
	/* The worker takes more than before. */
	void	(*room)(void *tag);
	/* The sessions of an item are over. False: the batch has none. */
	bool	(*ended)(void *tag, struct batch *, uint32_t item,
		    unsigned greeting_code);
	/* The batch is written, or the worker could not (errno); it is the
	 * receiver's now. */
	void	(*done)(void *tag, struct batch *, int error);
	/* The worker is gone; accused items are marked. Likewise. */
	void	(*lost)(void *tag, struct batch *);
	void	(*server)(void *tag, unsigned worker,
		    const struct server_report *);
	/* The run cannot go on: a line has said why. Exit status. */
	void	(*unusable)(void *tag, int status);
};

/* How the batches of a kind are shared out over the workers. */
struct crew_share {
	unsigned	unstarted_most;	/* not begun to the end, of a worker */
	unsigned	in_hand_most;	/* of the kind, of a worker; 0: any */
	unsigned	out_most;	/* of the kind, over all; 0: any */
	bool		is_of_first;	/* the first worker has them all */
	bool		by_sessions;	/* to the one with the fewest sessions */
};

enum seat { SEAT_ANY, SEAT_EACH, SEAT_CONFIRMER, SEAT_EXAMINER };
#define CREW_NOBODY	UINT_MAX
#define CREW_EVERYBODY	(UINT_MAX - 1)

/* `batches_a_worker`: of all kinds, as open files allow. `told_no_sandbox`: a line
 * has said that this kernel has none. */
struct crew *crew_new(const struct options *, struct ev_loop *,
	    const struct crew_events *, const struct crew_share[JOB_KINDS],
	    unsigned batches_a_worker, bool told_no_sandbox);
/* False after a line. */
bool	crew_start(struct crew *);
/* Ends all workers; batches in their hands are freed, for the next start. */
void	crew_free(struct crew *);

/* From now on nobody has room: what is in flight ends. */
void	crew_close(struct crew *);
/* The worker that takes the next batch of the kind; or CREW_NOBODY. */
unsigned crew_choose(const struct crew *, enum job_kind);
bool	crew_has_room(const struct crew *, unsigned worker, enum job_kind);
/* Who sits there, if it is ready and has nothing in hand; or CREW_NOBODY, and then
 * somebody is on the way. */
unsigned crew_sit(struct crew *, enum seat);
/* There is no work for the seat: it is left as soon as it has nothing in hand. */
void	crew_leave(struct crew *, enum seat);
/* Hands the batch over with its descriptors, which are open. */
void	crew_send(struct crew *, unsigned worker, struct batch *);

/* Every worker hears it, and each that is started later. */
void	crew_tell_opt_out(struct crew *, const struct buffer *text);
/* What this worker, or each that is ready, may ask of a name server, in questions a
 * second. */
void	crew_tell_rate(struct crew *, unsigned worker, const char *server,
	    double rate);
/* Something was committed: the workers are of some use. */
void	crew_note_progress(struct crew *);
/* A worker wrote what it may not. */
void	crew_note_fault(struct crew *);

unsigned crew_workers(const struct crew *);	/* without seats */
unsigned crew_batches(const struct crew *);	/* at workers */
/* Items of the kind at workers in a second pass. */
uint64_t crew_second_items(const struct crew *, enum job_kind);
uint64_t crew_questions(const struct crew *);	/* in flight */

#endif

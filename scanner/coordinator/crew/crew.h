/*
 * crew: the worker processes. The crew starts them by exec, hands batches to
 * them, reads their messages, reaps them, and replaces the ones that end. The
 * coordinator owns the crew. The crew knows no queue and no registry. It
 * reports what happens only through struct crew_events.
 *
 * Workers have numbers from 0. Beside the ordinary workers there are two seats,
 * each for one more worker that is started when there is work for it. The
 * confirmer has a resolver with an empty cache (RULES U10: a mismatch is looked
 * at twice). The examiner gets the items that may have crashed a worker, one at
 * a time.
 *
 * A worker that dies or hangs is replaced, and its batches are reported as
 * lost. If workers die before they are ready, or again and again without a
 * commit between, the run ends.
 *
 * crew.c chooses workers and hands out batches, process.c starts and reaps
 * workers, dialogue.c reads and sends messages, watch.c looks for workers that
 * hang. watchdog.c and death.c decide and touch no process.
 */
#ifndef MXCENSUS_COORDINATOR_CREW_CREW_H
#define MXCENSUS_COORDINATOR_CREW_CREW_H

#include <ev.h>
#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

#include "scanner/base/buffer.h"
#include "scanner/base/facts.h"
#include "scanner/base/latency.h"
#include "scanner/base/source_name.h"
#include "scanner/coordinator/batch/batch.h"
#include "scanner/coordinator/crew/death.h"
#include "scanner/options/options.h"

struct crew;

/* For tests: the environment variable with the seconds of silence after which a
 * worker is killed. */
#define CREW_SILENCE "MXCENSUS_TEST_SILENCE"

/* What a worker reports about a name server (RULES K9: no name server gets more
 * questions than it can bear). */
struct server_report {
	const char	*name;
	uint64_t	 asked, lost;	/* lookups since its last report */
	uint64_t	 waiting;	/* names that wait for it now */
};

/* How the sessions of an item ended. */
struct session_end {
	unsigned	greeting_code;	/* 0: no greeting */
	int		error;		/* errno of a fault of our own; 0:
					 * none */
};

/* The callbacks run from the loop. They may hand out batches. */
struct crew_events {
	void	*tag;
	/* The worker has reported that it can measure. Its first batch may
	 * follow. */
	void	(*ready)(void *tag, unsigned worker);
	/* A worker has more room than before. */
	void	(*room)(void *tag);
	/* The sessions of an item are over. Returns false if the batch has no
	 * sessions. */
	bool	(*ended)(void *tag, struct batch *, uint32_t item,
		    const struct session_end *);
	/* The worker has written the batch, or failed to (errno). The receiver
	 * owns the batch now. */
	void	(*done)(void *tag, struct batch *, int error);
	/* The worker is gone, and the accused items are marked. The receiver
	 * owns the batch now. */
	void	(*lost)(void *tag, struct batch *);
	void	(*server)(void *tag, unsigned worker,
		    const struct server_report *);
	/* How many domains or hosts were asked directly, and for how many of
	 * them the servers failed (ODDITY_NONE); or how many fell back because
	 * of an oddity. */
	void	(*lane)(void *tag, enum job_kind, enum oddity,
		    uint64_t asked, uint64_t failed);
	/* How many names were asked by both lanes, with each result. */
	void	(*sampled)(void *tag, enum sample_group,
		    const uint64_t counts[SAMPLE_RESULT_COUNT]);
	/* The reverse name of an address that the workers connect from
	 * (message.h). */
	void	(*source)(void *tag, unsigned family, enum source_name,
		    const char *text);
	/* The run cannot continue, and a message has said why. `status` is the
	 * exit status. */
	void	(*unusable)(void *tag, int status);
};

/* How the workers share the batches of a kind. */
struct crew_share {
	unsigned	unstarted_most;	/* at a worker, with items that have not
					 * started */
	unsigned	in_hand_most;	/* at a worker, of the kind; 0: no
					 * limit */
	unsigned	out_most;	/* at all workers, of the kind; 0: no
					 * limit */
	bool		is_of_first;	/* the first worker gets all of them */
	bool		by_sessions;	/* the worker with the fewest sessions
					 * is next */
};

enum seat { SEAT_ANY, SEAT_EACH, SEAT_CONFIRMER, SEAT_EXAMINER };
#define CREW_NOBODY	UINT_MAX

/* `batches_a_worker` is the limit of batches of all kinds at one worker; it
 * depends on how many files may be open. With `told_no_sandbox`, a message has
 * already said that this kernel has no sandbox. */
struct crew *crew_new(const struct options *, struct ev_loop *,
	    const struct crew_events *, const struct crew_share[JOB_KINDS],
	    unsigned batches_a_worker, bool told_no_sandbox);
/* Returns false after a message. */
bool	crew_start(struct crew *);
/* Ends all workers. Batches at the workers are freed; the next start of the run
 * does them again. */
void	crew_free(struct crew *);

/* Replaces all workers, and reports their batches as lost. No item is accused.
 * It must not be called from a callback. */
void	crew_renew(struct crew *);
/* From now on no worker has room. Items in flight are finished. */
void	crew_close(struct crew *);
/* Returns the worker that takes the next batch of the kind, or CREW_NOBODY. */
unsigned crew_choose(const struct crew *, enum job_kind);
bool	crew_has_room(const struct crew *, unsigned worker, enum job_kind);
/* Does the same for paced batches. Those with items that have not started are
 * at most a quarter of a worker's batches. */
bool	crew_has_paced_room(const struct crew *, unsigned worker);
/* Returns the worker in the seat if it is ready and has no batch; otherwise
 * CREW_NOBODY. If the seat is empty, a worker is started for it. */
unsigned crew_sit(struct crew *, enum seat);
/* Says that there is no work for the seat. Ends its worker if that has no
 * batch. */
void	crew_leave(struct crew *, enum seat);
/* Hands the batch over, with its descriptors, which must be open. */
void	crew_send(struct crew *, unsigned worker, struct batch *);

/* Sends the list to every worker, including those that are started later. */
void	crew_tell_opt_out(struct crew *, const struct buffer *text);
/* Tells each worker that is started later which zones have delegations that may
 * be asked directly (struct zone_item), and whether the parent zones of all names
 * may be asked for theirs. */
void	crew_set_zones(struct crew *, const struct buffer *zones,
	    bool asks_parents);
/* Tells this worker how many questions a second all workers may ask the name
 * server, and what its share is. Does nothing if the worker is not ready. The
 * worker gets no batch before it has read these messages. */
void	crew_tell_rate(struct crew *, unsigned worker, const char *server,
	    double rate, double share);
/* Kills all workers; their batches are reported as lost, and no item is
 * accused. No worker is started until crew_return(). */
void	crew_recall(struct crew *);
void	crew_return(struct crew *);
/* Says that something was committed, so the workers make progress. */
void	crew_note_progress(struct crew *);
/* Says that a worker wrote something that it must not write. */
void	crew_note_fault(struct crew *);

unsigned crew_workers(const struct crew *);	/* without the seats */
unsigned crew_places(const struct crew *);	/* with the seats */
unsigned crew_batches(const struct crew *);	/* at all workers */
bool	crew_is_idle(const struct crew *, unsigned worker);	/* it has none */
/* Items of the kind at workers in a second pass. */
uint64_t crew_second_items(const struct crew *, enum job_kind);
uint64_t crew_questions(const struct crew *);	/* in flight */
unsigned crew_ready_workers(const struct crew *);	/* without the seats */
/* How many workers have ended for the cause, since the crew was made. */
uint64_t crew_deaths(const struct crew *, enum death_cause);
/* What all workers have reported since then. */
const struct latency *crew_latency(const struct crew *, enum latency_kind);

#endif

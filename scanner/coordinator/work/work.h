/*
 * work: everything that is left to do, from the first name to the last session,
 * as a table of queues. It makes batches for the crew, and takes the results of
 * committed batches into the registry. A restart does only the latter. The
 * coordinator owns it and hears of changes through struct work_events.
 *
 * Each queue is one source of work, and only the queue writes its state. Each
 * kind of job says how its batches are checked, and what follows from a batch:
 *
 *	domains		the chunks of the plan. domains_heavy: those whose name
 *			servers set the pace. domains_left: names that wait
 *			after their chunk: for a name server (name_servers),
 *			for their second pass, or as suspects.
 *			domains_results: what is committed or read back
 *	hosts		MX hosts that are new in the registry; failed hosts,
 *			suspects
 *	probes		targets that pacing grants, and judgements;
 *			confirmations. probes_results: what is committed or
 *			read back
 *	policies	the policies of committed parts of domains
 *	server_hosts	name servers of the plan that have no address there
 *	suspects	items that may have crashed a worker, after all else,
 *			one at a time
 *	second_pass	when failed items are asked again
 *	holding		batches with failures that may be ours
 *	canary		sessions that find out whether they are
 */
#ifndef MXCENSUS_COORDINATOR_WORK_WORK_H
#define MXCENSUS_COORDINATOR_WORK_WORK_H

#include <stdbool.h>
#include <stdint.h>

#include "scanner/coordinator/batch/batch.h"
#include "scanner/coordinator/batch/harvest.h"
#include "scanner/coordinator/crew/crew.h"
#include "scanner/coordinator/network/network.h"
#include "scanner/coordinator/probing/pace.h"
#include "scanner/coordinator/probing/registry.h"
#include "scanner/coordinator/probing/schedule.h"
#include "scanner/plan/plan.h"
#include "scanner/run/run.h"

/* How long hosts and probes wait for a fuller batch. */
#define GATHER_MS	1000

struct canary;
struct domains;
struct holding;
struct mx_hosts;
struct name_servers;
struct policies;
struct probes;
struct server_hosts;

/* The callbacks run inside functions of work, and must not call work. */
struct work_events {
	void	*tag;
	void	(*changed)(void *tag);		/* there may be more to do */
	void	(*committed)(void *tag);	/* a batch, while nothing is
						 * held */
	/* May a batch be committed that a worker has just written? Otherwise it
	 * is lost. */
	bool	(*is_sound)(void *tag);
	/* The disk or the quota is full (errno), and work holds. */
	void	(*full)(void *tag, const char *what, int error);
	void	(*failed)(void *tag, int status);	/* after a message */
	/* The network of this machine is down, and works again
	 * (network.h). */
	void	(*down)(void *tag, bool ends_workers);
	void	(*up)(void *tag);
};

struct work {
	const struct options *options;
	struct run	*run;
	const struct plan *plan;
	struct crew	*crew;		/* NULL while parts are read back */
	struct work_events events;
	bool		 has_failed;
	bool		 is_held;	/* no batch is made or handed out */
	struct registry	 registry;
	struct pace	*pace;
	uint64_t	 sessions;	/* at a time, at most */
	/* Items, for faults of our own. */
	uint64_t	 given_back[JOB_KINDS];
	uint64_t	 written_bytes;	/* of the parts that were committed */
	struct spill	*spill;		/* of names that wait */
	struct schedule	 schedule;
	struct name_servers *name_servers;
	struct domains	*domains;
	struct mx_hosts	*hosts;
	struct probes	*probes;
	struct server_hosts *server_hosts;
	struct policies	*policies;
	struct network	*network;	/* NULL while parts are read back */
	struct canary	*canary;
	struct holding	*holding;
	bool		 is_paused;	/* only the canary is asked */
	uint64_t	 next_part;	/* hosts and probes share one sequence
					 * of numbers */
};

/* One source of work. */
struct work_queue {
	enum job_kind	kind;
	enum seat	seat;		/* who takes its batches */
	bool		is_paced;	/* its batches are; SEAT_EACH */
	/* Can a batch be made now? */
	bool	(*has_next)(struct work *, int64_t now_ms);
	/* Makes the next batch. NULL if there is nothing for this worker after
	 * all, or work has failed. */
	struct batch *(*next)(struct work *, unsigned worker, int64_t now_ms);
	/* The batch was lost: its items wait again, and accused items wait
	 * apart. */
	void	(*lost)(struct work *, struct batch *);
	/* The queue is empty, and will not fill by itself. */
	bool	(*is_done)(const struct work *);
	/* When has_next may become true by itself. If the function is NULL, the
	 * tick of the coordinator is early enough. */
	int64_t	(*wake_ms)(const struct work *, int64_t now_ms);
	/* When the first of its items is due, if all of them have to wait; else
	 * 0. NULL: its items never have to wait. */
	int64_t	(*due_ms)(const struct work *);
};

/* One kind of job. */
struct work_kind {
	harvest_reader	*read;
	/* Adds the keys that the batch must have. False with errno. */
	bool	(*expect)(const struct batch *, struct map *expected);
	/* The batch is committed; takes over what follows from it. */
	void	(*committed)(struct work *, struct batch *,
		    const struct harvest *);
	/* Takes the items that failed out of the batch's outputs, and queues
	 * them again without counting an attempt. With `own_alone` these are
	 * the items whose failure is certainly ours. The rest of the batch can
	 * be committed. False with errno. NULL: the whole batch is given
	 * again. */
	bool	(*return_failed)(struct work *, struct batch *,
		    const struct harvest *, bool own_alone);
	/* A whole batch met a fault of our own. Is it to be given again? Asked
	 * only if return_failed is NULL. NULL: no. */
	bool	(*repeats)(struct work *, const struct batch *);
	/* Takes over a part of an earlier process. False after a message. */
	bool	(*read_back)(struct work *, uint64_t number,
		    const struct harvest *);
	/* All parts of the kind are read back. False after a message. */
	bool	(*all_read_back)(struct work *);
	/* The sessions of an item are over. NULL if the kind has no
	 * sessions. */
	void	(*ended)(struct work *, struct batch *, uint32_t item,
		    const struct session_end *);
	struct crew_share share;
};

extern const struct work_kind domains_job, hosts_job, probes_job, policies_job;
/* The queues in the order in which they are asked for work. The work that would
 * otherwise remain for the end of the run goes first. */
extern const struct work_queue hosts_queue, hosts_held_queue,
    hosts_second_queue, probes_queue,
    confirmations_queue, policies_queue, server_hosts_queue, heavy_queue,
    chunks_queue, held_queue, domains_second_queue, suspects_queue;

const struct work_kind *work_kind_of(enum job_kind);

/* `sessions` is how many sessions may be open at a time; it depends on how many
 * files may be open. */
struct work *work_new(const struct options *, struct run *, const struct plan *,
	    uint64_t sessions, const struct work_events *);
void	work_free(struct work *);
/* Says how the workers share the batches, if `files` files may be open. */
void	work_share_out(uint64_t files, struct crew_share share[JOB_KINDS]);
/* From now on `network` judges failures. */
void	work_use_network(struct work *, struct ev_loop *);
/* The callbacks for the crew. */
struct crew_events work_crew_events(struct work *);

/* Makes and hands out as many batches as there are work and room for. */
void	work_look(struct work *);
/* From now on no batch is made or handed out, until work_release. What is at
 * the workers ends, and is committed where that is possible. */
void	work_hold(struct work *);
void	work_release(struct work *);
/* No batch is at a worker, and no work waits or will come. */
bool	work_is_done(const struct work *);
/* When to look for work even if nothing happens; INT64_MAX: never. */
int64_t	work_wake_ms(const struct work *, int64_t now_ms);
/* If all that is left has to wait: until when; else 0. */
int64_t	work_waits_until_ms(const struct work *);
/* The opt-out list was read again. */
void	work_tell_opt_out(struct work *);
/* The names of the plan are hosts, so nothing is asked about them as domains.
 * Returns false with errno. */
bool	work_take_hosts(struct work *);

/* For holding. */
/* Commits the batch, and frees it with its harvest. */
void	work_commit(struct work *, struct batch *, struct harvest *);
/* The failures of the batch are ours: these items are queued again, and the
 * rest is committed. Frees both. */
void	work_give_back(struct work *, struct batch *, struct harvest *);

/* For the queues. */
/* Ends the run with errno and the name of the file that could not be
 * written. */
void	work_output_failed(struct work *, const char *what);
/* Does the same for a batch whose items can be queued again. If the disk is
 * only full, the run does not end: work holds, and the event `full` follows.
 * Either way the caller gives the batch back. */
void	work_batch_failed(struct work *, const char *what);
void	work_fail(struct work *, int status);	/* after a message */
/* Takes the next number of the sequence that hosts and probes share. */
uint64_t work_take_part(struct work *);
void	work_note_part(struct work *, uint64_t number);	/* read back */
/* Are the queues before this one done? */
bool	work_is_done_before(const struct work *, const struct work_queue *);

#endif

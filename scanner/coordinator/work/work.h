/*
 * work: what there is to do, from the first name to the last session, as a table of
 * queues. It makes batches for the crew and takes into the registry what the committed
 * ones say. A restart does the latter alone.
 *
 * Each queue is one source of work and alone writes to its state; each kind of job says
 * how its batches are checked, and what follows from one:
 *
 *	domains		the chunks of the plan, and what is left of them: names that wait
 *			for a name server (name_servers), failed ones, suspects
 *	hosts		MX hosts that are new to the registry; failed ones, suspects
 *	probes		targets that pacing lets go, and judgements; confirmations
 *	policies	the policies of committed parts of domains
 *	suspects	what may have crashed a worker, after all else, one at a time
 *	second_pass	when what has failed is asked once more
 */
#ifndef MXCENSUS_COORDINATOR_WORK_WORK_H
#define MXCENSUS_COORDINATOR_WORK_WORK_H

#include <stdbool.h>
#include <stdint.h>

#include "scanner/coordinator/batch/batch.h"
#include "scanner/coordinator/batch/harvest.h"
#include "scanner/coordinator/crew/crew.h"
#include "scanner/coordinator/probing/pace.h"
#include "scanner/coordinator/probing/registry.h"
#include "scanner/coordinator/probing/schedule.h"
#include "scanner/plan/plan.h"
#include "scanner/run/run.h"

/* Hosts and probes wait so long for company in a batch. */
#define GATHER_MS	1000

struct domains;
struct mx_hosts;
struct name_servers;
struct policies;
struct probes;

/* They run from within work, and must not call back into it. */
struct work_events {
	void	*tag;
	void	(*changed)(void *tag);		/* there may be more to do */
	void	(*failed)(void *tag, int status);	/* after a line */
};

struct work {
	const struct options *options;
	struct run	*run;
	const struct plan *plan;
	struct crew	*crew;		/* NULL while parts are read back */
	struct work_events events;
	bool		 has_failed;
	struct registry	 registry;
	struct pace	*pace;
	struct schedule	 schedule;
	struct name_servers *name_servers;
	struct domains	*domains;
	struct mx_hosts	*hosts;
	struct probes	*probes;
	struct policies	*policies;
	uint64_t	 next_part;	/* hosts and probes share one sequence */
};

/* One source of work. */
struct work_queue {
	enum job_kind	kind;
	enum seat	seat;		/* who takes its batches */
	/* Is there a batch to be made now? */
	bool	(*has_next)(struct work *, int64_t now_ms);
	/* NULL: there is nothing for this worker after all, or work has failed. */
	struct batch *(*next)(struct work *, unsigned worker, int64_t now_ms);
	/* What the batch was made of stands in line again; what is accused, apart. */
	void	(*lost)(struct work *, struct batch *);
	/* Nothing is in line, or to come of itself. */
	bool	(*is_done)(const struct work *);
	/* When has_next may turn true of itself; NULL: the tick is early enough. */
	int64_t	(*wake_ms)(const struct work *, int64_t now_ms);
};

/* One kind of job. */
struct work_kind {
	harvest_reader	*read;
	/* The keys that the batch must have. False with errno. */
	bool	(*expect)(const struct batch *, struct map *expected);
	/* The batch is committed, and follows from it. */
	void	(*committed)(struct work *, struct batch *,
		    const struct harvest *);
	/* A part of an earlier process; false after a line. */
	bool	(*read_back)(struct work *, uint64_t number,
		    const struct harvest *);
	/* All parts of the kind are read back. */
	void	(*all_read_back)(struct work *);
	/* Sessions of an item are over; NULL: there are none. */
	void	(*ended)(struct work *, struct batch *, uint32_t item,
		    unsigned greeting_code);
	struct crew_share share;
};

extern const struct work_kind domains_job, hosts_job, probes_job, policies_job;
/* In the order in which they are asked for work: what the run ends with goes first. */
extern const struct work_queue hosts_queue, hosts_second_queue, probes_queue,
    confirmations_queue, policies_queue, chunks_queue, held_queue,
    domains_second_queue, suspects_queue;

const struct work_kind *work_kind_of(enum job_kind);

/* `sessions`: at a time, as open files allow. */
struct work *work_new(const struct options *, struct run *, const struct plan *,
	    uint64_t sessions, const struct work_events *);
void	work_free(struct work *);
/* How batches are shared out; so many files may be open. */
void	work_share_out(uint64_t files, struct crew_share share[JOB_KINDS]);
/* What the crew is to call. */
struct crew_events work_crew_events(struct work *);

/* Makes and hands out as many batches as there is work and room for. */
void	work_look(struct work *);
/* Nothing is at a worker, in line, or to come. */
bool	work_is_done(const struct work *);
/* When to look for work although nothing has happened; INT64_MAX: never. */
int64_t	work_wake_ms(const struct work *, int64_t now_ms);
/* The opt-out list has been read again. */
void	work_tell_opt_out(struct work *);
/* The names of the plan are hosts: nothing is asked about them as domains. False with
 * errno. */
bool	work_take_hosts(struct work *);

/* For the queues. */
/* Errno ends the run, with what could not be written. */
void	work_output_failed(struct work *, const char *what);
void	work_fail(struct work *, int status);	/* after a line */
/* An item of hosts or probes has a number of the shared sequence. */
uint64_t work_take_part(struct work *);
void	work_note_part(struct work *, uint64_t number);	/* read back */
/* The queues before this one are done. */
bool	work_is_done_before(const struct work *, const struct work_queue *);

#endif

/*
 * coordinator: keeps the plan, the registry and the pace, hands batches to
 * workers, checks and commits what they wrote. It meets nobody outside.
 *
 * The way of a batch: batch_* makes it, supervise hands it out, a worker writes
 * it, absorb reads it back and checks it, batch_commit links it, and absorb takes
 * into the registry what it says. A restart only does the last step.
 */
#ifndef MXCENSUS_COORDINATOR_COORDINATOR_H
#define MXCENSUS_COORDINATOR_COORDINATOR_H

#include <ev.h>
#include <jansson.h>
#include <sys/types.h>

#include "scanner/base/buffer.h"
#include "scanner/base/heap.h"
#include "scanner/coordinator/folder.h"
#include "scanner/coordinator/pace.h"
#include "scanner/coordinator/plan.h"
#include "scanner/coordinator/registry.h"
#include "scanner/coordinator/tally.h"
#include "scanner/message/item.h"
#include "scanner/options.h"

/* Hosts and probes wait so long for company in a batch. */
#define GATHER_MS 1000

struct worker_process {
	struct coordinator *coordinator;
	pid_t		 pid;
	int		 socket;
	ev_io		 readable;
	bool		 ready;
	/* Batches that it has not begun to the end, by kind. */
	unsigned	 unstarted[JOB_KINDS];
	uint64_t	 sessions;	/* probes granted to it, not ended */
	uint64_t	 asked, in_flight, waiting;	/* its last gauge */
	struct list	 batches;
};

/* A batch that is at a worker. */
struct batch {
	struct list	 link;		/* worker->batches */
	enum job_kind	 kind;
	uint64_t	 number;
	uint8_t		 attempt;
	uint32_t	 items;
	bool		 begun;
	/* Items of a plan chunk stand in the plan; others in `input`. */
	bool		 is_chunk;
	struct buffer	 input;
	/* What a probe batch is made of, by item. */
	struct granted {
		struct unit	*unit;
		uint8_t		 attempt;
		bool		 connects;	/* else judged without */
		bool		 ended;
		struct host	**hosts;	/* that this batch judges */
		uint32_t	 host_count;
		int64_t		 granted_ms;
	}		*granted;
	unsigned	 output_count;
	int		 outputs[JOB_OUTPUTS_MAX];
};

struct coordinator {
	const struct options	*options;
	struct ev_loop		*ev;
	struct folder		 folder;
	struct plan		 plan;
	struct registry		 registry;
	struct pace		*pace;
	struct tally		 tally;
	struct worker_process	*workers;
	unsigned		 worker_count;
	struct worker_process	 confirmer;	/* of mismatches: U10 */
	/* Domains. */
	bool			*chunk_done;	/* committed, or at a worker */
	uint64_t		 next_chunk, chunks_committed;
	uint64_t		 next_domain_part;	/* behind the chunks */
	struct buffer		 deferred_domains;	/* items */
	uint32_t		 deferred_domain_count;
	int64_t			 deferred_domains_due_ms;
	/* Hosts and probes share one sequence. */
	uint64_t		 next_part;
	struct buffer		 deferred_hosts;
	uint32_t		 deferred_host_count;
	int64_t			 deferred_hosts_due_ms;
	int64_t			 hosts_since_ms;	/* the oldest in line */
	/* Let go by pacing, not yet in a batch. */
	struct gathering {
		struct granted	*granted;
		uint32_t	 count;
		int64_t		 since_ms;
	}			 gathered, confirming;
	FILE			*starts;	/* .work/starts */
	struct map		*started_before;	/* of an earlier process */
	unsigned		 batches;	/* at workers */
	unsigned		 deaths;	/* of workers since the last commit */
	bool			 told_no_sandbox;
	json_t			*run;		/* run.json */
	int64_t			 started_ms;
	bool			 resuming;	/* reading back: nothing is queued */
	bool			 stopping;
	int			 exit_status;
	ev_timer		 tick;
	ev_timer		 grace;
	ev_signal		 interrupt, terminate;
	struct progress		*progress;
	ev_timer		 wake;		/* pacing, second passes */
	ev_timer		 kick;
};

/* Runs the whole: plan, measure, seal. Returns the exit status. */
int	coordinator_run(const struct options *);
/* --dry-run: the plan alone, in a folder that is removed again; says what would
 * be measured. Returns the exit status. */
int	coordinator_dry_run(const struct options *, FILE *);

/* supervise.c */
bool	supervise_start(struct coordinator *);
void	supervise_stop(struct coordinator *);
/* The worker that takes the next batch of the kind; NULL if all have enough. */
struct worker_process *supervise_choose(struct coordinator *, enum job_kind);
/* Hands the batch over with its descriptors. */
void	supervise_send(struct worker_process *, struct batch *);
/* A worker beside the others: starts it; lets it go when it has done its work. */
void	supervise_hire(struct worker_process *);
void	supervise_retire(struct worker_process *);

/* batch.c, batch_probes.c: each makes and sends as many batches as there is work and room for. */
void	batch_domains(struct coordinator *);
void	batch_hosts(struct coordinator *);
void	batch_probes(struct coordinator *);
/* The worker says it is written: check, commit, absorb. */
void	batch_done(struct worker_process *, struct batch *, int error);
/* The worker is gone: what the batch was made of goes back in line. */
void	batch_lost(struct coordinator *, struct batch *);
void	batch_free(struct batch *);
struct batch *batch_new(enum job_kind, uint64_t number, uint8_t attempt,
	    uint32_t items);
/* Creates the outputs and hands the batch to the worker. */
void	batch_send(struct coordinator *, struct worker_process *,
	    struct batch *);
/* What follows from a probe batch that is committed, or lost. */
void	batch_follow_up(struct coordinator *, struct batch *);
void	batch_return_granted(struct coordinator *, struct batch *);
/* Says so with errno and ends the run. */
void	batch_output_failed(struct coordinator *, const char *what);
/* The name that an output of the kind is committed under: "mx/part-000001.csv.gz". */
void	batch_output_name(enum job_kind, uint64_t number, unsigned output,
	    char name[PART_NAME_MAX]);

/* absorb.c */
struct harvest;
/* Reads what is in the descriptors of a batch (order of item.h). With `batch`,
 * every key is checked against its items. NULL with a sentence in `why`. */
struct harvest *absorb_read(struct coordinator *, enum job_kind,
	    const int *descriptors, const struct batch *, char why[256]);
/* Rows of an output, so that an empty one need not be linked. */
size_t	absorb_rows(const struct harvest *, unsigned output);
/* Takes it into registry, pace and tally; frees it. `number`: of the part. */
void	absorb_apply(struct coordinator *, struct harvest *, enum job_kind,
	    uint64_t number);
void	absorb_discard(struct harvest *);

/* resume.c: reads back what is committed, removes what is not. */
bool	resume(struct coordinator *);
/* When an attempt that an earlier process may have started may be repeated; 0
 * where it was not started. */
int64_t	resume_not_before(const struct coordinator *, const struct unit *,
	    uint8_t attempt);

/* schedule.c: what follows from what became known. */
void	schedule_host(struct coordinator *, struct host *,
	    const struct address *addresses, const enum address_class *classes,
	    size_t count);
void	schedule_attempt(struct coordinator *, struct unit *);

/* seal.c */
bool	seal_run(struct coordinator *);

/* run_file.c: run.json. Begin makes it, or holds the options against those of
 * the first start; false after a line that says what differs. */
bool	run_file_begin(struct coordinator *);
bool	run_file_write(struct coordinator *);	/* state: measuring */
/* What it says in that state; the caller frees it. NULL without memory. */
char	*run_file_text(struct coordinator *, const char *state);

/* Ends the run from anywhere: the loop is left. */
void	coordinator_fail(struct coordinator *, int status);
/* Something has changed: look for work. */
void	coordinator_kick(struct coordinator *);

#endif

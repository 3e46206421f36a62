/*
 * coordinator: keeps the plan, the registry and the pace, hands batches to
 * workers, checks and commits what they wrote. It meets nobody outside.
 *
 * The way of a batch: batch_* makes it, supervise hands it out, a worker writes
 * it, harvest reads it back and checks it, batch_done links it, and absorb takes
 * into the registry what it says. A restart only does the last step.
 */
#ifndef MXCENSUS_COORDINATOR_COORDINATOR_H
#define MXCENSUS_COORDINATOR_COORDINATOR_H

#include <ev.h>
#include <sys/types.h>

#include "parsers/opt_out.h"
#include "scanner/base/buffer.h"
#include "scanner/base/heap.h"
#include "scanner/coordinator/batch/item_line.h"
#include "scanner/coordinator/probing/pace.h"
#include "scanner/coordinator/probing/registry.h"
#include "scanner/coordinator/work/name_servers.h"
#include "scanner/message/in_flight.h"
#include "scanner/message/item.h"
#include "scanner/options/options.h"
#include "scanner/plan/plan.h"
#include "scanner/run/folder.h"
#include "scanner/run/run_json.h"
#include "scanner/run/tally.h"

/* Hosts and probes wait so long for company in a batch. */
#define GATHER_MS 1000

struct worker_process {
	struct coordinator *coordinator;
	pid_t		 pid;
	int		 socket;
	ev_io		 readable;
	bool		 ready;
	struct in_flight *page;		/* of what it is working on */
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
	/* Of a chunk of the plan, that has `number` there. Its items stand in the
	 * plan's file, unless some are left out or marked: then in `input`. */
	bool		 is_chunk;
	bool		 is_in_plan;
	struct buffer	 input;
	uint32_t	 opted_out;	/* items of the chunk that are left out */
	/* Items that were in flight when a worker crashed with the batch; NULL:
	 * none. Alone in it: it is the culprit. */
	bool		*accused;
	bool		 is_convicted;
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
	/* A worker has so many batches at the most: each waits for its slowest
	 * name, and has its files open. */
	unsigned		 batches_a_worker;
	uint64_t		 sessions_most;	/* --probes, as descriptors allow */
	struct worker_process	 confirmer;	/* of mismatches: U10 */
	struct worker_process	 examiner;	/* of suspects, one at a time */
	/* Domains. */
	bool			*chunk_done;	/* committed, or at a worker */
	uint64_t		 next_chunk, chunks_committed;
	uint64_t		 next_domain_part;	/* behind the chunks */
	/* What failed once, for the second pass. */
	struct item_line	 failed_domains, failed_hosts;
	int64_t			 failed_domains_due_ms, failed_hosts_due_ms;
	/* Suspects, for the examiner; hosts are in registry.suspects. Names that
	 * are to be left aside as such when their chunk goes out again: value is
	 * the map's own address, or NULL for one that is not any more. */
	struct item_line	 suspect_domains;
	struct map		*suspects;
	uint64_t		 suspect_count;
	struct name_servers	*name_servers;	/* budgets, and names held */
	/* Hosts and probes share one sequence. */
	uint64_t		 next_part;
	int64_t			 hosts_since_ms;	/* the oldest in line */
	/* Committed parts of domains whose policies nobody has yet. */
	struct policy_parts {
		uint64_t	*numbers;	/* the first `taken` are out */
		size_t		 count, size, taken;
		uint64_t	*suspected;	/* for the examiner */
		size_t		 suspected_count;
		struct map	*suspects;	/* names in them; NULL: none */
	}			 policies;
	/* Let go by pacing, not yet in a batch. */
	struct gathering {
		struct granted	*granted;
		uint32_t	 count;
		int64_t		 since_ms;
	}			 gathered, confirming, examining;
	FILE			*starts;	/* .work/starts */
	struct map		*started_before;	/* of an earlier process */
	unsigned		 batches;	/* at workers */
	unsigned		 probe_batches;	/* of them */
	unsigned		 probe_batches_most;
	unsigned		 deaths;	/* of workers since the last commit */
	struct opt_out		 opt_out;	/* in force */
	struct buffer		 opt_out_text;	/* the same, for workers */
	struct buffer		 policy_list;	/* --policy-list, as it is */
	uint64_t		 opted_out;	/* domains left out so far */
	bool			 told_no_sandbox;
	struct run_json		 run;		/* empty in a dry run */
	int64_t			 started_ms;
	bool			 resuming;	/* reading back: nothing is queued */
	bool			 stopping;
	int			 exit_status;
	ev_timer		 tick;
	ev_timer		 grace;
	ev_timer		 time_over;	/* --max-runtime */
	ev_signal		 interrupt, terminate, hangup;
	struct progress		*progress;
	ev_timer		 wake;		/* pacing, second passes */
	ev_timer		 kick;
};

/* Runs the whole: plan, measure, seal. Returns the exit status. */
int	coordinator_run(const struct options *);
/* dry_run.c: --dry-run: the lists are read, and the plan alone is made, in a folder
 * that is removed again; says what would be measured. Returns the exit status. */
int	coordinator_dry_run(const struct options *, FILE *);

/* dialogue.c */
/* A worker's socket has something to say, or is closed. */
void	dialogue_readable(struct ev_loop *, ev_io *, int revents);
/* Tells every worker the opt-out list that is in force from now on. */
void	dialogue_tell_opt_out(struct coordinator *);

/* supervise.c */
bool	supervise_start(struct coordinator *);
void	supervise_stop(struct coordinator *);
/* The worker that takes the next batch of the kind; NULL if all have enough. */
struct worker_process *supervise_choose(struct coordinator *, enum job_kind);
/* The worker takes one more of the kind. */
bool	supervise_has_room(const struct worker_process *, enum job_kind);
/* Hands the batch over with its descriptors. */
void	supervise_send(struct worker_process *, struct batch *);
/* It is over, whatever it was doing: what it had goes to another. */
void	supervise_bury(struct worker_process *);
/* The batch of the worker's with that number; NULL if it has none. */
struct batch *supervise_batch(struct worker_process *, enum job_kind,
	    uint64_t number);
/* A descriptor of bytes in memory that a worker can read; -1 with errno. */
int	supervise_memory(const struct buffer *);
/* A worker beside the others: starts it; lets it go when it has done its work. */
void	supervise_hire(struct worker_process *);
void	supervise_retire(struct worker_process *);

/* batch.c, batch_probes.c, batch_policies.c, batch_suspects.c: each makes and sends as many batches
 * as there is work and room for. */
void	batch_domains(struct coordinator *);
void	batch_hosts(struct coordinator *);
void	batch_probes(struct coordinator *);
void	batch_suspects(struct coordinator *);
/* The worker says it is written: check, commit, absorb. */
void	batch_done(struct worker_process *, struct batch *, int error);
/* The worker is gone: what the batch was made of goes back in line, and those
 * that are accused apart from the others. */
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
/* Puts a gathering's first units, at most so many, into a batch. */
void	batch_send_granted(struct coordinator *, struct gathering *,
	    uint32_t most, struct worker_process *);
/* batch_policies.c: the policies of committed parts of domains. */
struct table_reader;
/* Does that row of domains have a row of policies? */
bool	batch_wants_policy(const struct table_reader *);
/* A part with such rows is committed. */
void	batch_want_policies(struct coordinator *, uint64_t number);
size_t	batch_policies_waiting(const struct coordinator *);
void	batch_policies(struct coordinator *);
/* For the examiner: a part with names that are accused. False: there is none. */
bool	batch_policies_suspect(struct coordinator *, struct worker_process *);
bool	batch_policies_has_suspect(const struct coordinator *);
/* The worker is gone: the part stands in line again. */
void	batch_policies_lost(struct coordinator *, const struct batch *);
void	batch_policies_fini(struct coordinator *);
/* batch_suspects.c: the name of an item that is accused is apart from now on. */
void	batch_accuse_items(struct coordinator *, struct batch *);
/* Says so with errno and ends the run. */
void	batch_output_failed(struct coordinator *, const char *what);
/* The name that an output of the kind is committed under: "mx/part-000001.csv.gz". */
void	batch_output_name(enum job_kind, uint64_t number, unsigned output,
	    char name[PART_NAME_MAX]);

/* harvest.c */
struct harvest;
/* Reads what is in the descriptors of a batch (order of item.h). With `batch`,
 * every key is checked against its items. NULL with a sentence in `why`. */
struct harvest *harvest_read(struct coordinator *, enum job_kind kind,
	    const int *descriptors, const struct batch *, char why[256]);
/* Rows of an output, so that an empty one need not be linked. */
size_t	harvest_count(const struct harvest *, unsigned output);
void	harvest_free(struct harvest *);

/* absorb.c */
/* Takes it into registry, pace and tally. `number`: of the part. */
void	absorb(struct coordinator *, const struct harvest *, enum job_kind kind,
	    uint64_t number);
/* A deferred domain goes in line by its state. */
void	absorb_deferred(struct coordinator *, const struct domain_item *);

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
/* What the unit is to do next, unless it is under way. */
void	schedule_unit(struct coordinator *, struct unit *);
/* A session of its own is committed: it tells of the address; schedule_weigh is
 * that alone, at a restart. */
void	schedule_ended(struct coordinator *, struct unit *, uint8_t attempt);
void	schedule_weigh(struct coordinator *, struct unit *, uint8_t attempt);
/* An attempt that was let go and has no session, for that reason. */
void	schedule_bar(struct coordinator *, struct unit *, uint8_t attempt,
	    enum outcome reason);
bool	schedule_is_opted_out(const struct coordinator *, const struct unit *);

/* opt_out_file.c: reads --opt-out anew. False after a line that says what is
 * wrong; then what was in force stays. */
bool	opt_out_load(struct coordinator *);

/* --policy-list: read and checked; false after a line for each fault. */
bool	policy_list_load(struct coordinator *);
/* Copied into the run. EXIT_COMPLETE, or another status after a line. */
int	policy_list_keep(struct coordinator *);

/* seal.c */
bool	seal_run(struct coordinator *);

/* run_file.c: run.json. Begin makes it, or holds the options against those of
 * the first start; false after a line that says what differs. */
bool	run_file_begin(struct coordinator *);
bool	run_file_write(struct coordinator *);	/* state: measuring */
/* What it says in that state; the caller frees it. NULL without memory. */
char	*run_file_text(struct coordinator *, enum run_state);

/* Ends the run from anywhere: the loop is left. */
void	coordinator_fail(struct coordinator *, int status);
/* Something has changed: look for work. */
void	coordinator_kick(struct coordinator *);

#endif

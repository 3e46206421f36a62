/*
 * job: a batch in the worker: items to start, tables to fill, descriptors to
 * write. The worker owns its jobs. The last item that ends writes the parts,
 * says DONE, and frees the job.
 */
#ifndef MXCENSUS_WORKER_JOB_H
#define MXCENSUS_WORKER_JOB_H

#include "scanner/base/list.h"
#include "scanner/message/item.h"
#include "scanner/out/table.h"

struct worker;

struct job {
	struct worker	*worker;
	enum job_kind	 kind;
	uint64_t	 number;
	uint8_t		 attempt;
	uint8_t		*input;
	struct wire	 next;			/* the items that have not
						 * started */
	uint32_t	 items, started, ended;
	/* For a job whose name servers set the pace: its names that wait for
	 * them, and how many may at most; 0: any other job. */
	uint32_t	 waiting, waiting_most;
	int		 own_error;		/* errno of a fault of our own
						 * in a policy; 0: none */
	struct list	 suspects;		/* policies that are asked
						 * last */
	uint32_t	 suspect_count;
	unsigned	 output_count;
	int		 outputs[JOB_OUTPUTS_MAX];
	struct table	*tables[JOB_OUTPUTS_MAX];	/* NULL for deferred
							 * items */
	struct keyset	*staged;		/* hashes of the chains and
						 * certificates in the tables;
						 * NULL: none */
	struct buffer	 deferred;		/* items in the form in which
						 * they came */
	struct list	 link;			/* worker->queues */
};

/* Takes the descriptors over: reads and closes the input, and keeps the
 * outputs. Returns NULL if the message does not fit. */
struct job *job_new(struct worker *, const struct message *,
	    const int *descriptors, size_t count);
void	job_free(struct job *);
/* The lane for the job's kind and attempt (worker.h: worker_lane). */
struct lane *job_lane(const struct job *);
/* May a failed item of this job be deferred to the second pass? */
bool	job_may_defer(const struct job *);
/* An item has ended: its rows are in the tables. This may free the job. */
void	job_item_ended(struct job *);

#endif

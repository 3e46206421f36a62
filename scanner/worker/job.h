/*
 * job: a batch as the worker has it: items to start, tables to fill, descriptors
 * to write. The last item that ends writes the parts and says DONE.
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
	struct wire	 next;			/* of the items not yet started */
	uint32_t	 items, started, ended;
	struct list	 suspects;		/* policies that go last */
	uint32_t	 suspect_count;
	unsigned	 output_count;
	int		 outputs[JOB_OUTPUTS_MAX];
	struct table	*tables[JOB_OUTPUTS_MAX];	/* NULL for deferred */
	struct buffer	 deferred;		/* items, as they came */
	struct list	 link;			/* worker->queues */
};

/* Takes the descriptors over: the input is read and closed, the outputs are kept.
 * NULL if the message does not fit. */
struct job *job_new(struct worker *, const struct message *,
	    const int *descriptors, size_t count);
void	job_free(struct job *);
/* Who is asked: in the second pass, a resolver that is more patient. */
struct resolver *job_resolver(const struct job *);
/* An item is through: its rows are in the tables. May free the job. */
void	job_item_ended(struct job *);

/* Each takes one item off job->next and starts it; ends in job_item_ended. False
 * if the item is not legal. */
bool	domain_start(struct job *);
bool	host_start(struct job *);
bool	probe_start(struct job *);
bool	policy_start(struct job *);

#endif

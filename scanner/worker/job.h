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
/* Who is asked, first attempt or second (worker.h: worker_lane). */
struct lane *job_lane(const struct job *);
/* What fails in this job is asked for again in a second pass. Not so while only
 * allowed networks are asked: name servers elsewhere seem to fail, as often as they
 * are asked, and what has failed twice counts as a finding (RULES 9). */
bool	job_may_defer(const struct job *);
/* An item is through: its rows are in the tables. May free the job. */
void	job_item_ended(struct job *);

#endif

/*
 * job_outputs: declares what a job of each kind writes, in one place for both
 * sides: the coordinator makes, checks and links the files, and the worker
 * fills them.
 */
#ifndef MXCENSUS_MESSAGE_JOB_OUTPUTS_H
#define MXCENSUS_MESSAGE_JOB_OUTPUTS_H

#include <stdbool.h>

#include "scanner/message/item.h"
#include "scanner/out/columns.h"

struct job_output {
	const char	*folder;	/* in the run: "mx", ".work/chains" */
	enum table_id	 table;		/* TABLE_COUNT: items (item.h) */
	bool		 skip_empty;	/* an empty one is not linked */
	bool		 is_staged;	/* its rows are for the seal */
};

/* The outputs in the order of the descriptors that come with the job, after the
 * input. The key table is the last: its link commits the batch. */
struct job_outputs {
	const char	 *name;		/* the name of the kind: "domains" */
	unsigned	  count;
	struct job_output outputs[JOB_OUTPUTS_MAX];
};

const struct job_outputs *job_outputs_of(enum job_kind);
static inline unsigned
job_outputs_key(const struct job_outputs *outputs)
{
	return outputs->count - 1;
}

#endif

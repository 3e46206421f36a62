/*
 * job_outputs: what a job of each kind writes, told once: for the coordinator,
 * which makes, checks and links the files, and for the worker, which fills them.
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

/* In the order of the descriptors that travel with the job, behind the input. The
 * key table is the last: its link commits the batch. */
struct job_outputs {
	const char	 *name;		/* of the kind: "domains" */
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

/*
 * batch: work put together for a worker, whose outputs are committed together
 * (docs/architecture.md, "Batches"). It knows no worker, and no kind but by
 * what that writes.
 *
 * Its input is bytes of a descriptor: of the plan's file, or of its own memory file.
 * Whoever makes a batch says what it is made of (`cargo`), and reads that again when
 * the batch is committed or lost.
 */
#ifndef MXCENSUS_COORDINATOR_BATCH_BATCH_H
#define MXCENSUS_COORDINATOR_BATCH_BATCH_H

#include <stdbool.h>
#include <stdint.h>

#include "scanner/base/buffer.h"
#include "scanner/base/list.h"
#include "scanner/message/job_outputs.h"
#include "scanner/run/folder.h"

struct work_queue;

struct batch {
	struct list	 link;		/* the crew's: batches of its worker */
	enum job_kind	 kind;
	const struct job_outputs *outputs;
	const struct work_queue *queue;	/* that made it */
	uint64_t	 number;	/* of its parts */
	uint8_t		 attempt;
	uint32_t	 items;
	struct batch_input {
		int		descriptor;	/* -1: none yet */
		bool		is_own;		/* closed with the batch */
		uint64_t	offset, length;
	}		 input;
	uint32_t	 sessions;	/* items that connect and have not ended */
	uint32_t	 left_out;	/* names of its chunk that have opted out */
	void		*cargo;
	void		(*free_cargo)(struct batch *);
	bool		 has_begun;	/* the crew's: every item is started */
	/* Items that were in flight when a worker crashed with the batch; NULL:
	 * none. The one of an examined batch is the culprit. */
	bool		*accused;
	bool		 is_convicted;
	int		 descriptors[JOB_OUTPUTS_MAX];	/* of its outputs */
};

struct batch *batch_new(enum job_kind, uint64_t number, uint8_t attempt);
void	batch_free(struct batch *);
/* Copies the items into a memory file of the batch's own. False with errno. */
bool	batch_set_input(struct batch *, const struct buffer *items);
/* Appends the items as they were handed out. False with errno. */
bool	batch_read_input(const struct batch *, struct buffer *items);
static inline bool
batch_is_accused(const struct batch *batch, uint32_t item)
{
	return batch->accused != NULL && batch->accused[item];
}

/* The name that an output is committed under: "mx/part-000001.csv.gz". */
void	batch_output_name(const struct job_outputs *, uint64_t number,
	    unsigned output, char name[PART_NAME_MAX]);
/* Creates the outputs. False with errno; `name` is the file. */
bool	batch_open(struct batch *, struct folder *, char name[PART_NAME_MAX]);
/* Links the outputs, the key table last; `rows` of each output. False with errno;
 * `name` is the file. */
bool	batch_commit(struct batch *, struct folder *, const size_t rows[],
	    char name[PART_NAME_MAX]);
/* Removes the outputs of a batch that is not to be committed. */
void	batch_discard(const struct batch *, struct folder *);

#endif

/*
 * batch: items that are handed to one worker together, and whose outputs are
 * committed together (docs/architecture.md, "The way of a domain"). It does not
 * know the workers, and knows only which outputs each kind of job has.
 *
 * The input is a range of bytes behind a descriptor: the plan's file, or a
 * memory file that the batch owns. The queue that makes a batch notes in
 * `cargo` what the batch is made of, and reads it when the batch is committed
 * or lost.
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
	const struct work_queue *queue;	/* the queue that made it */
	uint64_t	 number;	/* the number of its parts */
	uint8_t		 attempt;
	uint32_t	 items;
	struct batch_input {
		int		descriptor;	/* -1: none yet */
		bool		is_own;		/* closed with the batch */
		uint64_t	offset, length;
	}		 input;
	uint32_t	 sessions;	/* items that connect and have not
					 * ended */
	bool		 is_scratch;	/* its outputs are in memory and never
					 * committed */
	bool		 is_paced;	/* its name servers set its pace */
	uint64_t	 committed_bytes;
	uint32_t	 left_out;	/* names that opted out */
	int		 own_error;	/* errno of the latest fault of our own
					 * in it; 0: none */
	void		*cargo;
	void		(*free_cargo)(struct batch *);
	unsigned	 worker;	/* set by the crew: who got it last */
	bool		 has_begun;	/* the same: every item has started */
	/* True for each item that was in flight when a worker crashed with this
	 * batch; NULL if there was no crash. An accused item of a batch of the
	 * examiner is the culprit. */
	bool		*accused;
	bool		 is_convicted;
	int		 descriptors[JOB_OUTPUTS_MAX];	/* the outputs */
};

struct batch *batch_new(enum job_kind, uint64_t number, uint8_t attempt);
void	batch_free(struct batch *);
/* Copies the items into a memory file that the batch owns. Returns false with
 * errno. */
bool	batch_set_input(struct batch *, const struct buffer *items);
/* Appends the items in the form in which they were handed out. Returns false
 * with errno. */
bool	batch_read_input(const struct batch *, struct buffer *items);
static inline bool
batch_is_accused(const struct batch *batch, uint32_t item)
{
	return batch->accused != NULL && batch->accused[item];
}

/* The name under which an output is committed: "mx/part-000001.csv.gz". */
void	batch_output_name(const struct job_outputs *, uint64_t number,
	    unsigned output, char name[PART_NAME_MAX]);
/* Creates the outputs, in memory if it is a scratch batch. Returns false with
 * errno; then `name` is the file that failed. */
bool	batch_open(struct batch *, struct folder *, char name[PART_NAME_MAX]);
/* Links the outputs, the key table last. `rows` counts the rows of each output.
 * Returns false with errno; then nothing is linked, and `name` is the file that
 * failed. */
bool	batch_commit(struct batch *, struct folder *, const size_t rows[],
	    char name[PART_NAME_MAX]);
/* Removes the outputs of a batch that will not be committed. */
void	batch_discard(const struct batch *, struct folder *);

#endif

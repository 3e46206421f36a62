#include "scanner/coordinator/batch/batch.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "scanner/base/memory.h"
#include "scanner/base/read_all.h"
#include "scanner/process/memory_file.h"

struct batch *
batch_new(enum job_kind kind, uint64_t number, uint8_t attempt)
{
	struct batch *batch = xcalloc(1, sizeof *batch);

	batch->kind = kind;
	batch->outputs = job_outputs_of(kind);
	batch->number = number;
	batch->attempt = attempt;
	batch->input.descriptor = -1;
	for (unsigned i = 0; i < JOB_OUTPUTS_MAX; i++)
		batch->descriptors[i] = -1;
	list_init(&batch->link);
	return batch;
}

void
batch_free(struct batch *batch)
{
	list_remove(&batch->link);
	for (unsigned i = 0; i < batch->outputs->count; i++)
		if (batch->descriptors[i] >= 0)
			close(batch->descriptors[i]);
	if (batch->input.is_own && batch->input.descriptor >= 0)
		close(batch->input.descriptor);
	if (batch->free_cargo != NULL)
		batch->free_cargo(batch);
	free(batch->accused);
	free(batch);
}

bool
batch_set_input(struct batch *batch, const struct buffer *items)
{
	batch->input = (struct batch_input){
		.descriptor = memory_file_new(items), .is_own = true,
		.length = items->length,
	};
	return batch->input.descriptor >= 0;
}

bool
batch_read_input(const struct batch *batch, struct buffer *items)
{
	const struct batch_input *input = &batch->input;
	size_t length = (size_t)input->length;

	if (!read_all_at(input->descriptor, buffer_reserve(items, length),
	    length, input->offset))
		return false;
	items->length += length;
	return true;
}

void
batch_output_name(const struct job_outputs *outputs, uint64_t number,
    unsigned output, char name[PART_NAME_MAX])
{
	const struct job_output *what = &outputs->outputs[output];

	part_name(name, what->folder, number,
	    what->table == TABLE_COUNT ? "" : ".csv.gz");
}

/* The name of an output while it is written. Kind, number and output make it
 * unique. */
static void
open_name(const struct batch *batch, unsigned output, char name[PART_NAME_MAX])
{
	snprintf(name, PART_NAME_MAX, "%s-%06" PRIu64 "-%u",
	    batch->outputs->name, batch->number, output);
}

bool
batch_open(struct batch *batch, struct folder *folder,
    char name[PART_NAME_MAX])
{
	for (unsigned i = 0; i < batch->outputs->count; i++) {
		open_name(batch, i, name);
		batch->descriptors[i] = batch->is_scratch
		    ? memory_file_new(&(struct buffer){ 0 })
		    : folder_create(folder, name);
		if (batch->descriptors[i] < 0)
			return false;
	}
	return true;
}

/* Removes the first outputs from the run again. The key table is the last one,
 * so nothing was committed yet. */
static void
unlink_outputs(const struct batch *batch, struct folder *folder,
    unsigned count)
{
	char name[PART_NAME_MAX];
	int error = errno;

	while (count-- > 0) {
		batch_output_name(batch->outputs, batch->number, count, name);
		(void)folder_remove(folder, name);
	}
	errno = error;
}

bool
batch_commit(struct batch *batch, struct folder *folder, const size_t rows[],
    char name[PART_NAME_MAX])
{
	char open[PART_NAME_MAX];
	struct stat status;

	batch->committed_bytes = 0;
	for (unsigned i = 0; i < batch->outputs->count; i++) {
		open_name(batch, i, open);
		if (rows[i] == 0 && batch->outputs->outputs[i].skip_empty) {
			folder_discard(folder, open);
			continue;
		}
		batch_output_name(batch->outputs, batch->number, i, name);
		if (!folder_commit(folder, batch->descriptors[i], open, name)) {
			unlink_outputs(batch, folder, i);
			return false;
		}
		if (fstat(batch->descriptors[i], &status) == 0)
			batch->committed_bytes += (uint64_t)status.st_size;
	}
	return true;
}

void
batch_discard(const struct batch *batch, struct folder *folder)
{
	char name[PART_NAME_MAX];

	for (unsigned i = 0; i < batch->outputs->count &&
	    !batch->is_scratch; i++) {
		open_name(batch, i, name);
		folder_discard(folder, name);
	}
}

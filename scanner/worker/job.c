#include "scanner/worker/job.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "scanner/base/keyset.h"
#include "scanner/base/memory.h"
#include "scanner/base/read_all.h"
#include "scanner/base/write_all.h"
#include "scanner/message/job_outputs.h"
#include "scanner/worker/worker.h"

#define INPUT_BYTES_MAX	((uint64_t)256 << 20)

static bool
read_input(struct job *job, const struct message *message, int descriptor)
{
	size_t length = (size_t)message->length;

	if (message->length > INPUT_BYTES_MAX)
		return false;
	job->input = xmalloc(length);
	job->next = (struct wire){ job->input, job->input + length, false };
	return read_all_at(descriptor, job->input, length, message->offset);
}

struct job *
job_new(struct worker *worker, const struct message *message,
    const int *descriptors, size_t count)
{
	struct job *job;
	bool good;

	const struct job_outputs *outputs = job_outputs_of(message->kind);

	if (count != 1 + outputs->count || message->items == 0) {
		for (size_t i = 0; i < count; i++)
			close(descriptors[i]);
		return NULL;
	}
	job = xcalloc(1, sizeof *job);
	job->worker = worker;
	job->kind = message->kind;
	job->number = message->number;
	job->attempt = message->attempt;
	job->items = message->items;
	list_init(&job->link);
	list_init(&job->suspects);
	job->output_count = outputs->count;
	for (unsigned i = 0; i < job->output_count; i++) {
		enum table_id table = outputs->outputs[i].table;

		job->outputs[i] = descriptors[1 + i];
		if (table != TABLE_COUNT)
			job->tables[i] = table_new(table);
	}
	good = read_input(job, message, descriptors[0]);
	close(descriptors[0]);
	if (!good) {
		job_free(job);
		return NULL;
	}
	return job;
}

void
job_free(struct job *job)
{
	list_remove(&job->link);
	for (unsigned i = 0; i < job->output_count; i++) {
		close(job->outputs[i]);
		table_free(job->tables[i]);
	}
	keyset_free(job->staged);
	buffer_fini(&job->deferred);
	free(job->input);
	free(job);
}

/* 0 or errno. */
static int
write_parts(struct job *job)
{
	const struct job_output *outputs = job_outputs_of(job->kind)->outputs;
	int level = (int)job->worker->options->level;

	for (unsigned i = 0; i < job->output_count; i++) {
		if (job->tables[i] == NULL
		    ? !write_all(job->outputs[i], job->deferred.bytes,
			job->deferred.length)
		    : !table_write(job->tables[i], job->outputs[i], level,
			outputs[i].is_staged))
			return errno != 0 ? errno : EIO;
	}
	return 0;
}

struct lane *
job_lane(const struct job *job)
{
	static const enum ask asks[JOB_KINDS] = {
		[JOB_DOMAINS] = ASK_DOMAIN, [JOB_HOSTS] = ASK_HOST,
		[JOB_PROBES] = ASK_HOST, [JOB_POLICIES] = ASK_POLICY,
	};

	return worker_lane(job->worker, job->attempt > 1 ? ASK_AGAIN
	    : asks[job->kind]);
}

bool
job_may_defer(const struct job *job)
{
	return job->attempt == 1 && worker_has_second_pass(job->worker);
}

void
job_item_ended(struct job *job)
{
	struct worker *worker = job->worker;

	job->ended++;
	assert(job->ended <= job->started);
	worker_item_ended(worker, job);
	if (job->ended == job->items) {
		struct message done = {
			.type = MESSAGE_DONE, .kind = job->kind,
			.number = job->number,
			.error = (uint32_t)job->own_error,
		};

		done.code = (uint32_t)write_parts(job);
		job_free(job);
		worker->jobs--;
		/* Before what commits the rows. */
		worker_tell_lanes(worker);
		worker_tell(worker, &done);
	}
}

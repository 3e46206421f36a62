#include "scanner/coordinator/work/policies.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "scanner/base/log.h"
#include "scanner/base/memory.h"
#include "scanner/out/table_reader.h"

#define REPEATS_MOST	2	/* of a part that met an error of our own */
#define IN_HAND_MOST	8	/* items of a batch wait for each other */

struct policies {
	uint64_t	*numbers;	/* numbers of parts; the first `taken`
					 * are out */
	size_t		 count, size, taken;
	uint64_t	*suspected;	/* for the examiner */
	size_t		 suspected_count;
	struct map	*suspects;	/* the names in them */
	struct map	*repeated;	/* by part: how often it was given
					 * again */
};

static char suspect[1], convict[1];	/* values of policies.suspects */

struct policies *
policies_new(void)
{
	struct policies *policies = xcalloc(1, sizeof *policies);

	policies->suspects = map_new();
	policies->repeated = map_new();
	return policies;
}

void
policies_free(struct policies *policies)
{
	free(policies->numbers);
	free(policies->suspected);
	map_free(policies->suspects);
	map_free(policies->repeated);
	free(policies);
}

static void
stand_in_line(struct policies *policies, uint64_t number)
{
	if (policies->taken > 0 && policies->taken == policies->count)
		policies->taken = policies->count = 0;
	if (policies->count == policies->size) {
		policies->size = policies->size * 2 + 64;
		policies->numbers = xreallocarray(policies->numbers,
		    policies->size, sizeof *policies->numbers);
	}
	policies->numbers[policies->count++] = number;
}

void
policies_want(struct work *work, uint64_t number)
{
	stand_in_line(work->policies, number);
}

void
policies_want_back(struct work *work, uint64_t number)
{
	char name[PART_NAME_MAX];

	batch_output_name(job_outputs_of(JOB_POLICIES), number,
	    POLICIES_TO_POLICIES, name);
	if (!folder_exists(&work->run->folder, name))
		stand_in_line(work->policies, number);
}

/* Making batches *********************************************************** */

static enum item_state
state_of(const struct work *work, const char *name)
{
	const void *value = map_get(work->policies->suspects, name);

	if (opt_out_has_name(&work->run->opt_out.entries, name))
		return ITEM_ASIDE;
	return value == suspect ? ITEM_SUSPECT : value == convict
	    ? ITEM_CRASHED : ITEM_NEW;
}

static uint32_t
take_rows(const struct work *work, struct table_reader *row,
    struct buffer *items, int *result)
{
	uint32_t count = 0;

	while ((*result = table_reader_next(row)) == 1) {
		struct policy_item item = {
			.name = table_get(row, DOMAINS_DOMAIN),
			.mta_sts = (enum txt_status)table_get_enum(row,
			    DOMAINS_MTA_STS_RECORD),
			.tlsrpt = (enum txt_status)table_get_enum(row,
			    DOMAINS_TLSRPT_RECORD),
		};

		if (!harvest_has_policy(row))
			continue;
		item.state = state_of(work, item.name);
		policy_item_put(items, &item);
		count++;
	}
	return count;
}

/* Reads the part. Returns false after a message that says why it cannot be
 * read. */
static bool
read_part(struct work *work, struct batch *batch, struct buffer *items)
{
	char name[PART_NAME_MAX];
	struct table_reader *row;
	int descriptor, result = -1;

	batch_output_name(job_outputs_of(JOB_DOMAINS), batch->number,
	    DOMAINS_TO_DOMAINS, name);
	descriptor = folder_read(&work->run->folder, name);
	row = table_reader_open(TABLE_DOMAINS, descriptor);
	if (row != NULL)
		batch->items = take_rows(work, row, items, &result);
	if (result != 0) {
		log_line("%s/%s: %s", work->run->folder.path, name,
		    row != NULL ? table_reader_why(row) : "cannot be read");
		work_fail(work, EXIT_OUTPUT);
	}
	table_reader_close(row);
	if (descriptor >= 0)
		close(descriptor);
	return result == 0;
}

static struct batch *
make(struct work *work, uint64_t number)
{
	struct batch *batch = batch_new(JOB_POLICIES, number, 1);
	struct buffer items = { 0 };
	bool good = read_part(work, batch, &items);

	if (good && !batch_set_input(batch, &items)) {
		work_output_failed(work, "a batch");
		good = false;
	}
	buffer_fini(&items);
	if (good)
		return batch;
	batch_free(batch);
	return NULL;
}

static bool
has_next(struct work *work, int64_t now_ms)
{
	(void)now_ms;
	return work->policies->taken < work->policies->count;
}

static struct batch *
next(struct work *work, unsigned worker, int64_t now_ms)
{
	struct policies *policies = work->policies;

	(void)worker;
	(void)now_ms;
	return make(work, policies->numbers[policies->taken++]);
}

static bool
is_done(const struct work *work)
{
	return work->policies->taken == work->policies->count;
}

/* Suspects ***************************************************************** */

/* The examiner asks suspects one at a time, so a name that is accused there a
 * second time is the culprit. */
static void
accuse(struct work *work, const char *name, bool is_convicted)
{
	void **place = map_place(work->policies->suspects, name, NULL);

	if (*place == suspect && is_convicted) {
		*place = convict;
		/* This is progress, as a commit is. */
		crew_note_progress(work->crew);
	} else if (*place == NULL) {
		*place = suspect;
	}
}

/* Is there a suspect that is still to be examined? */
static bool
take_accused(struct work *work, const struct batch *batch)
{
	struct buffer items = { 0 };
	struct wire wire;
	struct policy_item item;
	bool has_suspect = false;

	if (!batch_read_input(batch, &items))
		work_output_failed(work, "a batch");
	wire = (struct wire){ items.bytes, items.bytes + items.length, false };
	for (uint32_t i = 0; i < batch->items &&
	    policy_item_get(&wire, &item); i++) {
		if (batch_is_accused(batch, i))
			accuse(work, item.name, batch->is_convicted);
		has_suspect = has_suspect ||
		    state_of(work, item.name) == ITEM_SUSPECT;
	}
	buffer_fini(&items);
	return has_suspect;
}

void
policies_take_back(struct work *work, struct batch *batch)
{
	struct policies *policies = work->policies;

	if (!take_accused(work, batch)) {
		stand_in_line(policies, batch->number);
		return;
	}
	policies->suspected = xreallocarray(policies->suspected,
	    policies->suspected_count + 1, sizeof *policies->suspected);
	policies->suspected[policies->suspected_count++] = batch->number;
}

const struct work_queue policies_queue = {
	.kind = JOB_POLICIES, .seat = SEAT_ANY, .has_next = has_next,
	.next = next, .lost = policies_take_back, .is_done = is_done,
};

bool
policies_has_suspect(const struct work *work)
{
	return work->policies->suspected_count > 0;
}

struct batch *
policies_next_suspect(struct work *work)
{
	struct policies *policies = work->policies;

	return make(work, policies->suspected[--policies->suspected_count]);
}

/* What is committed ******************************************************** */

static bool
expect(const struct batch *batch, struct map *expected)
{
	return harvest_expect_names(expected, batch, policy_item_next_name);
}

/* A policy has no further effect before the run is sealed. */
static void
committed(struct work *work, struct batch *batch,
    const struct harvest *harvest)
{
	(void)work;
	(void)batch;
	(void)harvest;
}

static bool
read_back(struct work *work, uint64_t number, const struct harvest *harvest)
{
	(void)work;
	(void)number;
	(void)harvest;
	return true;
}

/* One worker has all policies, so that the load of a network and of the run is
 * exact. */
static bool
repeats(struct work *work, const struct batch *batch)
{
	char key[32];
	void **count;

	snprintf(key, sizeof key, "%" PRIu64, batch->number);
	count = map_place(work->policies->repeated, key, NULL);
	if ((uintptr_t)*count >= REPEATS_MOST)
		return false;
	*count = (void *)((uintptr_t)*count + 1);
	return true;
}

const struct work_kind policies_job = {
	.read = harvest_policies, .expect = expect, .committed = committed,
	.repeats = repeats, .read_back = read_back,
	.share = { .unstarted_most = 2, .in_hand_most = IN_HAND_MOST,
	    .is_of_first = true },
};

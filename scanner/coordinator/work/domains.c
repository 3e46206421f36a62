#include "scanner/coordinator/work/domains.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "scanner/base/clock.h"
#include "scanner/base/log.h"
#include "scanner/base/memory.h"
#include "scanner/coordinator/work/name_servers.h"
#include "scanner/coordinator/work/policies.h"
#include "scanner/coordinator/work/second_pass.h"

#define RELEASE_MOST	1024
/* Names that wait for name servers: above this no more chunks are begun. */
#define HELD_BYTES_MAX	((uint64_t)256 << 20)

struct domains {
	bool		*chunk_done;	/* committed, or at a worker */
	uint64_t	 next_chunk, chunks_committed;
	uint64_t	 next_part;	/* after the chunks */
	struct second_pass failed;
	struct item_line suspects;
	/* Names to be left aside as suspects when their chunk goes out again: value
	 * is the map's own address, or NULL for one that is in line by now. */
	struct map	*aside;
	uint64_t	 aside_count;
	struct item_line read_back;	/* deferred, at a restart */
	struct map	*done;		/* at a restart: rows of later batches */
};

struct domains *
domains_new(const struct plan *plan)
{
	struct domains *domains = xcalloc(1, sizeof *domains);

	domains->chunk_done = xcalloc(plan->chunk_count + 1,
	    sizeof *domains->chunk_done);
	domains->next_part = plan->chunk_count;
	second_pass_init(&domains->failed);
	domains->aside = map_new();
	domains->done = map_new();
	return domains;
}

void
domains_free(struct domains *domains)
{
	second_pass_fini(&domains->failed);
	item_line_fini(&domains->suspects);
	item_line_fini(&domains->read_back);
	map_free(domains->aside);
	map_free(domains->done);
	free(domains->chunk_done);
	free(domains);
}

uint64_t
domains_failed(const struct work *work)
{
	return work->domains->failed.line.count;
}

/* Making batches *********************************************************** */

/* Leaves out who has opted out, and marks suspects, in the items of a batch. */
static void
filter(struct work *work, struct batch *batch, const struct buffer *items,
    bool is_chunk, struct buffer *kept)
{
	const struct domains *domains = work->domains;
	struct wire wire = { items->bytes, items->bytes + items->length,
	    false };
	struct domain_item item;

	while (wire.at < wire.end && domain_item_get(&wire, &item)) {
		if (opt_out_has_name(&work->run->opt_out.entries, item.name)) {
			batch->left_out++;
			continue;
		}
		if (is_chunk && domains->aside_count > 0 &&
		    map_get(domains->aside, item.name) != NULL)
			item.state = ITEM_ASIDE;
		domain_item_put(kept, &item);
		batch->items++;
	}
}

/* The batch has these items, but those that have opted out. NULL: nothing is left, and
 * that is counted; or work has failed. */
static struct batch *
fill(struct work *work, struct batch *batch, const struct buffer *items,
    bool is_chunk)
{
	struct buffer kept = { 0 };

	filter(work, batch, items, is_chunk, &kept);
	if (batch->items > 0 && !batch_set_input(batch, &kept)) {
		work_output_failed(work, "a batch");
		batch_free(batch);
		batch = NULL;
	} else if (batch->items == 0) {
		work->domains->chunks_committed += is_chunk;
		work->run->opted_out += batch->left_out;
		batch_free(batch);
		batch = NULL;
		work->events.changed(work->events.tag);
	}
	buffer_fini(&kept);
	return batch;
}

/* A batch of what was taken from a line. */
static struct batch *
make(struct work *work, const struct buffer *items, uint8_t attempt)
{
	return fill(work, batch_new(JOB_DOMAINS, work->domains->next_part++,
	    attempt), items, false);
}

/* Chunks ******************************************************************* */

static bool
chunks_has_next(struct work *work, int64_t now_ms)
{
	struct domains *domains = work->domains;

	(void)now_ms;
	while (domains->next_chunk < work->plan->chunk_count &&
	    domains->chunk_done[domains->next_chunk])
		domains->next_chunk++;
	return domains->next_chunk < work->plan->chunk_count &&
	    name_servers_held_bytes(work->name_servers) < HELD_BYTES_MAX;
}

/* Its items stand in the plan's file, unless some are left out or marked. */
static struct batch *
chunks_next(struct work *work, unsigned worker, int64_t now_ms)
{
	struct domains *domains = work->domains;
	uint64_t number = domains->next_chunk;
	const struct chunk *chunk = &work->plan->chunks[number];
	struct batch *batch = batch_new(JOB_DOMAINS, number, 1);
	struct buffer items = { 0 };

	(void)worker;
	(void)now_ms;
	domains->chunk_done[number] = true;
	if (opt_out_is_empty(&work->run->opt_out.entries) &&
	    domains->aside_count == 0) {
		batch->items = chunk->items;
		batch->input = (struct batch_input){
			.descriptor = work->plan->names,
			.offset = chunk->offset, .length = chunk->length,
		};
		return batch;
	}
	if (plan_read_chunk(work->plan, chunk, &items)) {
		batch = fill(work, batch, &items, true);
	} else {
		work_output_failed(work, "the plan");
		batch_free(batch);
		batch = NULL;
	}
	buffer_fini(&items);
	return batch;
}

/* The chunk goes out again, and leaves suspects aside. */
static void
set_aside(struct domains *domains, const char *name)
{
	void **place = map_place(domains->aside, name, NULL);

	domains->aside_count += *place == NULL;
	*place = domains->aside;
}

static void
chunks_lost(struct work *work, struct batch *batch)
{
	struct domains *domains = work->domains;
	struct buffer items = { 0 };
	struct wire wire;
	struct domain_item item;

	domains->chunk_done[batch->number] = false;
	if (batch->number < domains->next_chunk)
		domains->next_chunk = batch->number;
	if (batch->accused == NULL)
		return;
	if (!batch_read_input(batch, &items))
		work_output_failed(work, "the plan");
	wire = (struct wire){ items.bytes, items.bytes + items.length, false };
	for (uint32_t i = 0; i < batch->items &&
	    domain_item_get(&wire, &item); i++)
		if (batch->accused[i])
			set_aside(domains, item.name);
	buffer_fini(&items);
}

static bool
chunks_is_done(const struct work *work)
{
	return work->domains->chunks_committed == work->plan->chunk_count;
}

const struct work_queue chunks_queue = {
	.kind = JOB_DOMAINS, .seat = SEAT_ANY, .has_next = chunks_has_next,
	.next = chunks_next, .lost = chunks_lost, .is_done = chunks_is_done,
};

/* What is left of them ***************************************************** */

/* A deferred name goes in line by its state. */
static void
put_in_line(struct work *work, const struct domain_item *item,
    int64_t failed_ms)
{
	struct domains *domains = work->domains;
	void **place;

	switch (item->state) {
	case ITEM_HELD:
		name_servers_hold(work->name_servers, item);
		break;
	case ITEM_SUSPECT:
	case ITEM_CRASHED:
		item_line_put_domain(&domains->suspects, item);
		place = map_place(domains->aside, item->name, NULL);
		domains->aside_count -= *place != NULL;
		*place = NULL;
		break;
	default:
		second_pass_put_domain(&domains->failed, work->options, item,
		    failed_ms);
		break;
	}
}

void
domains_take_back(struct work *work, struct batch *batch)
{
	struct buffer items = { 0 };
	struct wire wire;
	struct domain_item item;

	if (!batch_read_input(batch, &items))
		work_output_failed(work, "a batch");
	wire = (struct wire){ items.bytes, items.bytes + items.length, false };
	for (uint32_t i = 0; i < batch->items &&
	    domain_item_get(&wire, &item); i++) {
		if (batch_is_accused(batch, i))
			item.state = batch->is_convicted ? ITEM_CRASHED
			    : ITEM_SUSPECT;
		put_in_line(work, &item, ALREADY_DUE);
	}
	buffer_fini(&items);
}

static bool
held_has_next(struct work *work, int64_t now_ms)
{
	(void)now_ms;
	return name_servers_held(work->name_servers) > 0;
}

static struct batch *
held_next(struct work *work, unsigned worker, int64_t now_ms)
{
	struct buffer items = { 0 };
	struct batch *batch = NULL;

	if (name_servers_release(work->name_servers, worker, RELEASE_MOST,
	    now_ms, &items) > 0)
		batch = make(work, &items, 1);
	buffer_fini(&items);
	return batch;
}

static bool
held_is_done(const struct work *work)
{
	return name_servers_held(work->name_servers) == 0;
}

const struct work_queue held_queue = {
	.kind = JOB_DOMAINS, .seat = SEAT_EACH, .has_next = held_has_next,
	.next = held_next, .lost = domains_take_back, .is_done = held_is_done,
};

static bool
second_has_next(struct work *work, int64_t now_ms)
{
	return now_ms >= second_pass_due_ms(&work->domains->failed);
}

static struct batch *
second_next(struct work *work, unsigned worker, int64_t now_ms)
{
	struct buffer items = { 0 };
	struct batch *batch;

	(void)worker;
	(void)second_pass_take_domains(&work->domains->failed, work->options,
	    now_ms, &items);
	batch = make(work, &items, 2);
	buffer_fini(&items);
	return batch;
}

static bool
second_is_done(const struct work *work)
{
	return work->domains->failed.line.count == 0;
}

static int64_t
second_due_ms(const struct work *work)
{
	return second_pass_due_ms(&work->domains->failed);
}

const struct work_queue domains_second_queue = {
	.kind = JOB_DOMAINS, .seat = SEAT_ANY, .has_next = second_has_next,
	.next = second_next, .lost = domains_take_back,
	.is_done = second_is_done, .due_ms = second_due_ms,
};

bool
domains_has_suspect(const struct work *work)
{
	return work->domains->suspects.count > 0;
}

struct batch *
domains_next_suspect(struct work *work)
{
	struct buffer items = { 0 };
	struct batch *batch;

	(void)item_line_take_domains(&work->domains->suspects, 1, &items);
	batch = make(work, &items, 1);
	buffer_fini(&items);
	return batch;
}

bool
domains_take_all(struct work *work, struct buffer *items)
{
	struct domains *domains = work->domains;

	for (uint64_t i = 0; i < work->plan->chunk_count; i++) {
		if (!plan_read_chunk(work->plan, &work->plan->chunks[i],
		    items))
			return false;
		domains->chunks_committed += !domains->chunk_done[i];
		domains->chunk_done[i] = true;
	}
	return true;
}

/* What is committed ******************************************************** */

static bool
expect(const struct batch *batch, struct map *expected)
{
	return harvest_expect_names(expected, batch, domain_item_next_name);
}

static void
take_hosts(struct work *work, const struct harvest *harvest)
{
	for (size_t i = 0; i < harvest->host_count; i++)
		(void)registry_host(&work->registry, harvest->hosts[i]);
}

static void
committed(struct work *work, struct batch *batch,
    const struct harvest *harvest)
{
	struct wire wire = { harvest->deferred.bytes,
	    harvest->deferred.bytes + harvest->deferred.length, false };
	struct domain_item item;

	work->domains->chunks_committed += batch->queue == &chunks_queue;
	work->run->opted_out += batch->left_out;
	take_hosts(work, harvest);
	while (wire.at < wire.end && domain_item_get(&wire, &item))
		put_in_line(work, &item, clock_ms());
	if (harvest->has_policies)
		policies_want(work, batch->number);
}

/* The domains of a later batch: their rows are there. */
static bool
note_done(struct work *work, uint64_t number)
{
	char name[PART_NAME_MAX];
	struct table_reader *row;
	struct map *done = work->domains->done;
	int descriptor, result = -1;

	batch_output_name(job_outputs_of(JOB_DOMAINS), number,
	    DOMAINS_TO_DOMAINS, name);
	descriptor = folder_read(&work->run->folder, name);
	row = descriptor < 0 ? NULL
	    : table_reader_open(TABLE_DOMAINS, descriptor);
	while (row != NULL && (result = table_reader_next(row)) == 1)
		*map_place(done, table_get(row, DOMAINS_DOMAIN), NULL) = done;
	table_reader_close(row);
	if (descriptor >= 0)
		close(descriptor);
	if (result != 0)
		log_line("%s/%s cannot be read back", work->run->folder.path,
		    name);
	return result == 0;
}

/* Names that were deferred are looked at together when all parts are read. */
static bool
read_back(struct work *work, uint64_t number, const struct harvest *harvest)
{
	struct domains *domains = work->domains;
	struct wire wire = { harvest->deferred.bytes,
	    harvest->deferred.bytes + harvest->deferred.length, false };
	struct domain_item item;

	take_hosts(work, harvest);
	while (wire.at < wire.end && domain_item_get(&wire, &item))
		item_line_put_domain(&domains->read_back, &item);
	if (harvest->has_policies)
		policies_want_back(work, number);
	if (number >= work->plan->chunk_count) {
		domains->next_part = number + 1;
		return note_done(work, number);
	}
	work->run->opted_out += work->plan->chunks[number].items -
	    harvest->rows[DOMAINS_TO_DOMAINS] -
	    harvest->rows[DOMAINS_TO_DEFERRED];
	domains->chunk_done[number] = true;
	domains->chunks_committed++;
	return true;
}

/* A name may have been deferred several times, each time from a later part: the last
 * one counts, unless its row has come since. */
static void
all_read_back(struct work *work)
{
	struct domains *domains = work->domains;
	struct item_line *line = &domains->read_back;
	struct wire wire = { line->items.bytes,
	    line->items.bytes + line->items.length, false };
	struct domain_item item;
	uintptr_t ordinal = 0;

	while (wire.at < wire.end && domain_item_get(&wire, &item)) {
		void **last = map_place(domains->done, item.name, NULL);

		ordinal++;
		if (*last != domains->done)
			*last = (void *)ordinal;
	}
	wire.at = line->items.bytes;
	ordinal = 0;
	while (wire.at < wire.end && domain_item_get(&wire, &item))
		if (map_get(domains->done, item.name) == (void *)++ordinal)
			put_in_line(work, &item, clock_ms());
	item_line_fini(line);
	map_free(domains->done);
	domains->done = NULL;
}

const struct work_kind domains_job = {
	.read = harvest_domains, .expect = expect, .committed = committed,
	.read_back = read_back, .all_read_back = all_read_back,
	.share = { .unstarted_most = 2 },
};

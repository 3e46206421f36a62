#include "scanner/coordinator/work/domains_internal.h"

#include <stdlib.h>

#include "scanner/base/memory.h"
#include "scanner/coordinator/work/server_hosts.h"

/* The most memory for waiting names whose file cannot be written; above this,
 * no more chunks are begun. */
#define WAITING_BYTES_MAX	((uint64_t)256 << 20)

/* The chunks of other shards are theirs. */
static void
leave_to_others(struct domains *domains, const struct plan *plan,
    const struct options *options)
{
	bool *own = xcalloc(plan->chunk_count + 1, sizeof *own);

	(void)plan_own_chunks(plan, options, own);
	for (uint64_t i = 0; i < plan->chunk_count; i++) {
		domains->chunk_done[i] = !own[i];
		domains->chunks_committed += !own[i];
	}
	free(own);
}

static void
skip_done(struct domains *domains)
{
	while (domains->next_chunk < domains->chunk_count &&
	    domains->chunk_done[domains->next_chunk])
		domains->next_chunk++;
}

struct domains *
domains_new(const struct plan *plan, const struct options *options,
    struct spill *spill)
{
	struct domains *domains = xcalloc(1, sizeof *domains);

	domains->chunk_done = xcalloc(plan->chunk_count + 1,
	    sizeof *domains->chunk_done);
	leave_to_others(domains, plan, options);
	domains_find_heavy(domains, plan, options);
	skip_done(domains);
	domains->next_part = plan->chunk_count;
	second_pass_init(&domains->failed);
	domains->failed.line.spill = spill;
	domains->aside = map_new();
	domains->done = keyset_new();
	domains->late = late_hints_new();
	return domains;
}

void
domains_free(struct domains *domains)
{
	second_pass_fini(&domains->failed);
	item_line_fini(&domains->suspects);
	map_free(domains->aside);
	free(domains->deferring);
	free(domains->heavy);
	keyset_free(domains->done);
	late_hints_free(domains->late);
	free(domains->chunk_done);
	free(domains);
}

uint64_t
domains_failed(const struct work *work)
{
	return work->domains->failed.line.count;
}

/* The first glue address of an item (item.h). */
static bool
first_glue(const struct domain_item *item, struct address *address)
{
	struct wire wire = { item->servers, item->servers +
	    item->servers_length, false };

	while (wire.at < wire.end) {
		(void)wire_text(&wire);
		for (uint64_t left = wire_number(&wire, 1); left > 0; left--)
			return address_get(&wire, address);
	}
	return false;
}

bool
domains_first_glue(const struct buffer *items, struct address *address)
{
	struct wire wire = { items->bytes, items->bytes + items->length,
	    false };
	struct domain_item item;

	while (wire.at < wire.end && domain_item_get(&wire, &item))
		if (first_glue(&item, address))
			return true;
	return false;
}

/* Making batches *********************************************************** */

/* The servers of the item's set, into `servers`, which the item then points
 * to. */
static void
give_servers(const struct work *work, struct domain_item *item,
    struct buffer *servers)
{
	servers->length = 0;
	if (!plan_set_put(work->plan->servers, item->set_id, servers))
		return;
	item->servers = servers->bytes;
	item->servers_length = (uint32_t)servers->length;
}

/* Leaves out the items of a batch that have opted out, marks the suspects of a
 * chunk, and writes the name servers of a set in full. Names that waited also
 * get the addresses that were learned meanwhile: a server must not be charged
 * by its name and by its address for long (RULES K9). */
static void
filter(struct work *work, struct batch *batch, const struct buffer *items,
    bool is_chunk, struct buffer *kept)
{
	const struct domains *domains = work->domains;
	struct wire wire = { items->bytes, items->bytes + items->length,
	    false };
	struct buffer servers = { 0 };
	struct domain_item item;

	while (wire.at < wire.end && domain_item_get(&wire, &item)) {
		if (opt_out_has_name(&work->run->opt_out.entries, item.name)) {
			batch->left_out++;
			continue;
		}
		if (is_chunk && domains->aside_count > 0 &&
		    map_get(domains->aside, item.name) != NULL)
			item.state = ITEM_ASIDE;
		give_servers(work, &item, &servers);
		domain_item_put(kept, &item);
		batch->items++;
	}
	buffer_fini(&servers);
}

/* Puts these items into the batch, without those that have opted out. Returns
 * NULL if nothing is left, which is counted, or if work has failed. */
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

struct batch *
domains_make_batch(struct work *work, const struct buffer *items,
    uint8_t attempt)
{
	return fill(work, batch_new(JOB_DOMAINS, work->domains->next_part++,
	    attempt), items, false);
}

/* Chunks ******************************************************************* */

static bool
chunks_has_next(struct work *work, int64_t now_ms)
{
	struct domains *domains = work->domains;

	skip_done(domains);
	return domains->next_chunk < domains->chunk_count &&
	    !domains_are_too_many(work) &&
	    !server_hosts_are_worth_waiting(work, now_ms);
}

/* Its items are in the plan's file, unless something in them changes. */
struct batch *
domains_make_chunk(struct work *work, uint64_t number)
{
	struct domains *domains = work->domains;
	const struct chunk *chunk = &work->plan->chunks[number];
	struct batch *batch = batch_new(JOB_DOMAINS, number, 1);
	struct buffer items = { 0 };

	domains->chunk_done[number] = true;
	if (opt_out_is_empty(&work->run->opt_out.entries) &&
	    domains->aside_count == 0 &&
	    plan_sets(work->plan->servers) == 0) {
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

static struct batch *
chunks_next(struct work *work, unsigned worker, int64_t now_ms)
{
	(void)worker;
	(void)now_ms;
	return domains_make_chunk(work, work->domains->next_chunk);
}

/* The chunk goes out again, and leaves suspects aside. */
static void
set_aside(struct domains *domains, const char *name)
{
	void **place = map_place(domains->aside, name, NULL);

	domains->aside_count += *place == NULL;
	*place = domains->aside;
}

void
domains_lose_chunk(struct work *work, struct batch *batch)
{
	struct domains *domains = work->domains;
	struct buffer items = { 0 };
	struct wire wire;
	struct domain_item item;

	domains->chunk_done[batch->number] = false;
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

static void
chunks_lost(struct work *work, struct batch *batch)
{
	domains_lose_chunk(work, batch);
	if (batch->number < work->domains->next_chunk)
		work->domains->next_chunk = batch->number;
}

static bool
chunks_is_done(const struct work *work)
{
	return work->domains->chunks_committed == work->plan->chunk_count;
}

bool
domains_has_chunk(const struct work *work)
{
	return work->domains->next_chunk < work->domains->chunk_count ||
	    domains_has_heavy(work->domains);
}

bool
domains_are_too_many(const struct work *work)
{
	return spill_memory(work->spill) > WAITING_BYTES_MAX;
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

const struct work_queue chunks_queue = {
	.kind = JOB_DOMAINS, .seat = SEAT_ANY, .has_next = chunks_has_next,
	.next = chunks_next, .lost = chunks_lost, .is_done = chunks_is_done,
};

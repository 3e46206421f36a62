/*
 * batch_suspects: what was in flight when a worker crashed (DESIGN, Processes).
 * Suspects come last and one at a time, in a worker started for them; the one
 * that it crashes of again is recorded as such and left alone.
 */
#include <stdlib.h>

#include "scanner/base/memory.h"
#include "scanner/coordinator/coordinator.h"

static void
accuse_domain(struct coordinator *coordinator, const struct batch *batch,
    const struct domain_item *item)
{
	struct domain_item suspect = *item;
	void **place;

	suspect.state = batch->is_convicted ? ITEM_CRASHED : ITEM_SUSPECT;
	if (!batch->is_chunk) {
		item_line_put_domain(&coordinator->suspect_domains, &suspect);
		return;
	}
	/* Its chunk goes out again, and leaves it aside. */
	if (coordinator->suspects == NULL)
		coordinator->suspects = map_new();
	place = map_place(coordinator->suspects, item->name, NULL);
	coordinator->suspect_count += *place == NULL;
	*place = coordinator->suspects;
}

static void
accuse_host(struct coordinator *coordinator, const struct batch *batch,
    const struct host_item *item)
{
	struct registry *registry = &coordinator->registry;
	struct host *host = registry_host(registry, item->name);

	host->phase = HOST_SUSPECT;
	host->is_convicted = batch->is_convicted;
	list_append(&registry->suspects, &host->link);
}

/* The items of a chunk may stand in the plan's file alone. */
static bool
read_input(struct coordinator *coordinator, struct batch *batch)
{
	const struct chunk *chunk;

	if (!batch->is_in_plan)
		return true;
	chunk = &coordinator->plan.chunks[batch->number];
	if (!plan_read_chunk(&coordinator->plan, chunk, &batch->input))
		return false;
	batch->is_in_plan = false;
	return true;
}

void
batch_accuse_items(struct coordinator *coordinator, struct batch *batch)
{
	struct wire wire;
	struct domain_item domain;
	struct host_item host;

	if (!read_input(coordinator, batch)) {
		batch_output_failed(coordinator, "the plan");
		return;
	}
	wire = (struct wire){ batch->input.bytes,
	    batch->input.bytes + batch->input.length, false };
	for (uint32_t i = 0; i < batch->items; i++) {
		if (batch->kind == JOB_DOMAINS) {
			if (domain_item_get(&wire, &domain) &&
			    batch->accused[i])
				accuse_domain(coordinator, batch, &domain);
		} else if (host_item_get(&wire, &host) && batch->accused[i]) {
			accuse_host(coordinator, batch, &host);
		}
	}
}

/* All other names have been asked. */
static bool
is_last(const struct coordinator *coordinator)
{
	return coordinator->chunks_committed == coordinator->plan.chunk_count &&
	    name_servers_held(coordinator->name_servers) == 0 &&
	    coordinator->failed_domains.count == 0 &&
	    coordinator->failed_hosts.count == 0 &&
	    coordinator->registry.waiting_count == 0;
}

static void
send_domain(struct coordinator *coordinator, struct worker_process *worker)
{
	struct batch *batch = batch_new(JOB_DOMAINS,
	    coordinator->next_domain_part++, 1, 0);

	batch->items = item_line_take(&coordinator->suspect_domains,
	    JOB_DOMAINS, 1, &batch->input);
	batch_send(coordinator, worker, batch);
}

static void
send_host(struct coordinator *coordinator, struct worker_process *worker)
{
	struct host *host = list_entry(list_take(
	    &coordinator->registry.suspects), struct host, link);
	struct batch *batch = batch_new(JOB_HOSTS, coordinator->next_part++,
	    1, 1);
	const struct host_item item = { host->name, host->is_convicted
	    ? ITEM_CRASHED : ITEM_SUSPECT };

	host->phase = HOST_IN_BATCH;
	host_item_put(&batch->input, &item);
	batch_send(coordinator, worker, batch);
}

void
batch_suspects(struct coordinator *coordinator)
{
	struct worker_process *examiner = &coordinator->examiner;
	bool names = is_last(coordinator) &&
	    (coordinator->suspect_domains.count > 0 ||
	    !list_is_empty(&coordinator->registry.suspects));

	if (!names && coordinator->examining.count == 0 &&
	    !batch_policies_has_suspect(coordinator)) {
		supervise_retire(examiner);
		return;
	}
	if (examiner->pid <= 0) {
		supervise_hire(examiner);
		return;
	}
	if (!examiner->ready || !list_is_empty(&examiner->batches))
		return;
	if (names && coordinator->suspect_domains.count > 0)
		send_domain(coordinator, examiner);
	else if (names)
		send_host(coordinator, examiner);
	else if (!batch_policies_suspect(coordinator, examiner))
		batch_send_granted(coordinator, &coordinator->examining, 1,
		    examiner);
}

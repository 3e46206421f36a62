/*
 * batch: work put together, handed out, committed (DESIGN, Batches and restart).
 * No batch waits: what failed is not in it, what is late comes in a later one.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "scanner/base/clock.h"
#include "scanner/base/log.h"
#include "scanner/base/memory.h"
#include "scanner/coordinator/coordinator.h"

#define HOSTS_A_BATCH	256
#define DEFERRED_A_BATCH 1024
#define DEFERRED_LEAST	64	/* where there are as many */
#define DEATHS_MAX	3	/* of workers without a commit in between */
/* Names that wait for name servers: above this no more chunks are begun. */
#define HELD_BYTES_MAX	((uint64_t)256 << 20)

static const struct {
	unsigned	 count;
	/* Folder and suffix of each output; a committed one in .work is not a
	 * table. The key table is the last. */
	const char	*folders[JOB_OUTPUTS_MAX];
	bool		 skip_empty[JOB_OUTPUTS_MAX];
} outputs[JOB_KINDS] = {
	[JOB_DOMAINS] = { DOMAINS_OUTPUTS,
		{ "mx", ".work/deferred/domains", "domains" },
		{ false, true, false } },
	[JOB_HOSTS] = { HOSTS_OUTPUTS,
		{ "tlsa", "addresses", ".work/deferred/hosts", "hosts" },
		{ false, false, true, false } },
	[JOB_PROBES] = { PROBES_OUTPUTS,
		{ ".work/certificates", ".work/chains", "tlsa",
		  "host_results", "probes" },
		{ true, true, true, false, false } },
	[JOB_POLICIES] = { POLICIES_OUTPUTS, { "policies" }, { false } },
};

void
batch_output_name(enum job_kind kind, uint64_t number, unsigned output,
    char name[PART_NAME_MAX])
{
	const char *folder = outputs[kind].folders[output];

	part_name(name, folder, number,
	    strstr(folder, "deferred") != NULL ? "" : ".csv.gz");
}

/* The name while it is written: kind, number and output tell all apart. */
static void
open_name(const struct batch *batch, unsigned output, char name[PART_NAME_MAX])
{
	snprintf(name, PART_NAME_MAX, "%c-%06" PRIu64 "-%u",
	    "dhpt"[batch->kind], batch->number, output);
}

struct batch *
batch_new(enum job_kind kind, uint64_t number, uint8_t attempt, uint32_t items)
{
	struct batch *batch = xcalloc(1, sizeof *batch);

	batch->kind = kind;
	batch->number = number;
	batch->attempt = attempt;
	batch->items = items;
	batch->output_count = outputs[kind].count;
	for (unsigned i = 0; i < JOB_OUTPUTS_MAX; i++)
		batch->outputs[i] = -1;
	list_init(&batch->link);
	return batch;
}

static void
granted_free(struct granted *granted, uint32_t count)
{
	for (uint32_t i = 0; granted != NULL && i < count; i++)
		free(granted[i].hosts);
	free(granted);
}

void
batch_free(struct batch *batch)
{
	list_remove(&batch->link);
	for (unsigned i = 0; i < batch->output_count; i++)
		if (batch->outputs[i] >= 0)
			close(batch->outputs[i]);
	granted_free(batch->granted, batch->items);
	buffer_fini(&batch->input);
	free(batch->accused);
	free(batch);
}

void
batch_output_failed(struct coordinator *coordinator, const char *what)
{
	log_line("%s: %s: %s", coordinator->folder.path, what,
	    strerror(errno));
	coordinator_fail(coordinator, EXIT_OUTPUT);
}

/* Creates the outputs and hands the batch to the worker. */
void
batch_send(struct coordinator *coordinator, struct worker_process *worker,
    struct batch *batch)
{
	char name[PART_NAME_MAX];

	for (unsigned i = 0; i < batch->output_count; i++) {
		open_name(batch, i, name);
		batch->outputs[i] = folder_create(&coordinator->folder, name);
		if (batch->outputs[i] < 0) {
			batch_output_failed(coordinator, name);
			batch_free(batch);
			return;
		}
	}
	coordinator->batches++;
	coordinator->probe_batches += batch->kind == JOB_PROBES;
	supervise_send(worker, batch);
}

/* Domains ***************************************************************** */

static bool
next_chunk(struct coordinator *coordinator, uint64_t *number)
{
	while (coordinator->next_chunk < coordinator->plan.chunk_count &&
	    coordinator->chunk_done[coordinator->next_chunk])
		coordinator->next_chunk++;
	*number = coordinator->next_chunk;
	return coordinator->next_chunk < coordinator->plan.chunk_count &&
	    name_servers_held_bytes(coordinator->name_servers) <
	    HELD_BYTES_MAX;
}

static bool
is_suspect(const struct coordinator *coordinator, const char *name)
{
	return coordinator->suspect_count > 0 &&
	    map_get(coordinator->suspects, name) != NULL;
}

/* Leaves out who has opted out, and marks suspects, in the items of a batch of
 * domains. */
static void
filter_domains(struct coordinator *coordinator, struct batch *batch)
{
	struct wire wire = { batch->input.bytes,
	    batch->input.bytes + batch->input.length, false };
	struct buffer kept = { 0 };
	struct domain_item item;

	batch->items = 0;
	while (wire.at < wire.end && domain_item_get(&wire, &item)) {
		if (opt_out_has_name(&coordinator->opt_out, item.name)) {
			batch->opted_out++;
			continue;
		}
		if (batch->is_chunk && is_suspect(coordinator, item.name))
			item.state = ITEM_ASIDE;
		domain_item_put(&kept, &item);
		batch->items++;
	}
	buffer_fini(&batch->input);
	batch->input = kept;
}

/* The items of a chunk as they are to be handed out now. */
static bool
take_chunk(struct coordinator *coordinator, struct batch *batch)
{
	const struct chunk *chunk = &coordinator->plan.chunks[batch->number];

	batch->is_chunk = batch->is_in_plan = true;
	coordinator->chunk_done[batch->number] = true;
	if (opt_out_is_empty(&coordinator->opt_out) &&
	    coordinator->suspect_count == 0)
		return true;
	batch->is_in_plan = false;
	if (!plan_read_chunk(&coordinator->plan, chunk, &batch->input)) {
		batch_output_failed(coordinator, "the plan");
		return false;
	}
	filter_domains(coordinator, batch);
	return true;
}

/* Hands a batch of domains out; one of which nothing is left is through. */
static void
send_domains(struct coordinator *coordinator, struct worker_process *worker,
    struct batch *batch)
{
	if (batch->items > 0) {
		batch_send(coordinator, worker, batch);
		return;
	}
	coordinator->chunks_committed += batch->is_chunk;
	coordinator->opted_out += batch->opted_out;
	batch_free(batch);
	coordinator_kick(coordinator);
}

/* The second pass begins late enough after the failure. */
static bool
is_second_due(const struct coordinator *coordinator,
    const struct item_line *line, int64_t *due_ms)
{
	int64_t now = clock_ms();
	int64_t wait = (int64_t)coordinator->options->retry_after_ms;

	if (line->count == 0) {
		*due_ms = 0;
		return false;
	}
	if (*due_ms == 0)
		*due_ms = now + (wait < 60000 ? wait : 60000);
	return now >= *due_ms;
}

/* A batch of so many that are in line; domains that have opted out meanwhile are
 * counted and gone. */
static void
send_line(struct coordinator *coordinator, struct worker_process *worker,
    enum job_kind kind, struct item_line *line, uint32_t most, uint8_t attempt)
{
	struct batch *batch = batch_new(kind, kind == JOB_DOMAINS
	    ? coordinator->next_domain_part++ : coordinator->next_part++,
	    attempt, 0);

	batch->items = item_line_take(line, kind, most, &batch->input);
	if (kind == JOB_DOMAINS) {
		filter_domains(coordinator, batch);
		send_domains(coordinator, worker, batch);
	} else {
		batch_send(coordinator, worker, batch);
	}
}

/* Of the second pass. What is deferred waits for few servers, of which each worker
 * has a share: each gets a part of it. */
static void
send_deferred(struct coordinator *coordinator, struct worker_process *worker,
    enum job_kind kind, struct item_line *line)
{
	uint64_t part = line->count / coordinator->worker_count + 1;

	send_line(coordinator, worker, kind, line, part < DEFERRED_LEAST
	    ? DEFERRED_LEAST : part > DEFERRED_A_BATCH ? DEFERRED_A_BATCH
	    : (uint32_t)part, 2);
}

static void
batch_held(struct coordinator *coordinator)
{
	int64_t now = clock_ms();

	for (unsigned i = 0; i < coordinator->worker_count &&
	    name_servers_held(coordinator->name_servers) > 0; i++) {
		struct item_line line = { 0 };

		if (!supervise_has_room(&coordinator->workers[i], JOB_DOMAINS))
			continue;
		line.count = name_servers_release(coordinator->name_servers, i,
		    DEFERRED_A_BATCH, now, &line.items);
		if (line.count > 0)
			send_line(coordinator, &coordinator->workers[i],
			    JOB_DOMAINS, &line, line.count, 1);
	}
}

void
batch_domains(struct coordinator *coordinator)
{
	struct worker_process *worker;
	uint64_t number;

	while (next_chunk(coordinator, &number) && (worker =
	    supervise_choose(coordinator, JOB_DOMAINS)) != NULL) {
		struct batch *batch = batch_new(JOB_DOMAINS, number, 1,
		    coordinator->plan.chunks[number].items);

		if (!take_chunk(coordinator, batch)) {
			batch_free(batch);
			return;
		}
		send_domains(coordinator, worker, batch);
	}
	batch_held(coordinator);
	while (is_second_due(coordinator, &coordinator->failed_domains,
	    &coordinator->failed_domains_due_ms) && (worker =
	    supervise_choose(coordinator, JOB_DOMAINS)) != NULL)
		send_deferred(coordinator, worker, JOB_DOMAINS,
		    &coordinator->failed_domains);
}

/* Hosts ******************************************************************* */

void
batch_hosts(struct coordinator *coordinator)
{
	struct registry *registry = &coordinator->registry;
	int64_t now = clock_ms();
	struct worker_process *worker;

	if (registry->waiting_count > 0 && coordinator->hosts_since_ms == 0)
		coordinator->hosts_since_ms = now;
	while (registry->waiting_count > 0 &&
	    (registry->waiting_count >= HOSTS_A_BATCH ||
	    now - coordinator->hosts_since_ms >= GATHER_MS ||
	    coordinator->batches == 0) &&
	    (worker = supervise_choose(coordinator, JOB_HOSTS)) != NULL) {
		struct batch *batch = batch_new(JOB_HOSTS,
		    coordinator->next_part++, 1, 0);

		while (batch->items < HOSTS_A_BATCH &&
		    registry->waiting_count > 0) {
			struct host *host = list_entry(
			    list_take(&registry->waiting), struct host, link);
			struct host_item item = { .name = host->name };

			registry->waiting_count--;
			host->phase = HOST_IN_BATCH;
			host_item_put(&batch->input, &item);
			batch->items++;
		}
		batch_send(coordinator, worker, batch);
	}
	if (registry->waiting_count == 0)
		coordinator->hosts_since_ms = 0;
	while (is_second_due(coordinator, &coordinator->failed_hosts,
	    &coordinator->failed_hosts_due_ms) && (worker =
	    supervise_choose(coordinator, JOB_HOSTS)) != NULL)
		send_deferred(coordinator, worker, JOB_HOSTS,
		    &coordinator->failed_hosts);
}

/* The end of a batch ****************************************************** */

static bool
commit(struct coordinator *coordinator, struct batch *batch,
    const struct harvest *harvest)
{
	char open[PART_NAME_MAX], name[PART_NAME_MAX];

	for (unsigned i = 0; i < batch->output_count; i++) {
		off_t length = lseek(batch->outputs[i], 0, SEEK_END);
		bool is_table = batch->kind == JOB_PROBES ||
		    strstr(outputs[batch->kind].folders[i], "deferred") == NULL;

		open_name(batch, i, open);
		if (outputs[batch->kind].skip_empty[i] && (is_table
		    ? harvest_count(harvest, i) == 0 : length == 0)) {
			folder_discard(&coordinator->folder, open);
			continue;
		}
		batch_output_name(batch->kind, batch->number, i, name);
		if (!folder_commit(&coordinator->folder, batch->outputs[i],
		    open, name)) {
			batch_output_failed(coordinator, name);
			return false;
		}
	}
	return true;
}

static void
discard_outputs(struct coordinator *coordinator, const struct batch *batch)
{
	char name[PART_NAME_MAX];

	for (unsigned i = 0; i < batch->output_count; i++) {
		open_name(batch, i, name);
		folder_discard(&coordinator->folder, name);
	}
}

void
batch_done(struct worker_process *worker, struct batch *batch, int error)
{
	struct coordinator *coordinator = worker->coordinator;
	struct harvest *harvest;
	char why[256] = "";

	coordinator->batches--;
	coordinator->probe_batches -= batch->kind == JOB_PROBES;
	list_remove(&batch->link);
	if (error != 0) {
		errno = error;
		batch_output_failed(coordinator, "a part");
		batch_free(batch);
		return;
	}
	harvest = harvest_read(coordinator, batch->kind, batch->outputs, batch,
	    why);
	if (harvest == NULL) {
		log_line("a worker wrote what it may not, its batch is given "
		    "anew: %s", why);
		coordinator->batches++;
		coordinator->probe_batches += batch->kind == JOB_PROBES;
		coordinator->deaths++;
		batch_lost(coordinator, batch);
		return;
	}
	if (commit(coordinator, batch, harvest)) {
		coordinator->deaths = 0;
		coordinator->chunks_committed += batch->is_chunk;
		coordinator->opted_out += batch->opted_out;
		absorb(coordinator, harvest, batch->kind, batch->number);
		if (batch->kind == JOB_PROBES)
			batch_follow_up(coordinator, batch);
	}
	harvest_free(harvest);
	batch_free(batch);
	if (worker == &coordinator->confirmer)
		supervise_retire(worker);
	coordinator_kick(coordinator);
}

/* Items of a lost batch that are accused of nothing stand in line again. */
static void
return_items(struct coordinator *coordinator, struct batch *batch)
{
	struct registry *registry = &coordinator->registry;
	struct wire wire = { batch->input.bytes,
	    batch->input.bytes + batch->input.length, false };
	struct domain_item domain;
	struct host_item item;

	for (uint32_t i = 0; i < batch->items; i++) {
		bool good = batch->kind == JOB_DOMAINS
		    ? domain_item_get(&wire, &domain)
		    : host_item_get(&wire, &item);

		if (!good || (batch->accused != NULL && batch->accused[i]))
			continue;
		if (batch->kind == JOB_DOMAINS) {
			absorb_deferred(coordinator, &domain);
		} else if (batch->attempt > 1) {
			item_line_put_host(&coordinator->failed_hosts, &item);
		} else {
			struct host *host = registry_host(registry, item.name);

			host->phase = HOST_WAITING;
			list_append(&registry->waiting, &host->link);
			registry->waiting_count++;
		}
	}
}

void
batch_lost(struct coordinator *coordinator, struct batch *batch)
{
	coordinator->batches--;
	coordinator->probe_batches -= batch->kind == JOB_PROBES;
	discard_outputs(coordinator, batch);
	if (batch->kind == JOB_POLICIES)
		batch_policies_lost(coordinator, batch);
	else if (batch->kind != JOB_PROBES && batch->accused != NULL)
		batch_accuse_items(coordinator, batch);
	if (batch->is_chunk) {
		coordinator->chunk_done[batch->number] = false;
		if (batch->number < coordinator->next_chunk)
			coordinator->next_chunk = batch->number;
	} else if (batch->kind == JOB_DOMAINS || batch->kind == JOB_HOSTS) {
		return_items(coordinator, batch);
	} else if (batch->kind == JOB_PROBES) {
		batch_return_granted(coordinator, batch);
	}
	batch_free(batch);
	if (coordinator->deaths > DEATHS_MAX) {
		log_line("workers end before they have done anything: this is "
		    "a bug, please report it");
		coordinator_fail(coordinator, EXIT_BUG);
	}
	coordinator_kick(coordinator);
}

#include "scanner/coordinator/work/mx_hosts.h"

#include <stdlib.h>
#include <string.h>

#include "scanner/base/clock.h"
#include "scanner/base/memory.h"
#include "scanner/coordinator/work/name_servers.h"
#include "scanner/coordinator/work/second_pass.h"
#include "scanner/run/shard.h"

/* The files of a batch cost as much as hundreds of its hosts. But sessions wait
 * for the batch of their host, and then begin all at once. */
#define HOSTS_A_BATCH		1024
#define HOSTS_WITH_SESSIONS	256

struct mx_hosts {
	int64_t		 since_ms;	/* when the oldest came; 0: none */
	struct second_pass failed;
};

struct mx_hosts *
mx_hosts_new(void)
{
	struct mx_hosts *hosts = xcalloc(1, sizeof *hosts);

	second_pass_init(&hosts->failed);
	return hosts;
}

void
mx_hosts_free(struct mx_hosts *hosts)
{
	second_pass_fini(&hosts->failed);
	free(hosts);
}

uint64_t
mx_hosts_failed(const struct work *work)
{
	return work->hosts->failed.line.count;
}

/* Making batches *********************************************************** */

/* Makes a batch of these items. NULL if its input cannot be written; then work
 * has failed. */
static struct batch *
make(struct work *work, const struct buffer *items, uint32_t count,
    uint8_t attempt)
{
	struct batch *batch = batch_new(JOB_HOSTS, work_take_part(work),
	    attempt);

	batch->items = count;
	if (batch_set_input(batch, items))
		return batch;
	work_output_failed(work, "a batch");
	batch_free(batch);
	return NULL;
}

static void
take_ds(const struct host *host, struct item_ds *ds)
{
	struct wire wire = { host->ds, host->ds, false };

	if (host->ds_length == 0)
		return;
	wire.end += host->ds_length;
	(void)item_ds_get(&wire, ds);
}

/* A host with a hint has the name servers of its delegation, with the addresses
 * that are known by now. */
static void
put_host(const struct work *work, struct buffer *items, struct host *host,
    enum item_state state)
{
	struct host_item item = { .name = host->name, .state = state };
	struct buffer servers = { 0 };

	if (host->set_id != 0 && plan_set_put(work->plan->servers,
	    host->set_id, &servers)) {
		item.labels_below = host->labels_below;
		take_ds(host, &item.ds);
		item.servers = servers.bytes;
		item.servers_length = servers.length;
	}
	host->phase = HOST_IN_BATCH;
	host_item_put(items, &item);
	buffer_fini(&servers);
}

/* Makes a batch of the hosts of a list, which gets empty. */
static struct batch *
make_of(struct work *work, struct list *hosts, uint32_t count)
{
	struct buffer items = { 0 };
	struct batch *batch;

	for (uint32_t i = 0; i < count; i++)
		put_host(work, &items, list_entry(list_take(hosts),
		    struct host, link), ITEM_NEW);
	batch = make(work, &items, count, 1);
	buffer_fini(&items);
	return batch;
}

static uint32_t
hosts_a_batch(const struct work *work)
{
	return work->options->probes > 0 ? HOSTS_WITH_SESSIONS : HOSTS_A_BATCH;
}

/* A batch waits to become fuller only while something else is at work. */
static bool
has_waited(const struct work *work, int64_t now_ms)
{
	return now_ms - work->hosts->since_ms >= GATHER_MS ||
	    crew_batches(work->crew) == 0;
}

static bool
has_next(struct work *work, int64_t now_ms)
{
	struct mx_hosts *hosts = work->hosts;
	uint64_t waiting = work->registry.waiting_count;

	if (waiting == 0)
		hosts->since_ms = 0;
	else if (hosts->since_ms == 0)
		hosts->since_ms = now_ms;
	return waiting > 0 && (waiting >= hosts_a_batch(work) ||
	    has_waited(work, now_ms));
}

/* Moves hosts of a line to a batch, as many as it has room for. */
static void
gather(struct work *work, unsigned number, struct list *hosts,
    uint32_t *count)
{
	struct registry *registry = &work->registry;
	struct list *line = &registry->lines[number].hosts;

	while (*count < hosts_a_batch(work) && !list_is_empty(line)) {
		struct host *host = list_entry(line->next, struct host, link);

		registry_leave_line(registry, host);
		list_append(hosts, &host->link);
		(*count)++;
	}
}

/* Only a worker that has nothing else to do takes hosts whose keys another one
 * may know. */
static void
gather_others(struct work *work, unsigned worker, struct list *hosts,
    uint32_t *count)
{
	for (unsigned i = 0; i < HOST_LINES &&
	    crew_is_idle(work->crew, worker); i++)
		gather(work, i, hosts, count);
}

static struct batch *
next(struct work *work, unsigned worker, int64_t now_ms)
{
	struct registry *registry = &work->registry;
	unsigned own = host_line_of(worker);
	uint64_t of_own = registry->lines[own].count;
	uint64_t of_any = registry->lines[HOST_LINE_ANY].count;
	struct list hosts;
	uint32_t count = 0;

	if (of_own + of_any < hosts_a_batch(work) && !has_waited(work, now_ms))
		return NULL;
	list_init(&hosts);
	/* The longer line first, so that neither waits for ever. */
	gather(work, of_own >= of_any ? own : HOST_LINE_ANY, &hosts, &count);
	gather(work, of_own >= of_any ? HOST_LINE_ANY : own, &hosts, &count);
	if (count == 0)
		gather_others(work, worker, &hosts, &count);
	return count == 0 ? NULL : make_of(work, &hosts, count);
}

static void
put_failed(struct work *work, const struct host_item *item, int64_t failed_ms)
{
	second_pass_put_host(&work->hosts->failed, work->options, item,
	    failed_ms);
}

static void
accuse(struct registry *registry, struct host *host, bool is_convicted)
{
	host->phase = HOST_SUSPECT;
	host->is_convicted = is_convicted;
	list_append(&registry->suspects, &host->link);
}

void
mx_hosts_take_back(struct work *work, struct batch *batch)
{
	struct registry *registry = &work->registry;
	struct buffer items = { 0 };
	struct wire wire;
	struct host_item item;

	if (!batch_read_input(batch, &items))
		work_output_failed(work, "a batch");
	wire = (struct wire){ items.bytes, items.bytes + items.length, false };
	for (uint32_t i = 0; i < batch->items &&
	    host_item_get(&wire, &item); i++) {
		struct host *host = registry_host(registry, item.name);

		if (batch_is_accused(batch, i))
			accuse(registry, host, batch->is_convicted);
		else if (batch->attempt > 1)
			put_failed(work, &item, ALREADY_DUE);
		else
			registry_put_in_line(registry, host);
	}
	buffer_fini(&items);
}

static bool
is_done(const struct work *work)
{
	return work->registry.waiting_count == 0;
}

static int64_t
wake_ms(const struct work *work, int64_t now_ms)
{
	(void)now_ms;
	return work->registry.waiting_count == 0 ? INT64_MAX
	    : work->hosts->since_ms + GATHER_MS;
}

const struct work_queue hosts_queue = {
	.kind = JOB_HOSTS, .seat = SEAT_EACH, .has_next = has_next,
	.next = next, .lost = mx_hosts_take_back, .is_done = is_done,
	.wake_ms = wake_ms,
};

/* Hosts that wait for a name server **************************************** */

/* The budget of its name server was used up (RULES L17): it waits until there
 * is room, without an attempt counted. */
static void
hold(struct work *work, struct host *host)
{
	const struct plan_servers *servers = work->plan->servers;
	struct buffer list = { 0 };
	char charged[NAME_TEXT_MAX];

	if (plan_set_put(servers, host->set_id, &list) && servers_charged(
	    (struct item_servers){ list.bytes, list.length }, host->name,
	    charged)) {
		host->phase = HOST_HELD;
		name_servers_hold_host(work->name_servers, charged,
		    &host->link);
	} else {
		registry_put_in_line(&work->registry, host);
	}
	buffer_fini(&list);
}

static bool
held_has_next(struct work *work, int64_t now_ms)
{
	(void)now_ms;
	return name_servers_held_hosts(work->name_servers) > 0;
}

static struct batch *
held_next(struct work *work, unsigned worker, int64_t now_ms)
{
	struct list hosts;
	uint32_t count;

	list_init(&hosts);
	count = name_servers_release_hosts(work->name_servers, worker,
	    hosts_a_batch(work), now_ms, &hosts);
	return count == 0 ? NULL : make_of(work, &hosts, count);
}

static bool
held_is_done(const struct work *work)
{
	return name_servers_held_hosts(work->name_servers) == 0;
}

const struct work_queue hosts_held_queue = {
	.kind = JOB_HOSTS, .seat = SEAT_EACH, .has_next = held_has_next,
	.next = held_next, .lost = mx_hosts_take_back,
	.is_done = held_is_done,
};

/* The second pass ********************************************************** */

static bool
second_has_next(struct work *work, int64_t now_ms)
{
	return now_ms >= second_pass_due_ms(&work->hosts->failed);
}

static struct batch *
second_next(struct work *work, unsigned worker, int64_t now_ms)
{
	struct buffer items = { 0 };
	struct batch *batch;
	uint32_t count;

	(void)worker;
	count = second_pass_take_hosts(&work->hosts->failed, work->options,
	    now_ms, &items);
	batch = make(work, &items, count, 2);
	buffer_fini(&items);
	return batch;
}

static bool
second_is_done(const struct work *work)
{
	return work->hosts->failed.line.count == 0;
}

static int64_t
second_due_ms(const struct work *work)
{
	return second_pass_due_ms(&work->hosts->failed);
}

const struct work_queue hosts_second_queue = {
	.kind = JOB_HOSTS, .seat = SEAT_ANY, .has_next = second_has_next,
	.next = second_next, .lost = mx_hosts_take_back,
	.is_done = second_is_done, .due_ms = second_due_ms,
};

/* Suspects ***************************************************************** */

bool
mx_hosts_has_suspect(const struct work *work)
{
	return !list_is_empty(&work->registry.suspects);
}

struct batch *
mx_hosts_next_suspect(struct work *work)
{
	struct host *host = list_entry(list_take(&work->registry.suspects),
	    struct host, link);
	struct buffer items = { 0 };
	struct batch *batch;

	put_host(work, &items, host, host->is_convicted ? ITEM_CRASHED
	    : ITEM_SUSPECT);
	batch = make(work, &items, 1, 1);
	buffer_fini(&items);
	return batch;
}

/* What is committed ******************************************************** */

static bool
expect(const struct batch *batch, struct map *expected)
{
	return harvest_expect_names(expected, batch, host_item_next_name);
}

/* At a restart a host waits until its row is read. */
static void
leave_line(struct registry *registry, struct host *host)
{
	if (host->phase == HOST_WAITING)
		registry_leave_line(registry, host);
}

static struct host *
take_facts(struct registry *registry, const struct host_facts *facts)
{
	struct host *host = registry_host(registry, facts->name);

	leave_line(registry, host);
	host_becomes_known(host);
	host->status = facts->status;
	host->tlsa_status = facts->tlsa_status;
	host->tlsa_asked_at = facts->asked_at;
	host->tlsa_ttl_s = facts->ttl_s;
	if (facts->tlsa_base[0] != '\0')
		host->asking = host->askings = 1;
	host->tlsa_base = strcmp(facts->tlsa_base, facts->name) == 0
	    ? host->name : arena_text(&registry->arena, facts->tlsa_base);
	host->tlsa_records_length = (uint32_t)facts->records.length;
	host->tlsa_records = arena_copy(&registry->arena,
	    facts->records.bytes, facts->records.length);
	host->tlsa_record_count = facts->record_count;
	return host;
}

/* At a restart no host is in a batch: a host that was held is queued again,
 * unless a later batch has its row or failure. */
static void
take_deferred(struct work *work, const struct harvest *harvest)
{
	struct registry *registry = &work->registry;
	struct wire wire = { harvest->deferred.bytes,
	    harvest->deferred.bytes + harvest->deferred.length, false };
	struct host_item item;

	while (wire.at < wire.end && host_item_get(&wire, &item)) {
		struct host *host = registry_host(registry, item.name);

		if (item.state == ITEM_HELD) {
			if (host->phase == HOST_IN_BATCH)
				hold(work, host);
			continue;
		}
		leave_line(registry, host);
		host->phase = HOST_DEFERRED;
		put_failed(work, &item, clock_ms());
	}
}

static void
committed(struct work *work, struct batch *batch,
    const struct harvest *harvest)
{
	(void)batch;
	for (size_t i = 0; i < harvest->facts_count; i++) {
		const struct host_facts *facts = &harvest->facts[i];

		schedule_host(&work->schedule,
		    take_facts(&work->registry, facts), facts->addresses,
		    facts->classes, facts->address_count);
	}
	take_deferred(work, harvest);
}

static bool
read_back(struct work *work, uint64_t number, const struct harvest *harvest)
{
	work_note_part(work, number);
	for (size_t i = 0; i < harvest->facts_count; i++) {
		const struct host_facts *facts = &harvest->facts[i];

		schedule_attach(&work->schedule,
		    take_facts(&work->registry, facts), facts->addresses,
		    facts->classes, facts->address_count);
	}
	take_deferred(work, harvest);
	return true;
}

/* Does this shard probe one of its addresses? */
static bool
is_probed(const struct options *options, const struct host_facts *facts)
{
	for (size_t i = 0; i < facts->address_count; i++)
		if (shard_has_address(options, &facts->addresses[i]))
			return true;
	return false;
}

void
mx_hosts_take_before(struct work *work, const struct harvest *harvest)
{
	for (size_t i = 0; i < harvest->facts_count; i++) {
		const struct host_facts *facts = &harvest->facts[i];

		if (is_probed(work->options, facts))
			schedule_attach(&work->schedule,
			    take_facts(&work->registry, facts),
			    facts->addresses, facts->classes,
			    facts->address_count);
	}
}

/* Hosts whose row has come since they were deferred are not asked again. */
static bool
all_read_back(struct work *work)
{
	struct item_line *line = &work->hosts->failed.line;
	struct buffer items = { 0 };
	struct wire wire;
	struct host_item item;

	while (item_line_take_hosts(line, UINT32_MAX, &items) > 0)
		continue;
	second_pass_fini(&work->hosts->failed);
	wire = (struct wire){ items.bytes, items.bytes + items.length, false };
	while (wire.at < wire.end && host_item_get(&wire, &item))
		if (registry_host(&work->registry, item.name)->phase !=
		    HOST_KNOWN)
			put_failed(work, &item, clock_ms());
	buffer_fini(&items);
	return true;
}

const struct work_kind hosts_job = {
	.read = harvest_hosts, .expect = expect, .committed = committed,
	.read_back = read_back, .all_read_back = all_read_back,
	.share = { .unstarted_most = 2 },
};

#include "scanner/coordinator/work/canary_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scanner/base/clock.h"
#include "scanner/base/memory.h"

struct canary *
canary_new(const struct options *options)
{
	struct canary *canary = xcalloc(1, sizeof *canary);

	if (options->canary != NULL)
		snprintf(canary->host, sizeof canary->host, "%s",
		    options->canary);
	else if (options->ehlo != NULL)
		snprintf(canary->domain, sizeof canary->domain, "%s",
		    options->ehlo);
	return canary;
}

void
canary_free(struct canary *canary)
{
	buffer_fini(&canary->records);
	free(canary);
}

/* The end of a look ******************************************************** */

void
canary_finish(struct work *work, const struct look_result *result)
{
	work->canary->step = CANARY_IDLE;
	work->canary->is_out = false;
	network_looked(work->network, result, clock_ms());
	work->events.changed(work->events.tag);
}

void
canary_fail(struct work *work, bool is_possible)
{
	const struct look_result result = { .is_possible = is_possible };

	canary_finish(work, &result);
}

void
canary_go_on(struct work *work, enum canary_step step)
{
	work->canary->step = step;
	work->canary->is_out = false;
	work->events.changed(work->events.tag);
}

void
canary_ask(struct work *work, const struct reach_server *servers, size_t count)
{
	struct canary *canary = work->canary;

	if (canary->step != CANARY_IDLE)
		return;
	canary->asks_canary = count == 0;
	canary->count = count;
	memcpy(canary->servers, servers, count * sizeof *servers);
	if (count > 0)
		canary_go_on(work, CANARY_SESSION);
	else if (canary->own_count > 0 || canary->host[0] != '\0')
		canary_go_on(work, canary->own_count > 0 ? CANARY_SESSION
		    : CANARY_HOST);
	else if (canary->domain[0] != '\0')
		canary_go_on(work, CANARY_DOMAIN);
	else
		canary_fail(work, false);
}

/* Batches ****************************************************************** */

/* Nothing of such a batch is committed. */
static struct batch *
make(struct work *work, enum job_kind kind, const struct buffer *items,
    uint32_t count)
{
	struct canary *canary = work->canary;
	struct batch *batch = batch_new(kind, UINT64_MAX - 1 -
	    canary->next_number++, 1);

	batch->is_scratch = true;
	batch->items = count;
	if (batch_set_input(batch, items)) {
		canary->is_out = true;
		return batch;
	}
	work_output_failed(work, "a batch");
	batch_free(batch);
	return NULL;
}

static bool
wants(const struct work *work, enum canary_step step)
{
	return work->canary->step == step && !work->canary->is_out;
}

static bool
domains_has_next(struct work *work, int64_t now_ms)
{
	(void)now_ms;
	return wants(work, CANARY_DOMAIN);
}

static struct batch *
domains_next(struct work *work, unsigned worker, int64_t now_ms)
{
	const struct domain_item item = {
		.name = work->canary->domain, .parent_ds_algorithms = "",
		.dns_operator = "",
	};
	struct buffer items = { 0 };
	struct batch *batch;

	(void)worker;
	(void)now_ms;
	domain_item_put(&items, &item);
	batch = make(work, JOB_DOMAINS, &items, 1);
	buffer_fini(&items);
	return batch;
}

static bool
hosts_has_next(struct work *work, int64_t now_ms)
{
	(void)now_ms;
	return wants(work, CANARY_HOST);
}

static struct batch *
hosts_next(struct work *work, unsigned worker, int64_t now_ms)
{
	const struct host_item item = { .name = work->canary->host };
	struct buffer items = { 0 };
	struct batch *batch;

	(void)worker;
	(void)now_ms;
	host_item_put(&items, &item);
	batch = make(work, JOB_HOSTS, &items, 1);
	buffer_fini(&items);
	return batch;
}

static bool
probes_has_next(struct work *work, int64_t now_ms)
{
	(void)now_ms;
	return wants(work, CANARY_SESSION);
}

/* The canary is judged as a host; of a known server only the connection
 * matters. */
static void
put_session(struct work *work, const struct reach_server *server,
    struct buffer *items)
{
	const struct canary *canary = work->canary;
	const struct probe_item item = {
		.action = PROBE_CONNECT, .address = server->address,
		.port = (uint16_t)work->options->port, .sni = server->sni,
		.session_sni = server->sni, .attempt = 1, .basis = BASIS_OWN,
		.host_count = canary->asks_canary,
	};
	struct wire wire = { canary->records.bytes, canary->records.bytes +
	    canary->records.length, false };
	struct probe_host host = {
		.name = canary->host, .tlsa_base = canary->tlsa_base,
		.judge_dane = strcmp(canary->tlsa_base, canary->host) == 0,
		.tlsa_status = canary->tlsa_status,
		.tlsa_asked_at = clock_ms(), .tlsa_ttl_s = UINT32_MAX,
		.asking = canary->tlsa_base[0] != '\0',
		.record_count = canary->record_count,
	};

	probe_item_put(items, &item);
	if (!canary->asks_canary)
		return;
	for (uint32_t i = 0; i < host.record_count; i++)
		host.records[i].bytes = wire_bytes(&wire,
		    &host.records[i].length);
	probe_host_put(items, &host);
}

static struct batch *
probes_next(struct work *work, unsigned worker, int64_t now_ms)
{
	struct canary *canary = work->canary;
	const struct reach_server *servers = canary->asks_canary ? canary->own
	    : canary->servers;
	size_t count = canary->asks_canary ? canary->own_count : canary->count;
	struct buffer items = { 0 };
	struct batch *batch;

	(void)worker;
	(void)now_ms;
	for (size_t i = 0; i < count; i++)
		put_session(work, &servers[i], &items);
	batch = make(work, JOB_PROBES, &items, (uint32_t)count);
	buffer_fini(&items);
	return batch;
}

/* The worker is gone, so another one gets the batch. */
static void
lost(struct work *work, struct batch *batch)
{
	(void)batch;
	work->canary->is_out = false;
}

/* The canary is asked only while something is suspected, so no run waits for
 * it. */
static bool
is_done(const struct work *work)
{
	(void)work;
	return true;
}

const struct work_queue canary_domains_queue = {
	.kind = JOB_DOMAINS, .seat = SEAT_ANY, .has_next = domains_has_next,
	.next = domains_next, .lost = lost, .is_done = is_done,
};

const struct work_queue canary_hosts_queue = {
	.kind = JOB_HOSTS, .seat = SEAT_ANY, .has_next = hosts_has_next,
	.next = hosts_next, .lost = lost, .is_done = is_done,
};

const struct work_queue canary_probes_queue = {
	.kind = JOB_PROBES, .seat = SEAT_ANY, .has_next = probes_has_next,
	.next = probes_next, .lost = lost, .is_done = is_done,
};

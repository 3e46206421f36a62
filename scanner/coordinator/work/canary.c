#include "scanner/coordinator/work/canary.h"

#include <ifaddrs.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scanner/base/clock.h"
#include "scanner/base/log.h"
#include "scanner/base/memory.h"

#define CANARY_ADDRESSES	4

enum canary_step {
	CANARY_IDLE,
	CANARY_DOMAIN,		/* the MX of the domain of --ehlo is asked */
	CANARY_HOST,		/* its addresses */
	CANARY_SESSION,
};

struct canary {
	enum canary_step step;
	bool		 is_out;	/* a worker has the batch of the step */
	bool		 asks_canary;	/* not servers that are known */
	char		 domain[NAME_TEXT_MAX];	/* the next to be asked for */
	char		 host[NAME_TEXT_MAX];	/* "": not known yet */
	struct reach_server servers[REACH_KNOWN_MAX];
	size_t		 count;
	struct reach_server own[CANARY_ADDRESSES];	/* of the canary */
	size_t		 own_count;
	/* Its TLSA records (registry.h: host). */
	char		 tlsa_base[NAME_TEXT_MAX];
	enum tlsa_status tlsa_status;
	struct buffer	 records;
	uint32_t	 record_count;
	uint64_t	 next_number;
};

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

static void
finish(struct work *work, const struct look_result *result)
{
	work->canary->step = CANARY_IDLE;
	work->canary->is_out = false;
	network_looked(work->network, result, clock_ms());
	work->events.changed(work->events.tag);
}

/* Nobody answered, or nobody can be asked. */
static void
fail(struct work *work, bool is_possible)
{
	const struct look_result result = { .is_possible = is_possible };

	finish(work, &result);
}

static void
go_on(struct work *work, enum canary_step step)
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
		go_on(work, CANARY_SESSION);
	else if (canary->own_count > 0 || canary->host[0] != '\0')
		go_on(work, canary->own_count > 0 ? CANARY_SESSION
		    : CANARY_HOST);
	else if (canary->domain[0] != '\0')
		go_on(work, CANARY_DOMAIN);
	else
		fail(work, false);
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

/* The canary is judged as a host; a server that is known is only reached. */
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

/* The worker is gone: another one is asked. */
static void
lost(struct work *work, struct batch *batch)
{
	(void)batch;
	work->canary->is_out = false;
}

/* The canary is asked only while something is suspected. No run waits for
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

/* Results ****************************************************************** */

/* The domain has no MX: the name above it is next, but no TLD. */
static void
ask_parent(struct work *work)
{
	struct canary *canary = work->canary;
	const char *parent = strchr(canary->domain, '.');

	if (parent == NULL || strchr(parent + 1, '.') == NULL) {
		canary->domain[0] = '\0';
		fail(work, false);
		return;
	}
	memmove(canary->domain, parent + 1, strlen(parent + 1) + 1);
	go_on(work, CANARY_DOMAIN);
}

static void
take_domain(struct work *work, const struct harvest *harvest)
{
	struct canary *canary = work->canary;

	if (harvest->faces.bad[FACE_NAME_SERVERS] > 0) {
		fail(work, true);
	} else if (harvest->host_count == 0) {
		ask_parent(work);
	} else {
		snprintf(canary->host, sizeof canary->host, "%s",
		    harvest->hosts[0]);
		go_on(work, CANARY_HOST);
	}
}

static bool
address_of(const struct sockaddr *name, struct address *address)
{
	*address = (struct address){ 0 };
	if (name != NULL && name->sa_family == AF_INET) {
		address->family = 4;
		memcpy(address->bytes, &((const struct sockaddr_in *)
		    (const void *)name)->sin_addr, 4);
		return true;
	}
	if (name != NULL && name->sa_family == AF_INET6) {
		address->family = 6;
		memcpy(address->bytes, &((const struct sockaddr_in6 *)
		    (const void *)name)->sin6_addr, 16);
		return true;
	}
	return false;
}

/* Is it in a /24 or /48 of an address of this machine? */
static bool
is_near(const struct address *address)
{
	struct prefix network = address_network(address);
	struct ifaddrs *all;
	struct address own;
	bool near = false;

	if (getifaddrs(&all) != 0)
		return false;
	for (const struct ifaddrs *one = all; one != NULL; one = one->ifa_next)
		near = near || (address_of(one->ifa_addr, &own) &&
		    own.family == address->family &&
		    prefix_contains(&network, &own));
	freeifaddrs(all);
	return near;
}

static void
take_tlsa(struct canary *canary, const struct host_facts *facts)
{
	snprintf(canary->tlsa_base, sizeof canary->tlsa_base, "%s",
	    facts->tlsa_base);
	canary->tlsa_status = facts->tlsa_status;
	canary->record_count = facts->record_count;
	canary->records.length = 0;
	buffer_append(&canary->records, facts->records.bytes,
	    facts->records.length);
}

static void
take_host(struct work *work, const struct harvest *harvest)
{
	struct canary *canary = work->canary;
	const struct host_facts *facts = harvest->facts;

	for (size_t i = 0; harvest->facts_count > 0 &&
	    i < facts->address_count; i++) {
		struct reach_server *own = &canary->own[canary->own_count];

		if (facts->classes[i] != CLASS_PUBLIC ||
		    is_near(&facts->addresses[i]) ||
		    canary->own_count == CANARY_ADDRESSES)
			continue;
		own->address = facts->addresses[i];
		snprintf(own->sni, sizeof own->sni, "%s", canary->host);
		canary->own_count++;
	}
	if (canary->own_count > 0) {
		take_tlsa(canary, facts);
		go_on(work, CANARY_SESSION);
		return;
	}
	/* A lookup that failed may succeed at the next look. */
	if (harvest->faces.bad[FACE_NAME_SERVERS] > 0) {
		fail(work, true);
		return;
	}
	log_line("the canary %s has no address outside the networks of this "
	    "machine that may be contacted", canary->host);
	fail(work, false);
}

/* The canary's certificate counts as its own if one session says so. */
static bool
is_trusted(const struct harvest *harvest)
{
	for (size_t i = 0; i < harvest->result_count; i++)
		if (harvest->results[i].is_trusted)
			return true;
	return false;
}

static void
take_sessions(struct work *work, const struct harvest *harvest)
{
	struct look_result result = { .is_possible = true };

	for (size_t i = 0; i < harvest->probe_count; i++) {
		const struct probe_facts *facts = &harvest->probes[i];

		result.answered = result.answered || !facts->may_be_ours ||
		    facts->result.phase != PHASE_CONNECT;
		if (work->canary->asks_canary && facts->identity != NULL)
			result.identity = facts->identity;
	}
	result.is_trusted = is_trusted(harvest);
	finish(work, &result);
}

void
canary_take(struct work *work, const struct batch *batch,
    const struct harvest *harvest)
{
	if (batch->queue == &canary_domains_queue)
		take_domain(work, harvest);
	else if (batch->queue == &canary_hosts_queue)
		take_host(work, harvest);
	else
		take_sessions(work, harvest);
}

/*
 * domains_heavy: the chunks of heavy sets of name servers (plan/plan.h). Each set
 * is at one worker, which asks its names as fast as the servers may be asked,
 * and has the next chunk before the names of the last one run out. So the
 * slowest servers of a run work from its beginning on, and their names wait in
 * the plan's file.
 */
#include "scanner/coordinator/work/domains_internal.h"

#include "scanner/base/memory.h"
#include "scanner/coordinator/work/name_servers.h"
#include "scanner/coordinator/work/server_hosts.h"
#include "scanner/plan/load.h"

static bool
is_of(const struct plan *plan, uint64_t chunk, uint32_t set)
{
	return chunk < plan->chunk_count && plan->chunks[chunk].set_id == set;
}

static struct heavy_set
set_from(const struct plan *plan, const struct options *options,
    uint64_t chunk)
{
	struct heavy_set set = {
		.number = plan->chunks[chunk].set_id, .first = chunk,
		.next = chunk, .end = chunk,
	};

	while (is_of(plan, set.end, set.number))
		set.end++;
	set.chunk_seconds = plan_set_seconds(plan->servers, set.number,
	    options) / (double)(set.end - set.first);
	return set;
}

void
domains_find_heavy(struct domains *domains, const struct plan *plan,
    const struct options *options)
{
	struct heavy_set set;

	while (is_of(plan, domains->chunk_count, 0))
		domains->chunk_count++;
	for (uint64_t chunk = domains->chunk_count; chunk < plan->chunk_count;
	    chunk = set.end) {
		set = set_from(plan, options, chunk);
		/* It is of another shard. */
		if (domains->chunk_done[chunk])
			continue;
		domains->heavy = xreallocarray(domains->heavy,
		    domains->heavy_count + 1, sizeof *domains->heavy);
		domains->heavy[domains->heavy_count++] = set;
	}
}

static bool
has_chunk(const struct domains *domains, const struct heavy_set *set)
{
	uint64_t chunk = set->next;

	while (chunk < set->end && domains->chunk_done[chunk])
		chunk++;
	return chunk < set->end;
}

bool
domains_has_heavy(const struct domains *domains)
{
	for (size_t i = 0; i < domains->heavy_count; i++)
		if (has_chunk(domains, &domains->heavy[i]))
			return true;
	return false;
}

static bool
has_address(const struct plan_servers *servers, uint32_t number)
{
	struct plan_set set;
	struct plan_host host;

	if (!plan_set(servers, number, &set))
		return false;
	for (unsigned i = 0; i < set.host_count; i++)
		if (plan_host(servers, set.hosts[i], &host) &&
		    host.address_count > 0)
			return true;
	return false;
}

static bool
may_go(const struct work *work, const struct heavy_set *set)
{
	return has_chunk(work->domains, set) &&
	    (set->batch == NULL || set->batch->has_begun) &&
	    (server_hosts_first_are_known(work) ||
	    has_address(work->plan->servers, set->number));
}

static bool
has_next(struct work *work, int64_t now_ms)
{
	const struct domains *domains = work->domains;

	(void)now_ms;
	if (domains_are_too_many(work))
		return false;
	for (size_t i = 0; i < domains->heavy_count; i++)
		if (may_go(work, &domains->heavy[i]))
			return true;
	return false;
}

/* The set of this worker that needs the most time. */
static struct heavy_set *
slowest(const struct work *work, unsigned worker)
{
	const struct domains *domains = work->domains;
	struct heavy_set *best = NULL;
	double most = -1;

	for (size_t i = worker; i < domains->heavy_count;
	    i += crew_workers(work->crew)) {
		struct heavy_set *set = &domains->heavy[i];
		double left = set->chunk_seconds *
		    (double)(set->end - set->next);

		if (left > most && may_go(work, set)) {
			best = set;
			most = left;
		}
	}
	return best;
}

static struct batch *
next(struct work *work, unsigned worker, int64_t now_ms)
{
	struct domains *domains = work->domains;
	struct heavy_set *set = slowest(work, worker);
	struct batch *batch;

	(void)now_ms;
	if (set == NULL)
		return NULL;
	while (domains->chunk_done[set->next])
		set->next++;
	batch = domains_make_chunk(work, set->next++);
	if (batch != NULL)
		batch->is_paced = true;
	set->batch = batch;
	return batch;
}

void
domains_end_heavy(struct domains *domains, const struct batch *batch)
{
	for (size_t i = 0; i < domains->heavy_count; i++)
		if (domains->heavy[i].batch == batch)
			domains->heavy[i].batch = NULL;
}

/* How many names no worker has had. */
static uint64_t
names_left(const struct work *work, const struct heavy_set *set)
{
	uint64_t names = 0;

	for (uint64_t i = set->next; i < set->end; i++)
		if (!work->domains->chunk_done[i])
			names += work->plan->chunks[i].items;
	return names;
}

/* As message/servers.h says which server is charged. */
static void
tell_host(const struct work *work, uint32_t number, double names)
{
	const struct address *chosen = NULL;
	char text[ADDRESS_TEXT_MAX];
	struct plan_host host;

	if (!plan_host(work->plan->servers, number, &host))
		return;
	for (unsigned i = 0; i < host.address_count; i++)
		if (chosen == NULL || (chosen->family == 6 &&
		    host.addresses[i].family == 4))
			chosen = &host.addresses[i];
	if (chosen != NULL)
		address_to_text(chosen, text);
	name_servers_add_planned(work->name_servers, chosen != NULL ? text
	    : host.name, names);
}

void
domains_tell_planned(const struct work *work)
{
	const struct domains *domains = work->domains;
	struct plan_set set;

	name_servers_forget_planned(work->name_servers);
	for (size_t i = 0; i < domains->heavy_count; i++) {
		uint64_t left = names_left(work, &domains->heavy[i]);

		if (left == 0 || !plan_set(work->plan->servers,
		    domains->heavy[i].number, &set))
			continue;
		for (unsigned j = 0; j < set.host_count; j++)
			tell_host(work, set.hosts[j], (double)left /
			    set.host_count);
	}
}

static void
lost(struct work *work, struct batch *batch)
{
	struct domains *domains = work->domains;

	domains_end_heavy(domains, batch);
	domains_lose_chunk(work, batch);
	for (size_t i = 0; i < domains->heavy_count; i++) {
		struct heavy_set *set = &domains->heavy[i];

		if (batch->number >= set->first && batch->number < set->next)
			set->next = batch->number;
	}
}

static bool
is_done(const struct work *work)
{
	return chunks_queue.is_done(work);
}

const struct work_queue heavy_queue = {
	.kind = JOB_DOMAINS, .seat = SEAT_EACH, .is_paced = true,
	.has_next = has_next, .next = next, .lost = lost, .is_done = is_done,
};

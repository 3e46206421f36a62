#include "scanner/coordinator/work/work.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scanner/base/clock.h"
#include "scanner/base/log.h"
#include "scanner/base/memory.h"
#include "scanner/coordinator/work/domains.h"
#include "scanner/coordinator/work/mx_hosts.h"
#include "scanner/coordinator/work/name_servers.h"
#include "scanner/coordinator/work/policies.h"
#include "scanner/coordinator/work/probes.h"
#include "scanner/run/room.h"

static const struct work_kind *const kinds[JOB_KINDS] = {
	[JOB_DOMAINS] = &domains_job, [JOB_HOSTS] = &hosts_job,
	[JOB_PROBES] = &probes_job, [JOB_POLICIES] = &policies_job,
};

/* The work that would otherwise remain for the end of the run goes first. */
static const struct work_queue *const queues[] = {
	&hosts_queue, &hosts_second_queue, &probes_queue,
	&confirmations_queue, &policies_queue, &chunks_queue, &held_queue,
	&domains_second_queue, &suspects_queue,
};
#define QUEUES (sizeof queues / sizeof queues[0])

const struct work_kind *
work_kind_of(enum job_kind kind)
{
	return kinds[kind];
}

/* Life ********************************************************************* */

struct work *
work_new(const struct options *options, struct run *run,
    const struct plan *plan, uint64_t sessions,
    const struct work_events *events)
{
	struct work *work = xcalloc(1, sizeof *work);

	work->options = options;
	work->run = run;
	work->plan = plan;
	work->events = *events;
	registry_init(&work->registry);
	work->pace = pace_new(options);
	pace_set_sessions(work->pace, sessions);
	work->schedule = (struct schedule){
		.options = options, .registry = &work->registry,
		.pace = work->pace, .starts = run->starts,
		.opt_out = &run->opt_out.entries,
	};
	work->name_servers = name_servers_new(options);
	work->domains = domains_new(plan);
	work->hosts = mx_hosts_new();
	work->probes = probes_new();
	work->policies = policies_new();
	return work;
}

void
work_free(struct work *work)
{
	if (work == NULL)
		return;
	domains_free(work->domains);
	mx_hosts_free(work->hosts);
	probes_free(work->probes);
	policies_free(work->policies);
	name_servers_free(work->name_servers);
	registry_fini(&work->registry);
	pace_free(work->pace);
	free(work);
}

void
work_share_out(uint64_t files, struct crew_share share[JOB_KINDS])
{
	for (int kind = 0; kind < JOB_KINDS; kind++) {
		share[kind] = kinds[kind]->share;
		/* A kind that pacing limits does not count against a worker's
		 * batches; its files are limited over all workers. */
		if (share[kind].by_sessions)
			share[kind].out_most = (unsigned)(files / 4 /
			    (JOB_OUTPUTS_MAX + 1));
	}
}

void
work_fail(struct work *work, int status)
{
	work->has_failed = true;
	work->events.failed(work->events.tag, status);
}

void
work_output_failed(struct work *work, const char *what)
{
	log_line("%s: %s: %s", work->run->folder.path, what, strerror(errno));
	work_fail(work, EXIT_OUTPUT);
}

void
work_batch_failed(struct work *work, const char *what)
{
	int error = errno;

	if (!room_lacks(error)) {
		work_output_failed(work, what);
		return;
	}
	work_hold(work);
	work->events.full(work->events.tag, what, error);
}

uint64_t
work_take_part(struct work *work)
{
	return work->next_part++;
}

void
work_note_part(struct work *work, uint64_t number)
{
	if (number >= work->next_part)
		work->next_part = number + 1;
}

/* Batches that are lost **************************************************** */

static void
lose(struct work *work, struct batch *batch)
{
	batch_discard(batch, &work->run->folder);
	batch->queue->lost(work, batch);
	batch_free(batch);
	work->events.changed(work->events.tag);
}

static void
on_lost(void *tag, struct batch *batch)
{
	lose(tag, batch);
}

/* Looking for work ********************************************************* */

void
work_hold(struct work *work)
{
	work->is_held = true;
}

void
work_release(struct work *work)
{
	work->is_held = false;
	work->events.changed(work->events.tag);
}

static bool
goes_on(const struct work *work)
{
	return !work->has_failed && !work->is_held;
}

/* False if no more can be sent now. */
static bool
send(struct work *work, const struct work_queue *queue, unsigned worker,
    int64_t now_ms)
{
	struct batch *batch = queue->next(work, worker, now_ms);
	char name[PART_NAME_MAX];

	if (batch == NULL)
		return goes_on(work);
	batch->queue = queue;
	if (!batch_open(batch, &work->run->folder, name)) {
		work_batch_failed(work, name);
		lose(work, batch);
		return false;
	}
	crew_send(work->crew, worker, batch);
	return true;
}

/* Each worker has its own share of what waits there. */
static void
serve_each(struct work *work, const struct work_queue *queue, int64_t now_ms)
{
	for (unsigned i = 0; i < crew_workers(work->crew); i++)
		if (queue->has_next(work, now_ms) &&
		    crew_has_room(work->crew, i, queue->kind) &&
		    !send(work, queue, i, now_ms))
			return;
}

static void
serve_seat(struct work *work, const struct work_queue *queue, int64_t now_ms)
{
	unsigned worker;

	if (!queue->has_next(work, now_ms)) {
		crew_leave(work->crew, queue->seat);
		return;
	}
	worker = crew_sit(work->crew, queue->seat);
	if (worker != CREW_NOBODY)
		(void)send(work, queue, worker, now_ms);
}

static void
serve(struct work *work, const struct work_queue *queue, int64_t now_ms)
{
	unsigned worker;

	while (queue->has_next(work, now_ms) && (worker = crew_choose(
	    work->crew, queue->kind)) != CREW_NOBODY)
		if (!send(work, queue, worker, now_ms))
			return;
}

void
work_look(struct work *work)
{
	int64_t now_ms = clock_ms();

	for (size_t i = 0; i < QUEUES && goes_on(work); i++) {
		if (queues[i]->seat == SEAT_ANY)
			serve(work, queues[i], now_ms);
		else if (queues[i]->seat == SEAT_EACH)
			serve_each(work, queues[i], now_ms);
		else
			serve_seat(work, queues[i], now_ms);
	}
}

bool
work_is_done_before(const struct work *work, const struct work_queue *queue)
{
	for (size_t i = 0; i < QUEUES && queues[i] != queue; i++)
		if (!queues[i]->is_done(work))
			return false;
	return true;
}

bool
work_is_done(const struct work *work)
{
	return (work->crew == NULL || crew_batches(work->crew) == 0) &&
	    work_is_done_before(work, NULL);
}

int64_t
work_wake_ms(const struct work *work, int64_t now_ms)
{
	int64_t least = INT64_MAX;

	for (size_t i = 0; i < QUEUES; i++) {
		int64_t wake = queues[i]->wake_ms == NULL ? INT64_MAX
		    : queues[i]->wake_ms(work, now_ms);

		if (wake < least)
			least = wake;
	}
	return least;
}

void
work_tell_opt_out(struct work *work)
{
	crew_tell_opt_out(work->crew, &work->run->opt_out.text);
}

bool
work_take_hosts(struct work *work)
{
	struct buffer items = { 0 };
	struct wire wire;
	struct domain_item item;
	bool good = domains_take_all(work, &items);

	wire = (struct wire){ items.bytes, items.bytes + items.length, !good };
	while (wire.at < wire.end && domain_item_get(&wire, &item))
		(void)registry_host(&work->registry, item.name);
	buffer_fini(&items);
	return good;
}

/* What the crew tells ****************************************************** */

/* Checks what the worker wrote. NULL with a sentence. */
static struct harvest *
check(struct work *work, const struct batch *batch, char why[256])
{
	const struct work_kind *kind = kinds[batch->kind];
	struct map *expected = map_new();

	if (kind->expect(batch, expected))
		return harvest_read(kind->read, batch->descriptors, expected,
		    work->options->probe_implicit, why);
	snprintf(why, 256, "its items: %s", strerror(errno));
	map_free(expected);
	return NULL;
}

static void
commit(struct work *work, struct batch *batch, const struct harvest *harvest)
{
	char name[PART_NAME_MAX];

	if (!batch_commit(batch, &work->run->folder, harvest->rows, name)) {
		work_batch_failed(work, name);
		lose(work, batch);
		return;
	}
	crew_note_progress(work->crew);
	if (!work->is_held)
		work->events.committed(work->events.tag);
	tally_add(&work->run->tally, &harvest->tally);
	kinds[batch->kind]->committed(work, batch, harvest);
	batch_free(batch);
	work->events.changed(work->events.tag);
}

static void
on_done(void *tag, struct batch *batch, int error)
{
	struct work *work = tag;
	struct harvest *harvest;
	char why[256] = "";

	if (!work->events.is_sound(work->events.tag)) {
		lose(work, batch);
		return;
	}
	if (error != 0) {
		errno = error;
		work_batch_failed(work, "a part");
		lose(work, batch);
		return;
	}
	harvest = check(work, batch, why);
	if (harvest == NULL) {
		log_line("a worker wrote what it may not, its batch is given "
		    "again: %s", why);
		lose(work, batch);
		crew_note_fault(work->crew);
		return;
	}
	commit(work, batch, harvest);
	harvest_free(harvest);
}

static bool
on_ended(void *tag, struct batch *batch, uint32_t item, unsigned greeting_code)
{
	struct work *work = tag;
	const struct work_kind *kind = kinds[batch->kind];

	if (kind->ended == NULL)
		return false;
	kind->ended(work, batch, item, greeting_code);
	work->events.changed(work->events.tag);
	return true;
}

static void
tell_rate(struct work *work, unsigned worker, const struct name_server *server)
{
	/* Each worker has an equal share of what a name server may be asked. */
	crew_tell_rate(work->crew, worker, name_server_name(server),
	    name_server_rate(server) / (double)work->options->workers);
}

static void
on_ready(void *tag, unsigned worker)
{
	struct work *work = tag;
	const struct name_server *server;
	size_t index = 0;

	while ((server = name_servers_next(work->name_servers, &index)) != NULL)
		tell_rate(work, worker, server);
	work->events.changed(work->events.tag);
}

static void
on_room(void *tag)
{
	struct work *work = tag;

	work->events.changed(work->events.tag);
}

static void
on_server(void *tag, unsigned worker, const struct server_report *report)
{
	struct work *work = tag;
	const struct name_server *server = name_servers_report(
	    work->name_servers, worker, report->name, report->asked,
	    report->lost, report->waiting, clock_ms());

	if (server != NULL)
		tell_rate(work, CREW_EVERYBODY, server);
}

static void
on_unusable(void *tag, int status)
{
	work_fail(tag, status);
}

struct crew_events
work_crew_events(struct work *work)
{
	return (struct crew_events){
		.tag = work, .ready = on_ready, .room = on_room,
		.ended = on_ended, .done = on_done, .lost = on_lost,
		.server = on_server, .unusable = on_unusable,
	};
}

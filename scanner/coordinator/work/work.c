#include "scanner/coordinator/work/work.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scanner/base/clock.h"
#include "scanner/base/log.h"
#include "scanner/base/memory.h"
#include "scanner/coordinator/work/canary.h"
#include "scanner/coordinator/work/domains.h"
#include "scanner/coordinator/work/holding.h"
#include "scanner/coordinator/work/mx_hosts.h"
#include "scanner/coordinator/work/name_servers.h"
#include "scanner/coordinator/work/policies.h"
#include "scanner/coordinator/work/probes.h"
#include "scanner/coordinator/work/probes_return.h"
#include "scanner/coordinator/work/server_hosts.h"
#include "scanner/run/room.h"

static const struct work_kind *const kinds[JOB_KINDS] = {
	[JOB_DOMAINS] = &domains_job, [JOB_HOSTS] = &hosts_job,
	[JOB_PROBES] = &probes_job, [JOB_POLICIES] = &policies_job,
};

/* The work that would otherwise remain for the end of the run goes first. */
static const struct work_queue *const queues[] = {
	&canary_domains_queue, &canary_hosts_queue, &canary_probes_queue,
	&hosts_queue, &hosts_second_queue, &probes_queue,
	&confirmations_queue, &policies_queue, &server_hosts_queue,
	&chunks_queue, &held_queue, &domains_second_queue, &suspects_queue,
};
#define QUEUES (sizeof queues / sizeof queues[0])
#define QUEUES_OF_CANARY 3	/* the first ones */
#define SESSIONS_LEAST	8	/* however short sockets are */

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
	work->sessions = sessions;
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
	work->server_hosts = server_hosts_new();
	work->canary = canary_new(options);
	work->holding = holding_new();
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
	server_hosts_free(work->server_hosts);
	canary_free(work->canary);
	holding_free(work->holding);
	network_free(work->network);
	name_servers_free(work->name_servers);
	registry_fini(&work->registry);
	pace_free(work->pace);
	free(work);
}

static void
on_look(void *tag, const struct reach_server *servers, size_t count)
{
	canary_ask(tag, servers, count);
}

static void
on_down(void *tag, bool ends_workers)
{
	struct work *work = tag;

	work->is_paused = true;
	work->events.down(work->events.tag, ends_workers);
}

static void
on_up(void *tag)
{
	struct work *work = tag;

	work->is_paused = false;
	work->events.up(work->events.tag);
}

static void
on_give_up(void *tag, int status)
{
	work_fail(tag, status);
}

static void
on_fewer(void *tag, int error)
{
	struct work *work = tag;

	if (work->sessions <= SESSIONS_LEAST)
		return;
	work->sessions = work->sessions / 2 > SESSIONS_LEAST
	    ? work->sessions / 2 : SESSIONS_LEAST;
	pace_set_sessions(work->pace, work->sessions);
	log_line("this machine cannot open more connections (%s): at most "
	    "%llu sessions at a time from now on", strerror(error),
	    (unsigned long long)work->sessions);
}

static void
on_settled(void *tag)
{
	struct work *work = tag;

	work->events.changed(work->events.tag);
}

void
work_use_network(struct work *work, struct ev_loop *ev)
{
	const struct network_events events = {
		.tag = work, .look = on_look, .down = on_down, .up = on_up,
		.give_up = on_give_up, .fewer = on_fewer,
		.settled = on_settled,
	};

	work->network = network_new(work->options, ev,
	    &work->run->opt_out.entries, &events);
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
	size_t count = work->is_paused ? QUEUES_OF_CANARY : QUEUES;

	network_look(work->network, now_ms);
	if (goes_on(work))
		holding_look(work, now_ms);
	for (size_t i = 0; i < count && goes_on(work); i++) {
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
	return !work->is_paused && holding_count(work) == 0 &&
	    (work->crew == NULL || crew_batches(work->crew) == 0) &&
	    work_is_done_before(work, NULL);
}

int64_t
work_wake_ms(const struct work *work, int64_t now_ms)
{
	int64_t least = holding_wake_ms(work);

	for (size_t i = 0; i < QUEUES && !work->is_paused; i++) {
		int64_t wake = queues[i]->wake_ms == NULL ? INT64_MAX
		    : queues[i]->wake_ms(work, now_ms);

		if (wake < least)
			least = wake;
	}
	return least;
}

int64_t
work_waits_until_ms(const struct work *work)
{
	int64_t least = INT64_MAX;

	if (crew_batches(work->crew) > 0)
		return 0;
	for (size_t i = 0; i < QUEUES; i++) {
		int64_t due;

		if (queues[i]->is_done(work))
			continue;
		due = queues[i]->due_ms == NULL ? 0 : queues[i]->due_ms(work);
		if (due < least)
			least = due;
	}
	return least == INT64_MAX ? 0 : least;
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
		    false, work->options->probe_implicit, why);
	snprintf(why, 256, "its items: %s", strerror(errno));
	map_free(expected);
	return NULL;
}

void
work_commit(struct work *work, struct batch *batch, struct harvest *harvest)
{
	char name[PART_NAME_MAX] = "a part";

	if (!probes_flag_forged(work, batch, harvest) ||
	    !batch_commit(batch, &work->run->folder, harvest->rows, name)) {
		work_batch_failed(work, name);
		harvest_free(harvest);
		lose(work, batch);
		return;
	}
	crew_note_progress(work->crew);
	if (!work->is_held)
		work->events.committed(work->events.tag);
	tally_add(&work->run->tally, &harvest->tally);
	kinds[batch->kind]->committed(work, batch, harvest);
	harvest_free(harvest);
	batch_free(batch);
	work->events.changed(work->events.tag);
}

/* Takes the failed items out of the batch. Returns what is left, or NULL: then
 * the batch is gone. */
static struct harvest *
return_failed(struct work *work, struct batch *batch, struct harvest *harvest,
    bool own_alone)
{
	const struct work_kind *kind = kinds[batch->kind];
	char why[256] = "";

	if (!kind->return_failed(work, batch, harvest, own_alone)) {
		work_batch_failed(work, "a part");
		harvest_free(harvest);
		lose(work, batch);
		return NULL;
	}
	harvest_free(harvest);
	harvest = check(work, batch, why);
	if (harvest != NULL)
		return harvest;
	log_line("a batch does not fit after its failures were taken out: %s",
	    why);
	lose(work, batch);
	return NULL;
}

void
work_give_back(struct work *work, struct batch *batch, struct harvest *harvest)
{
	if (kinds[batch->kind]->return_failed == NULL) {
		harvest_free(harvest);
		lose(work, batch);
		return;
	}
	harvest = return_failed(work, batch, harvest, false);
	if (harvest != NULL)
		work_commit(work, batch, harvest);
}

/* Tells the network what a batch met. */
static void
note(struct work *work, const struct harvest *harvest, int64_t now_ms)
{
	for (size_t i = 0; i < harvest->probe_count; i++) {
		const struct probe_facts *facts = &harvest->probes[i];
		enum reach_result result = facts->result.phase !=
		    PHASE_CONNECT || !facts->may_be_ours ? REACH_ANSWERED
		    : facts->result.outcome == OUTCOME_CONNECT_REFUSED
		    ? REACH_REFUSED : REACH_SILENT;

		network_note_session(work->network, &facts->address,
		    facts->sni, result, facts->total_ms);
		if (facts->identity != NULL)
			network_note_identity(work->network, facts->identity,
			    &facts->address, facts->sni);
	}
	network_note(work->network, &harvest->faces, now_ms);
}

/* A name server that answered can be asked when everything seems to fail. */
static void
note_server(struct work *work, const struct batch *batch,
    const struct harvest *harvest, int64_t now_ms)
{
	struct buffer items = { 0 };
	struct address address;

	if (batch->kind != JOB_DOMAINS || harvest->faces.bad[
	    FACE_NAME_SERVERS] > 0 || !network_wants_server(work->network,
	    now_ms))
		return;
	if (batch_read_input(batch, &items) &&
	    domains_first_glue(&items, &address))
		network_note_server(work->network, &address);
	buffer_fini(&items);
}

/* F1 to F11: an error of our own calls. Returns what is left, or NULL. */
static struct harvest *
return_own(struct work *work, struct batch *batch, struct harvest *harvest,
    int64_t now_ms)
{
	const struct work_kind *kind = kinds[batch->kind];

	if (kind->return_failed != NULL)
		return return_failed(work, batch, harvest, true);
	network_note_own_error(work->network, batch->own_error, fault_of_error(
	    batch->own_error, ERROR_OF_CALL, false).remedy, now_ms);
	if (kind->repeats == NULL || !kind->repeats(work, batch))
		return harvest;
	harvest_free(harvest);
	lose(work, batch);
	return NULL;
}

static void
take(struct work *work, struct batch *batch, struct harvest *harvest)
{
	int64_t now_ms = clock_ms();

	note(work, harvest, now_ms);
	note_server(work, batch, harvest, now_ms);
	if (batch->own_error != 0)
		harvest = return_own(work, batch, harvest, now_ms);
	if (harvest == NULL)
		return;
	if (holding_wants(work, harvest))
		holding_put(work, batch, harvest, now_ms);
	else
		work_commit(work, batch, harvest);
	work->events.changed(work->events.tag);
}

/* A scratch batch is for the canary, or has name servers. Whoever writes nonsense
 * there is of no use. */
static void
on_scratch_done(struct work *work, struct batch *batch, int error)
{
	char why[256];
	struct harvest *harvest = error != 0 ? NULL : harvest_read(
	    kinds[batch->kind]->read, batch->descriptors, NULL, false, true,
	    why);

	if (harvest == NULL)
		batch->queue->lost(work, batch);
	else if (batch->queue == &server_hosts_queue)
		server_hosts_take(work, batch, harvest);
	else
		canary_take(work, batch, harvest);
	harvest_free(harvest);
	batch_free(batch);
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
	if (batch->is_scratch) {
		on_scratch_done(work, batch, error);
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
	take(work, batch, harvest);
}

static bool
on_ended(void *tag, struct batch *batch, uint32_t item,
    const struct session_end *end)
{
	struct work *work = tag;
	const struct work_kind *kind = kinds[batch->kind];

	if (kind->ended == NULL)
		return false;
	if (end->error != 0)
		batch->own_error = end->error;
	if (!batch->is_scratch)
		kind->ended(work, batch, item, end);
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

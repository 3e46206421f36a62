#include "scanner/coordinator/work/work_internal.h"

#include <errno.h>

#include "scanner/base/clock.h"
#include "scanner/base/log.h"
#include "scanner/coordinator/work/canary.h"
#include "scanner/coordinator/work/name_servers.h"
#include "scanner/coordinator/work/server_hosts.h"
#include "scanner/coordinator/work/source_names.h"

static void
on_lost(void *tag, struct batch *batch)
{
	work_lose(tag, batch);
}

/* A scratch batch is for the canary, or has name servers. A worker that writes
 * invalid results there is useless. */
static void
on_scratch_done(struct work *work, struct batch *batch, int error)
{
	char why[256];
	struct harvest *harvest = error != 0 ? NULL : harvest_read(
	    work_kind_of(batch->kind)->read, batch->descriptors, NULL, false,
	    true, why);

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
		work_lose(work, batch);
		return;
	}
	if (batch->is_scratch) {
		on_scratch_done(work, batch, error);
		return;
	}
	if (error != 0) {
		errno = error;
		work_batch_failed(work, "a part");
		work_lose(work, batch);
		return;
	}
	harvest = work_check(work, batch, why);
	if (harvest == NULL) {
		log_line("a worker wrote invalid results, and its batch is given "
		    "out again: %s", why);
		work_lose(work, batch);
		crew_note_fault(work->crew);
		return;
	}
	work_take(work, batch, harvest);
}

static bool
on_ended(void *tag, struct batch *batch, uint32_t item,
    const struct session_end *end)
{
	struct work *work = tag;
	const struct work_kind *kind = work_kind_of(batch->kind);

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
tell_rate(void *tag, unsigned worker, const struct name_server *server)
{
	struct work *work = tag;

	crew_tell_rate(work->crew, worker, name_server_name(server),
	    name_server_rate(server), name_server_share(work->name_servers,
	    server, worker));
}

void
work_share_rates(struct work *work, int64_t now_ms)
{
	const struct name_server_teller teller = { tell_rate, work };

	name_servers_look(work->name_servers, now_ms, &teller);
}

static void
on_ready(void *tag, unsigned worker)
{
	struct work *work = tag;
	const struct name_server_teller teller = { tell_rate, work };

	name_servers_welcome(work->name_servers, worker, &teller);
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
	int64_t now_ms = clock_ms();
	/* RULES F36: packets that are lost now may be lost by this machine. */
	bool counts = network_state(work->network, 1u << FACE_NAME_SERVERS,
	    now_ms) == NETWORK_WORKS;
	const struct name_server *server = name_servers_report(
	    work->name_servers, worker, report->name, counts ? report->asked
	    : 0, counts ? report->lost : 0, report->waiting, now_ms);

	for (unsigned i = 0; server != NULL && i < crew_places(work->crew); i++)
		tell_rate(work, i, server);
}

static void
on_lane(void *tag, enum job_kind kind, enum oddity oddity, uint64_t asked,
    uint64_t failed)
{
	struct work *work = tag;
	struct lane_tally *lanes = &work->run->lanes;
	struct lane_fates *fates = kind == JOB_HOSTS ? &lanes->hosts
	    : &lanes->domains;

	if (oddity == ODDITY_NONE) {
		fates->asked += asked;
		fates->failed += failed;
	} else {
		fates->odd[oddity] += asked;
	}
}

static void
on_sampled(void *tag, enum sample_group group,
    const uint64_t counts[SAMPLE_RESULT_COUNT])
{
	struct work *work = tag;

	for (int i = 0; i < SAMPLE_RESULT_COUNT; i++)
		work->run->lanes.sampled[group][i] += counts[i];
}

static void
on_source(void *tag, unsigned family, enum source_name state,
    const char *text)
{
	source_names_take(tag, family, state, text);
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
		.server = on_server, .lane = on_lane, .sampled = on_sampled,
		.source = on_source, .unusable = on_unusable,
	};
}

#include "scanner/coordinator/work/work_internal.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "scanner/base/clock.h"
#include "scanner/base/log.h"
#include "scanner/coordinator/work/domains.h"
#include "scanner/coordinator/work/holding.h"
#include "scanner/coordinator/work/probes_return.h"

void
work_lose(struct work *work, struct batch *batch)
{
	batch_discard(batch, &work->run->folder);
	batch->queue->lost(work, batch);
	batch_free(batch);
	work->events.changed(work->events.tag);
}

struct harvest *
work_check(struct work *work, const struct batch *batch, char why[256])
{
	const struct work_kind *kind = work_kind_of(batch->kind);
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
		work_lose(work, batch);
		return;
	}
	work->written_bytes += batch->committed_bytes;
	crew_note_progress(work->crew);
	if (!work->is_held)
		work->events.committed(work->events.tag);
	tally_add(&work->run->tally, &harvest->tally);
	work_kind_of(batch->kind)->committed(work, batch, harvest);
	harvest_free(harvest);
	batch_free(batch);
	work->events.changed(work->events.tag);
}

/* Removes the failed items from the batch. Returns what is left, or NULL if the
 * batch is gone. */
static struct harvest *
return_failed(struct work *work, struct batch *batch, struct harvest *harvest,
    bool own_alone)
{
	const struct work_kind *kind = work_kind_of(batch->kind);
	char why[256] = "";

	if (!kind->return_failed(work, batch, harvest, own_alone)) {
		work_batch_failed(work, "a part");
		harvest_free(harvest);
		work_lose(work, batch);
		return NULL;
	}
	harvest_free(harvest);
	harvest = work_check(work, batch, why);
	if (harvest != NULL)
		return harvest;
	log_line("a batch does not fit after its failures were taken out: %s",
	    why);
	work_lose(work, batch);
	return NULL;
}

void
work_give_back(struct work *work, struct batch *batch, struct harvest *harvest)
{
	if (work_kind_of(batch->kind)->return_failed == NULL) {
		work->given_back[batch->kind] += batch->items;
		harvest_free(harvest);
		work_lose(work, batch);
		return;
	}
	harvest = return_failed(work, batch, harvest, false);
	if (harvest != NULL)
		work_commit(work, batch, harvest);
}

/* Reports the results of a batch to the network. */
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

/* F1 to F11: handles an error of our own calls. Returns what is left of the
 * batch, or NULL. */
static struct harvest *
return_own(struct work *work, struct batch *batch, struct harvest *harvest,
    int64_t now_ms)
{
	const struct work_kind *kind = work_kind_of(batch->kind);

	if (kind->return_failed != NULL)
		return return_failed(work, batch, harvest, true);
	network_note_own_error(work->network, batch->own_error, fault_of_error(
	    batch->own_error, ERROR_OF_CALL, false).remedy, now_ms);
	if (kind->repeats == NULL || !kind->repeats(work, batch))
		return harvest;
	harvest_free(harvest);
	work_lose(work, batch);
	return NULL;
}

void
work_take(struct work *work, struct batch *batch, struct harvest *harvest)
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

/*
 * batch_probes: attempts that pacing has let go, and judgements from what is
 * committed, put together into probe batches; and what follows from one.
 *
 * A confirmation (RULES U10) goes to a worker that is started for it, so that its
 * resolver has nothing cached.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scanner/base/clock.h"
#include "scanner/base/memory.h"
#include "scanner/coordinator/coordinator.h"
#include "scanner/run/staged.h"

#define PROBES_A_BATCH 256

static bool
has_room(const struct gathering *gathering)
{
	return gathering->count + ATTEMPTS_MAX <= PROBES_A_BATCH;
}

static void
gather(struct gathering *gathering, struct target *target, uint8_t attempt,
    bool connects)
{
	struct granted *granted;

	if (gathering->granted == NULL)
		gathering->granted = xcalloc(PROBES_A_BATCH,
		    sizeof *gathering->granted);
	if (gathering->count == 0)
		gathering->since_ms = clock_ms();
	granted = &gathering->granted[gathering->count++];
	*granted = (struct granted){
		.target = target, .attempt = attempt, .connects = connects,
		.granted_ms = clock_ms(),
		.hosts = xcalloc(target->host_count, sizeof(struct host *)),
	};
	/* Every host that has no row of this attempt yet. */
	for (uint32_t i = 0; i < target->host_count; i++) {
		if (connects ? (target->hosts[i].judged & 1u << attempt) != 0
		    : !registry_lacks_row(target, &target->hosts[i], attempt))
			continue;
		target->hosts[i].judged |= (uint8_t)(1u << attempt);
		granted->hosts[granted->host_count++] = target->hosts[i].host;
	}
}

static bool
lacks_row(const struct target *target, uint8_t attempt)
{
	for (uint32_t i = 0; i < target->host_count; i++)
		if (registry_lacks_row(target, &target->hosts[i], attempt))
			return true;
	return false;
}

/* Judged without a connection: from what is committed. */
static void
gather_judgements(struct coordinator *coordinator)
{
	struct registry *registry = &coordinator->registry;

	while (!list_is_empty(&registry->judge) &&
	    has_room(&coordinator->gathered)) {
		struct target *target = list_entry(list_take(&registry->judge),
		    struct target, judge_link);

		target->to_judge = false;
		for (uint8_t attempt = 1; attempt <= ATTEMPTS_MAX; attempt++) {
			if (lacks_row(target, attempt))
				gather(&coordinator->gathered, target, attempt,
				    false);
		}
	}
}

/* The second look at a mismatch, as against one that saw nothing. */
static bool
is_confirmation(const struct target *target, uint8_t attempt)
{
	return attempt == 2 && target->mismatched;
}

static struct gathering *
gathering_for(struct coordinator *coordinator, const struct target *target)
{
	if (target->suspect)
		return &coordinator->examining;
	return is_confirmation(target, target->attempt) ? &coordinator->confirming
						    : &coordinator->gathered;
}

static bool
gather_sessions(struct coordinator *coordinator)
{
	int64_t now = clock_ms(), wake;
	struct target *target;

	while (has_room(&coordinator->gathered) &&
	    has_room(&coordinator->confirming) &&
	    has_room(&coordinator->examining)) {
		target = pace_next(coordinator->pace, now, &wake);
		if (target == NULL)
			return false;
		if (schedule_is_opted_out(coordinator, target)) {
			pace_release(coordinator->pace, target, false);
			schedule_bar(coordinator, target, target->attempt,
			    OUTCOME_OPTED_OUT);
			continue;
		}
		target->attempts[target->attempt - 1].state = ATTEMPT_GRANTED;
		gather(gathering_for(coordinator, target), target, target->attempt,
		    true);
	}
	return true;
}

static void
put_host(struct buffer *input, struct host *host, const struct target *target,
    const struct granted *granted)
{
	struct wire wire = { host->tlsa_records,
	    host->tlsa_records + host->tlsa_records_length, false };
	struct probe_host item = {
		.name = host->name, .tlsa_base = host->tlsa_base,
		.judge_dane = strcmp(target->sni, host->tlsa_base) == 0,
		.tlsa_status = host->tlsa_status,
		.tlsa_asked_at = host->tlsa_asked_at,
		.tlsa_ttl_s = host->tlsa_ttl_s,
		.asking = host->asking,
		.record_count = host->tlsa_record_count,
	};

	/* Only a secure RRset decides anything, and is worth asking again. */
	if (granted->connects && item.judge_dane && host_has_secure_tlsa(host))
		item.next_asking = ++host->askings;
	/* U10: whatever the TTL says. */
	item.ask_again = item.next_asking != 0 &&
	    is_confirmation(target, granted->attempt);
	for (uint32_t i = 0; i < item.record_count; i++)
		item.records[i].bytes = wire_bytes(&wire,
		    &item.records[i].length);
	probe_host_put(input, &item);
}

/* The server name of the session: its own, or that of the one it is judged by. */
static const char *
item_session(const struct granted *granted)
{
	const struct target *target = granted->target;
	const char *sni = target->attempts[granted->attempt - 1].sni;

	return granted->connects || sni == NULL ? target->sni : sni;
}

static bool
put_granted(struct coordinator *coordinator, struct buffer *input,
    struct granted *granted, struct staged *staged)
{
	const struct target *target = granted->target;
	const struct attempt *result =
	    &target->attempts[granted->attempt - 1];
	struct probe_item item = {
		.action = granted->connects ? PROBE_CONNECT :
		    result->basis == BASIS_NONE ? PROBE_NONE : PROBE_JUDGE,
		.address = target->peer->address,
		.port = (uint16_t)coordinator->options->port,
		.sni = target->sni, .session_sni = item_session(granted),
		.attempt = granted->attempt,
		.basis = granted->connects ? BASIS_OWN : result->basis,
		.profile = result->profile, .outcome = result->outcome,
		.measured_at = result->measured_at,
		.host_count = granted->host_count,
	};

	if (item.action == PROBE_JUDGE && result->has_chain &&
	    !staged_chain(staged, &coordinator->folder, result->part,
	    result->chain_id, &item))
		return false;
	probe_item_put(input, &item);
	for (uint32_t i = 0; i < granted->host_count; i++)
		put_host(input, granted->hosts[i], target, granted);
	return true;
}

/* RULES 11: noted before it starts, so that a crash does not probe a server
 * twice within --retry-after. */
static bool
note_start(struct coordinator *coordinator, const struct granted *granted)
{
	char address[ADDRESS_TEXT_MAX];

	address_to_text(&granted->target->peer->address, address);
	return fprintf(coordinator->starts, "%s %s %u %" PRId64 "\n", address,
	    granted->target->sni, granted->attempt, granted->granted_ms) > 0;
}

void
batch_send_granted(struct coordinator *coordinator,
    struct gathering *gathering, uint32_t most, struct worker_process *worker)
{
	uint32_t items = gathering->count < most ? gathering->count : most;
	struct batch *batch = batch_new(JOB_PROBES, coordinator->next_part++,
	    1, items);
	struct staged staged = { .part = UINT64_MAX };
	bool good = true;

	batch->granted = xcalloc(items, sizeof *batch->granted);
	memcpy(batch->granted, gathering->granted,
	    items * sizeof *batch->granted);
	gathering->count -= items;
	memmove(gathering->granted, gathering->granted + items,
	    gathering->count * sizeof *gathering->granted);
	for (uint32_t i = 0; i < batch->items && good; i++) {
		struct granted *granted = &batch->granted[i];

		good = put_granted(coordinator, &batch->input, granted,
		    &staged);
		if (good && granted->connects) {
			/* It starts now, not when pacing let it go. */
			granted->granted_ms = clock_ms();
			worker->sessions++;
			good = note_start(coordinator, granted);
		}
	}
	staged_fini(&staged);
	if (!good || fflush(coordinator->starts) != 0) {
		batch_output_failed(coordinator, ".work");
		batch_free(batch);
		return;
	}
	batch_send(coordinator, worker, batch);
}

/* Company is waited for only while more may come. */
static bool
is_due(const struct coordinator *coordinator,
    const struct gathering *gathering, bool more)
{
	return gathering->count > 0 && (!has_room(gathering) ||
	    (!more && coordinator->batches == 0) ||
	    clock_ms() - gathering->since_ms >= GATHER_MS);
}

/* The worker is started when there is something to confirm, and sent the batch
 * when it is ready. */
static void
send_confirmations(struct coordinator *coordinator, bool more)
{
	struct worker_process *confirmer = &coordinator->confirmer;

	if (!is_due(coordinator, &coordinator->confirming, more))
		return;
	if (confirmer->pid <= 0)
		supervise_hire(confirmer);
	else if (confirmer->ready && list_is_empty(&confirmer->batches))
		batch_send_granted(coordinator, &coordinator->confirming,
		    PROBES_A_BATCH, confirmer);
}

void
batch_probes(struct coordinator *coordinator)
{
	struct worker_process *worker;
	bool more = true;

	while (more) {
		gather_judgements(coordinator);
		more = gather_sessions(coordinator) ||
		    !list_is_empty(&coordinator->registry.judge);
		send_confirmations(coordinator, more);
		if (!is_due(coordinator, &coordinator->gathered, more))
			return;
		worker = supervise_choose(coordinator, JOB_PROBES);
		if (worker == NULL)
			return;
		batch_send_granted(coordinator, &coordinator->gathered,
		    PROBES_A_BATCH, worker);
	}
}

/* A session that has begun is over, whatever came of it. */
static void
release(struct coordinator *coordinator, struct granted *granted)
{
	if (granted->connects && !granted->ended) {
		granted->ended = true;
		pace_release(coordinator->pace, granted->target, false);
	}
}

/* What follows from a committed probe batch. */
void
batch_follow_up(struct coordinator *coordinator, struct batch *batch)
{
	for (uint32_t i = 0; i < batch->items; i++) {
		struct granted *granted = &batch->granted[i];

		release(coordinator, granted);
		granted->target->suspect = false;
		if (granted->connects)
			schedule_ended(coordinator, granted->target,
			    granted->attempt);
		registry_want_judged(&coordinator->registry, granted->target);
	}
}

/* An interrupted attempt is repeated under its own number, --retry-after after
 * its start; alone, if it may be what the worker crashed of; never, if it is. */
static void
return_session(struct coordinator *coordinator, struct granted *granted,
    bool accused, bool convicted)
{
	struct target *target = granted->target;

	release(coordinator, granted);
	target->attempt = granted->attempt;
	target->suspect = accused;
	if (accused && convicted) {
		target->suspect = false;
		schedule_bar(coordinator, target, granted->attempt,
		    OUTCOME_WORKER_CRASHED);
		return;
	}
	target->attempts[granted->attempt - 1].state = ATTEMPT_WAITING;
	pace_add(coordinator->pace, target, granted->granted_ms +
	    (int64_t)coordinator->options->retry_after_ms);
}

void
batch_return_granted(struct coordinator *coordinator, struct batch *batch)
{
	for (uint32_t i = 0; i < batch->items; i++) {
		struct granted *granted = &batch->granted[i];
		struct target *target = granted->target;

		for (uint32_t h = 0; h < granted->host_count; h++)
			registry_attach(target, granted->hosts[h])->judged &=
			    (uint8_t)~(1u << granted->attempt);
		if (granted->connects)
			return_session(coordinator, granted, batch->accused !=
			    NULL && batch->accused[i], batch->is_convicted);
		else
			registry_want_judged(&coordinator->registry, target);
	}
}

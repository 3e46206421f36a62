#include "scanner/coordinator/work/probes.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scanner/base/clock.h"
#include "scanner/base/log.h"
#include "scanner/base/memory.h"
#include "scanner/coordinator/work/grant.h"

/* Let go by pacing, and not yet in a batch. */
struct gathering {
	struct grant	*grants;
	uint32_t	 count;
	int64_t		 since_ms;
};

struct probes {
	struct gathering gathered, confirming, examining;
	bool		 has_more;	/* than there is room for */
};

struct probes *
probes_new(void)
{
	return xcalloc(1, sizeof(struct probes));
}

void
probes_free(struct probes *probes)
{
	struct gathering *all[] = {
		&probes->gathered, &probes->confirming, &probes->examining,
	};

	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
		grants_free(all[i]->grants, all[i]->count);
	free(probes);
}

/* Gathering **************************************************************** */

static bool
has_room(const struct gathering *gathering)
{
	return gathering->count + ATTEMPTS_MAX <= GRANTS_A_BATCH;
}

static void
gather(struct gathering *gathering, struct target *target, uint8_t attempt,
    bool connects, int64_t now_ms)
{
	if (gathering->grants == NULL)
		gathering->grants = xcalloc(GRANTS_A_BATCH,
		    sizeof *gathering->grants);
	if (gathering->count == 0)
		gathering->since_ms = now_ms;
	grant_init(&gathering->grants[gathering->count++], target, attempt,
	    connects, now_ms);
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
gather_judgements(struct work *work, int64_t now_ms)
{
	struct gathering *gathered = &work->probes->gathered;
	struct registry *registry = &work->registry;

	while (!list_is_empty(&registry->judge) && has_room(gathered)) {
		struct target *target = list_entry(list_take(&registry->judge),
		    struct target, judge_link);

		target->to_judge = false;
		for (uint8_t attempt = 1; attempt <= ATTEMPTS_MAX; attempt++)
			if (lacks_row(target, attempt))
				gather(gathered, target, attempt, false,
				    now_ms);
	}
}

static struct gathering *
gathering_for(struct probes *probes, const struct target *target)
{
	if (target->suspect)
		return &probes->examining;
	return grant_confirms(target, target->attempt) ? &probes->confirming
						       : &probes->gathered;
}

/* True where pacing would let go more than there is room for. */
static bool
gather_sessions(struct work *work, int64_t now_ms)
{
	struct probes *probes = work->probes;
	struct target *target;
	int64_t wake;

	while (has_room(&probes->gathered) && has_room(&probes->confirming) &&
	    has_room(&probes->examining)) {
		target = pace_next(work->pace, now_ms, &wake);
		if (target == NULL)
			return false;
		if (schedule_is_opted_out(&work->schedule, target)) {
			pace_release(work->pace, target, false);
			schedule_bar(&work->schedule, target, target->attempt,
			    OUTCOME_OPTED_OUT);
			continue;
		}
		target->attempts[target->attempt - 1].state = ATTEMPT_GRANTED;
		gather(gathering_for(probes, target), target, target->attempt,
		    true, now_ms);
	}
	return true;
}

static void
gather_all(struct work *work, int64_t now_ms)
{
	gather_judgements(work, now_ms);
	work->probes->has_more = gather_sessions(work, now_ms) ||
	    !list_is_empty(&work->registry.judge);
}

/* Company is waited for only while more may come. */
static bool
is_due(const struct work *work, const struct gathering *gathering,
    int64_t now_ms)
{
	return gathering->count > 0 && (!has_room(gathering) ||
	    (!work->probes->has_more && crew_batches(work->crew) == 0) ||
	    now_ms - gathering->since_ms >= GATHER_MS);
}

/* Making batches *********************************************************** */

/* Puts a gathering's first grants, at most so many, into a batch. */
static struct batch *
make(struct work *work, struct gathering *gathering, uint32_t most,
    int64_t now_ms)
{
	uint32_t count = gathering->count < most ? gathering->count : most;
	struct batch *batch = batch_new(JOB_PROBES, work_take_part(work), 1);
	struct grant *grants = xcalloc(count, sizeof *grants);

	memcpy(grants, gathering->grants, count * sizeof *grants);
	gathering->count -= count;
	memmove(gathering->grants, gathering->grants + count,
	    gathering->count * sizeof *gathering->grants);
	batch->items = count;
	batch->cargo = grants;
	batch->free_cargo = grants_free_cargo;
	if (grants_put(work, batch, now_ms))
		return batch;
	work_output_failed(work, ".work");
	batch_free(batch);
	return NULL;
}

static bool
has_next(struct work *work, int64_t now_ms)
{
	gather_all(work, now_ms);
	return is_due(work, &work->probes->gathered, now_ms);
}

static struct batch *
next(struct work *work, unsigned worker, int64_t now_ms)
{
	(void)worker;
	return make(work, &work->probes->gathered, GRANTS_A_BATCH, now_ms);
}

static bool
is_done(const struct work *work)
{
	return work->probes->gathered.count == 0 &&
	    list_is_empty(&work->registry.judge) &&
	    pace_waiting(work->pace) == 0;
}

static int64_t
wake_ms(const struct work *work, int64_t now_ms)
{
	const struct gathering *gathered = &work->probes->gathered;
	int64_t wake;

	/* Targets that may go now were gathered, unless no worker takes them. */
	if (gathered->count > 0)
		return gathered->since_ms + GATHER_MS;
	return pace_peek(work->pace, now_ms, &wake) ? now_ms : wake;
}

static int64_t
due_ms(const struct work *work)
{
	int64_t due;

	if (work->probes->gathered.count > 0 ||
	    !list_is_empty(&work->registry.judge) ||
	    pace_in_flight(work->pace) > 0 ||
	    pace_peek(work->pace, clock_ms(), &due))
		return 0;
	return due;
}

const struct work_queue probes_queue = {
	.kind = JOB_PROBES, .seat = SEAT_ANY, .has_next = has_next,
	.next = next, .lost = probes_take_back, .is_done = is_done,
	.wake_ms = wake_ms, .due_ms = due_ms,
};

/* Confirmations ************************************************************ */

static bool
confirming_has_next(struct work *work, int64_t now_ms)
{
	gather_all(work, now_ms);
	return is_due(work, &work->probes->confirming, now_ms);
}

static struct batch *
confirming_next(struct work *work, unsigned worker, int64_t now_ms)
{
	(void)worker;
	return make(work, &work->probes->confirming, GRANTS_A_BATCH, now_ms);
}

static bool
confirming_is_done(const struct work *work)
{
	return work->probes->confirming.count == 0;
}

static int64_t
confirming_wake_ms(const struct work *work, int64_t now_ms)
{
	const struct gathering *confirming = &work->probes->confirming;

	(void)now_ms;
	return confirming->count > 0 ? confirming->since_ms + GATHER_MS
	    : INT64_MAX;
}

const struct work_queue confirmations_queue = {
	.kind = JOB_PROBES, .seat = SEAT_CONFIRMER,
	.has_next = confirming_has_next, .next = confirming_next,
	.lost = probes_take_back, .is_done = confirming_is_done,
	.wake_ms = confirming_wake_ms,
};

/* Suspects ***************************************************************** */

bool
probes_has_suspect(const struct work *work)
{
	return work->probes->examining.count > 0;
}

struct batch *
probes_next_suspect(struct work *work, int64_t now_ms)
{
	return make(work, &work->probes->examining, 1, now_ms);
}

/* An interrupted attempt is repeated under its own number, --retry-after after
 * its start; alone, if it may be what the worker crashed of; never, if it is. */
static void
return_session(struct work *work, struct grant *grant, bool accused,
    bool convicted)
{
	struct target *target = grant->target;

	grant_release(work, grant, false);
	target->attempt = grant->attempt;
	target->suspect = accused;
	if (accused && convicted) {
		target->suspect = false;
		schedule_bar(&work->schedule, target, grant->attempt,
		    OUTCOME_WORKER_CRASHED);
		return;
	}
	target->attempts[grant->attempt - 1].state = ATTEMPT_WAITING;
	pace_add(work->pace, target, grant->granted_ms +
	    (int64_t)work->options->retry_after_ms);
}

void
probes_take_back(struct work *work, struct batch *batch)
{
	struct grant *grants = batch->cargo;

	for (uint32_t i = 0; i < batch->items; i++) {
		struct grant *grant = &grants[i];

		grant_forget_hosts(grant);
		if (grant->connects)
			return_session(work, grant, batch_is_accused(batch, i),
			    batch->is_convicted);
		else
			registry_want_judged(&work->registry, grant->target);
	}
}

/* What is committed ******************************************************** */

static void
ended(struct work *work, struct batch *batch, uint32_t item,
    unsigned greeting_code)
{
	struct grant *grants = batch->cargo;

	if (!grants[item].connects || grants[item].has_ended)
		return;
	batch->sessions--;
	/* K4: a greeting of 421, 450 or 554 doubles the pause of its prefix. */
	grant_release(work, &grants[item], greeting_code == 421 ||
	    greeting_code == 450 || greeting_code == 554);
}

/* The legacy row, where there is one, is the last word of its attempt. */
static void
take_probe(struct registry *registry, const struct probe_facts *facts,
    uint64_t number)
{
	bool is_new;
	struct target *target = registry_target(registry,
	    registry_peer(registry, &facts->address), facts->sni, &is_new);
	struct attempt *result = &target->attempts[facts->attempt - 1];

	if (result->state == ATTEMPT_DONE && result->basis == BASIS_OWN &&
	    result->profile == PROFILE_LEGACY)
		return;
	*result = facts->result;
	result->part = number;
	result->sni = target->sni;
}

/* TLSA may have been asked for again. */
static void
take_asking(struct host *host, const struct result_facts *facts)
{
	if (facts->asking > host->askings)
		host->askings = facts->asking;
	if (facts->asking > host->asking)
		host->asking = facts->asking;
	if (facts->asking != 0 && facts->asked_at > host->tlsa_asked_at) {
		host->tlsa_asked_at = facts->asked_at;
		host->tlsa_status = facts->tlsa_status;
	}
}

static void
take_result(struct registry *registry, const struct result_facts *facts)
{
	struct host *host = registry_host(registry, facts->host);
	bool is_new;
	struct target *target = registry_target(registry,
	    registry_peer(registry, &facts->address), facts->sni, &is_new);
	struct target_host *attached = registry_attach(target, host);
	struct attempt *result = &target->attempts[facts->attempt - 1];

	attached->judged |= (uint8_t)(1u << facts->attempt);
	/* At a restart: what stands in no row of probes. */
	if (result->state == ATTEMPT_NONE && facts->basis != BASIS_OWN)
		*result = (struct attempt){
			.state = ATTEMPT_DONE, .basis = facts->basis,
			.outcome = facts->reason, .tls_class = facts->tls_class,
			.measured_at = facts->measured_at,
		};
	if (facts->attempt == 1 && facts->mismatched)
		target->mismatched = true;
	take_asking(host, facts);
}

static void
take_records(struct registry *registry, const struct asked_again *again)
{
	struct host *host = registry_host(registry, again->host);

	host->tlsa_records_length = (uint32_t)again->records.length;
	host->tlsa_records = arena_copy(&registry->arena,
	    again->records.bytes, again->records.length);
	host->tlsa_record_count = again->record_count;
}

static void
take_facts(struct work *work, uint64_t number, const struct harvest *harvest)
{
	struct registry *registry = &work->registry;

	for (size_t i = 0; i < harvest->probe_count; i++)
		take_probe(registry, &harvest->probes[i], number);
	for (size_t i = 0; i < harvest->again_count; i++)
		take_records(registry, &harvest->again[i]);
	for (size_t i = 0; i < harvest->result_count; i++)
		take_result(registry, &harvest->results[i]);
}

static void
committed(struct work *work, struct batch *batch,
    const struct harvest *harvest)
{
	struct grant *grants = batch->cargo;

	take_facts(work, batch->number, harvest);
	for (uint32_t i = 0; i < batch->items; i++) {
		struct grant *grant = &grants[i];

		grant_release(work, grant, false);
		grant->target->suspect = false;
		if (grant->connects)
			schedule_ended(&work->schedule, grant->target,
			    grant->attempt);
		registry_want_judged(&work->registry, grant->target);
	}
}

/* The seal, and who judges without connecting, would lack a session's chain. */
static bool
has_chains(struct run *run, uint64_t number, const struct harvest *harvest)
{
	char chains[PART_NAME_MAX], certificates[PART_NAME_MAX];
	size_t i = 0;

	while (i < harvest->probe_count &&
	    !harvest->probes[i].result.has_chain)
		i++;
	part_name(chains, ".work/chains", number, ".csv.gz");
	part_name(certificates, ".work/certificates", number, ".csv.gz");
	return i == harvest->probe_count ||
	    (folder_exists(&run->folder, chains) &&
	    folder_exists(&run->folder, certificates));
}

static bool
read_back(struct work *work, uint64_t number, const struct harvest *harvest)
{
	if (!has_chains(work->run, number, harvest)) {
		log_line("%s/.work: certificates of part %" PRIu64 " of probes "
		    "are gone: the run cannot go on; begin another (-o)",
		    work->run->folder.path, number);
		work->run->is_broken = true;
		return false;
	}
	work_note_part(work, number);
	take_facts(work, number, harvest);
	return true;
}

static void
all_read_back(struct work *work)
{
	schedule_resume(&work->schedule);
}

const struct work_kind probes_job = {
	.read = harvest_probes, .expect = grants_expect,
	.committed = committed, .read_back = read_back,
	.all_read_back = all_read_back, .ended = ended,
	.share = { .by_sessions = true },
};

#include "scanner/coordinator/work/probes.h"

#include <stdlib.h>
#include <string.h>

#include "scanner/base/clock.h"
#include "scanner/base/memory.h"
#include "scanner/coordinator/work/grant.h"

/* Granted by pacing, and not yet in a batch. */
/* A batch has the chains of everything that is judged without a connection. */
#define CHAIN_BYTES_A_BATCH	((uint64_t)16 << 20)

struct gathering {
	struct grant	*grants;
	uint32_t	 count;
	uint64_t	 chain_bytes;	/* at most, of these */
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
	return gathering->count + ATTEMPTS_MAX <= GRANTS_A_BATCH &&
	    gathering->chain_bytes < CHAIN_BYTES_A_BATCH;
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
	if (!connects && target->attempts[attempt - 1].has_chain)
		gathering->chain_bytes +=
		    target->attempts[attempt - 1].received_bytes;
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

/* Returns true if pacing would grant more than there is room for. */
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

/* May something come that goes into the same batch? */
static bool
more_may_come(const struct work *work, const struct gathering *gathering,
    int64_t now_ms)
{
	int64_t wake;

	return work->probes->has_more || crew_batches(work->crew) > 0 ||
	    pace_peek(work->pace, now_ms, &wake) ||
	    wake <= gathering->since_ms + GATHER_MS;
}

static bool
is_due(const struct work *work, const struct gathering *gathering,
    int64_t now_ms)
{
	return gathering->count > 0 && (!has_room(gathering) ||
	    now_ms - gathering->since_ms >= GATHER_MS ||
	    !more_may_come(work, gathering, now_ms));
}

/* Making batches *********************************************************** */

/* Puts the first grants of a gathering, up to this many, into a batch. */
static struct batch *
make(struct work *work, struct gathering *gathering, uint32_t most,
    int64_t now_ms)
{
	uint32_t count = gathering->count < most ? gathering->count : most;
	struct batch *batch = batch_new(JOB_PROBES, work_take_part(work), 1);
	struct grant *grants = xcalloc(count, sizeof *grants);

	memcpy(grants, gathering->grants, count * sizeof *grants);
	gathering->count -= count;
	gathering->chain_bytes = 0;
	memmove(gathering->grants, gathering->grants + count,
	    gathering->count * sizeof *gathering->grants);
	batch->items = count;
	batch->cargo = grants;
	batch->free_cargo = grants_free_cargo;
	if (grants_put(work, batch, now_ms))
		return batch;
	work_batch_failed(work, ".work");
	grants_forget_start(work, batch);
	probes_take_back(work, batch);
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

/* Everything that may start now was gathered, unless there is no room, or no
 * worker for it. */
static int64_t
wake_ms(const struct work *work, int64_t now_ms)
{
	const struct gathering *gathered = &work->probes->gathered;
	int64_t wake, due = gathered->since_ms + GATHER_MS;

	if (pace_peek(work->pace, now_ms, &wake))
		return gathered->count > 0 ? due : now_ms;
	return gathered->count > 0 && due < wake ? due : wake;
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

/* An interrupted attempt is repeated under the same number, --retry-after after
 * its start. If the worker may have crashed because of it, it is repeated
 * alone; if that is certain, it is not repeated. */
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
probes_return(struct work *work, struct grant *grant)
{
	grant_forget_hosts(grant);
	return_session(work, grant, false, false);
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

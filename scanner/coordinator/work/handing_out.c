#include "scanner/coordinator/work/work_internal.h"

#include "scanner/base/clock.h"
#include "scanner/coordinator/work/canary.h"
#include "scanner/coordinator/work/holding.h"

/* The work that would otherwise remain for the end of the run goes first. */
static const struct work_queue *const queues[] = {
	&canary_domains_queue, &canary_hosts_queue, &canary_probes_queue,
	&hosts_queue, &hosts_held_queue, &hosts_second_queue, &probes_queue,
	&confirmations_queue, &policies_queue, &server_hosts_queue,
	&heavy_queue, &chunks_queue, &held_queue, &domains_second_queue,
	&suspects_queue,
};
#define QUEUES (sizeof queues / sizeof queues[0])
#define QUEUES_OF_CANARY 3	/* the first ones */

void
work_share_out(uint64_t files, struct crew_share share[JOB_KINDS])
{
	for (int kind = 0; kind < JOB_KINDS; kind++) {
		share[kind] = work_kind_of((enum job_kind)kind)->share;
		/* A kind that pacing limits does not count against a worker's
		 * batches; its files are limited over all workers. */
		if (share[kind].by_sessions)
			share[kind].out_most = (unsigned)(files / 4 /
			    (JOB_OUTPUTS_MAX + 1));
	}
}

/* Returns false if no more can be sent now. */
static bool
send(struct work *work, const struct work_queue *queue, unsigned worker,
    int64_t now_ms)
{
	struct batch *batch = queue->next(work, worker, now_ms);
	char name[PART_NAME_MAX];

	if (batch == NULL)
		return work_goes_on(work);
	batch->queue = queue;
	if (!batch_open(batch, &work->run->folder, name)) {
		work_batch_failed(work, name);
		work_lose(work, batch);
		return false;
	}
	crew_send(work->crew, worker, batch);
	return true;
}

static bool
has_room(const struct work *work, const struct work_queue *queue,
    unsigned worker)
{
	return queue->is_paced ? crew_has_paced_room(work->crew, worker)
	    : crew_has_room(work->crew, worker, queue->kind);
}

/* Each worker has a share of what waits there, and as many paced batches as it
 * may have. */
static void
serve_each(struct work *work, const struct work_queue *queue, int64_t now_ms)
{
	for (unsigned i = 0; i < crew_workers(work->crew); i++) {
		unsigned before;

		do {
			before = crew_batches(work->crew);
			if (queue->has_next(work, now_ms) &&
			    has_room(work, queue, i) &&
			    !send(work, queue, i, now_ms))
				return;
		} while (queue->is_paced &&
		    crew_batches(work->crew) > before);
	}
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
	work_share_rates(work, now_ms);
	if (work_goes_on(work))
		holding_look(work, now_ms);
	for (size_t i = 0; i < count && work_goes_on(work); i++) {
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

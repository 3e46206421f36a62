/* items: starts the items of jobs, and keeps which are under way, within the
 * window. */
#include <unistd.h>

#include "scanner/base/memory.h"
#include "scanner/dns/delegation.h"
#include "scanner/dns/direct/direct.h"
#include "scanner/worker/budget.h"
#include "scanner/worker/job.h"
#include "scanner/worker/worker_internal.h"

#define WAITING_A_SERVER	(BUDGET_LINE_PACED * 3 / 4)

_Static_assert(WINDOW_MAX + PROBES_MAX + 2 * RESOLVER_SOCKETS_MOST +
    DIRECT_LATE_MOST + SECOND_PASS_ACTIVE <= IN_FLIGHT_SLOTS, "all items have a slot");

/* Starts the next item of a job. The job may be gone afterwards. */
static bool
start_item(struct worker *worker, struct job *job)
{
	enum job_kind kind = job->kind;

	if (job->started + 1 == job->items) {
		struct message begun = {
			.type = MESSAGE_BEGUN, .kind = kind,
			.number = job->number,
		};

		list_remove(&job->link);
		worker_tell(worker, &begun);
	}
	if (kind != JOB_PROBES) {
		worker->active++;
		worker->active_second += job->attempt > 1;
	}
	if (!worker->start_item[kind](job)) {
		worker_give_up(worker, "the coordinator sent an invalid item");
		return false;
	}
	return true;
}

/* How many names may be under way. Those that wait for a late answer take no
 * room in the window. A name with two late lookups makes room for two others,
 * but the windows of the lanes still bound what these ask. */
static unsigned
names_most(const struct worker *worker)
{
	return worker->window.size + worker_late(worker);
}

static bool
may_start(const struct worker *worker, int queue)
{
	if (queue == QUEUE_SECOND)
		return worker->active_second < SECOND_PASS_ACTIVE;
	return worker->active < names_most(worker);
}

/* Starts items of a paced job while not too many wait. Returns false if the
 * worker gave up. */
static bool
fill_paced(struct worker *worker, struct job *job)
{
	bool is_last = false;

	while (!is_last && may_start(worker, QUEUE_PACED) &&
	    job->waiting < job->waiting_most) {
		is_last = job->started + 1 == job->items;
		if (!start_item(worker, job))
			return false;
	}
	return true;
}

/* Each paced job has its own servers, and waits for nobody else's. */
static bool
fill_all_paced(struct worker *worker)
{
	struct list *next, *all = &worker->queues[QUEUE_PACED];

	for (struct list *link = all->next; link != all; link = next) {
		next = link->next;
		if (!fill_paced(worker, list_entry(link, struct job, link)))
			return false;
	}
	return true;
}

static void
on_fill(struct ev_loop *ev, ev_timer *watcher, int revents)
{
	struct worker *worker = watcher->data;

	(void)ev;
	(void)revents;
	if (!fill_all_paced(worker))
		return;
	for (int queue = QUEUE_PACED + 1; queue < QUEUES; queue++)
		while (!list_is_empty(&worker->queues[queue]) &&
		    may_start(worker, queue))
			if (!start_item(worker, list_entry(
			    worker->queues[queue].next, struct job, link)))
				return;
}

static void
fill_soon(struct worker *worker)
{
	if (!ev_is_active(&worker->fill))
		ev_timer_start(worker->ev, &worker->fill);
}

void
worker_item_ended(struct worker *worker, const struct job *job)
{
	if (job->kind == JOB_PROBES)
		return;
	worker->active--;
	worker->active_second -= job->attempt > 1;
	fill_soon(worker);
}

void
worker_item_waits(struct worker *worker, struct job *job)
{
	job->waiting++;
	worker->active--;
	worker->active_second -= job->attempt > 1;
	fill_soon(worker);
}

void
worker_item_goes_on(struct worker *worker, struct job *job)
{
	job->waiting--;
	worker->active++;
	worker->active_second += job->attempt > 1;
	if (job->waiting_most > 0)
		fill_soon(worker);
}

/* So many for each name server of a name: if one of them is slower, and its line
 * is full (BUDGET_LINE_PACED), names still wait for the others. */
static uint32_t
waiting_most(const struct job *job)
{
	struct wire next = job->next;
	struct domain_item item = { 0 };
	struct delegation_walk walk;
	uint32_t servers = 0;

	if (job->kind != JOB_DOMAINS || !domain_item_get(&next, &item))
		return WAITING_A_SERVER;
	delegation_open(&(struct delegation){
	    .servers = item.servers, .length = item.servers_length }, &walk);
	while (delegation_next(&walk))
		servers++;
	return WAITING_A_SERVER * (servers > 0 ? servers : 1);
}

void
worker_take_job(struct worker *worker, struct job *job, bool is_paced)
{
	if (job->kind == JOB_PROBES) {
		/* Pacing has granted them, so all start now. */
		for (uint32_t i = 0, items = job->items; i < items; i++)
			if (!start_item(worker, job))
				return;
		return;
	}
	if (is_paced)
		job->waiting_most = waiting_most(job);
	list_append(&worker->queues[is_paced ? QUEUE_PACED :
	    job->attempt > 1 ? QUEUE_SECOND : job->kind == JOB_HOSTS
	    ? QUEUE_HOSTS : job->kind == JOB_POLICIES ? QUEUE_POLICIES
	    : QUEUE_DOMAINS], &job->link);
	fill_soon(worker);
}

uint32_t
worker_mark_in_flight(struct worker *worker, const struct job *job,
    uint32_t item)
{
	uint32_t slot;

	if (worker->free_count > 0)
		slot = worker->free_slots[--worker->free_count];
	else if (worker->used_slots < IN_FLIGHT_SLOTS)
		slot = ++worker->used_slots;
	else
		return 0;
	worker->in_flight->slots[slot - 1] = (struct in_flight_slot){
		.number = job->number, .item = item,
		.kind = (uint32_t)job->kind + 1,
	};
	return slot;
}

void
worker_clear_in_flight(struct worker *worker, uint32_t slot)
{
	if (slot == 0)
		return;
	worker->in_flight->slots[slot - 1].kind = 0;
	worker->free_slots[worker->free_count++] = slot;
}

void
worker_set_acting(struct worker *worker, uint32_t slot)
{
	worker->in_flight->acting = slot;
}

static struct worker *
worker_of(struct window *window)
{
	return list_entry(window, struct worker, window);
}

/* Between two fillings a few places are free. */
static bool
is_full(const struct worker *worker, const struct resolver_counts *counts)
{
	unsigned size = names_most(worker);

	return worker->active + size / 8 >= size || counts->waiting > 0;
}

static void
look(struct window *window, struct window_view *view)
{
	struct worker *worker = worker_of(window);
	struct resolver_counts counts;
	struct direct_counts direct;

	/* Names may have become late. */
	fill_soon(worker);
	worker_count(worker, &counts);
	direct_count(worker->direct, &direct);
	*view = (struct window_view){
		.is_full = is_full(worker, &counts),
		.answered = counts.asked - counts.in_flight,
		.dropped = direct.lost,
	};
}

static void
on_window(struct window *window)
{
	struct worker *worker = worker_of(window);

	worker_set_questions(worker, window->size);
	fill_soon(worker);
}

void
worker_window_start(struct worker *worker)
{
	window_start(&worker->window, worker->ev,
	    (unsigned)worker->options->window, look, on_window);
}

static bool
open_in_flight(struct worker *worker, int descriptor)
{
	worker->in_flight = in_flight_map(descriptor);
	close(descriptor);
	if (worker->in_flight == NULL)
		return false;
	worker->free_slots = xcalloc(IN_FLIGHT_SLOTS,
	    sizeof *worker->free_slots);
	return true;
}

bool
worker_items_init(struct worker *worker, int in_flight)
{
	for (int queue = 0; queue < QUEUES; queue++)
		list_init(&worker->queues[queue]);
	ev_timer_init(&worker->fill, on_fill, 0, 0);
	worker->fill.data = worker;
	return open_in_flight(worker, in_flight);
}

void
worker_items_fini(struct worker *worker)
{
	for (int queue = 0; queue < QUEUES; queue++)
		while (!list_is_empty(&worker->queues[queue]))
			job_free(list_entry(worker->queues[queue].next,
			    struct job, link));
	window_stop(&worker->window, worker->ev);
}

#include "scanner/coordinator/crew/crew.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "scanner/base/clock.h"
#include "scanner/base/log.h"
#include "scanner/base/memory.h"
#include "scanner/base/plural.h"
#include "scanner/coordinator/crew/crew_internal.h"

#define SEATS		2
#define DISMISSAL_MS	2000	/* a worker that has not ended by then is
				 * killed */

struct crew *
crew_new(const struct options *options, struct ev_loop *ev,
    const struct crew_events *events, const struct crew_share share[JOB_KINDS],
    unsigned batches_a_worker, bool told_no_sandbox)
{
	struct crew *crew = xcalloc(1, sizeof *crew);

	crew->options = options;
	crew->ev = ev;
	crew->events = *events;
	memcpy(crew->share, share, sizeof crew->share);
	crew->batches_a_worker = batches_a_worker;
	crew->told_no_sandbox = told_no_sandbox;
	crew->count = (unsigned)options->workers;
	crew->all = crew->count + SEATS;
	crew->source_worker = CREW_NOBODY;
	crew->workers = xcalloc(crew->all, sizeof *crew->workers);
	for (unsigned i = 0; i < crew->all; i++) {
		struct worker_process *worker = &crew->workers[i];

		worker->crew = crew;
		worker->number = i;
		worker->pid = -1;
		worker->socket = -1;
		list_init(&worker->batches);
	}
	return crew;
}

bool
crew_start(struct crew *crew)
{
	for (unsigned i = 0; i < crew->count; i++)
		if (!worker_process_start(&crew->workers[i]))
			return false;
	watch_start(crew);
	return true;
}

int64_t
crew_dismissal_ms(void)
{
	return clock_monotonic_ms() + DISMISSAL_MS;
}

void
crew_free(struct crew *crew)
{
	int64_t until_ms;

	if (crew == NULL)
		return;
	watch_stop(crew);
	/* They end at the same time. */
	for (unsigned i = 0; i < crew->all; i++)
		worker_process_dismiss(&crew->workers[i]);
	until_ms = crew_dismissal_ms();
	for (unsigned i = 0; i < crew->all; i++)
		worker_process_end(&crew->workers[i], until_ms);
	free(crew->workers);
	buffer_fini(&crew->opt_out);
	buffer_fini(&crew->zones);
	free(crew);
}

void
crew_renew(struct crew *crew)
{
	bool stays_away = crew->is_recalled;

	crew_recall(crew);
	if (!stays_away)
		crew_return(crew);
}

void
crew_close(struct crew *crew)
{
	crew->is_closed = true;
}

void
crew_recall(struct crew *crew)
{
	crew->is_recalled = true;
	for (unsigned i = 0; i < crew->all; i++)
		worker_process_recall(&crew->workers[i]);
}

void
crew_return(struct crew *crew)
{
	crew->is_recalled = false;
	for (unsigned i = 0; i < crew->count && !crew->is_closed &&
	    !crew->has_failed; i++)
		if (crew->workers[i].pid <= 0 &&
		    !worker_process_start(&crew->workers[i]))
			crew_fail(crew, EXIT_VANTAGE);
}

void
crew_fail(struct crew *crew, int status)
{
	crew->has_failed = true;
	crew->events.unusable(crew->events.tag, status);
}

struct worker_process *
crew_seat(struct crew *crew, enum seat seat)
{
	return &crew->workers[crew->count + (seat == SEAT_EXAMINER)];
}

/* Who takes a batch ******************************************************** */

/* Counts the batches of a kind; with JOB_KINDS, of all kinds. */
static unsigned
in_hand(const struct worker_process *worker, enum job_kind kind)
{
	unsigned count = 0;

	for (const struct list *link = worker->batches.next;
	    link != &worker->batches; link = link->next)
		count += kind == JOB_KINDS || list_entry(link, struct batch,
		    link)->kind == kind;
	return count;
}

static uint64_t
sessions_of(const struct worker_process *worker)
{
	uint64_t count = 0;

	for (const struct list *link = worker->batches.next;
	    link != &worker->batches; link = link->next)
		count += list_entry(link, struct batch, link)->sessions;
	return count;
}

bool
crew_has_room(const struct crew *crew, unsigned number, enum job_kind kind)
{
	const struct worker_process *worker = &crew->workers[number];
	const struct crew_share *share = &crew->share[kind];

	if (!worker->ready || ev_is_active(&worker->writable) ||
	    crew->is_closed || crew->has_failed ||
	    (share->is_of_first && number != 0))
		return false;
	if (share->out_most > 0)
		return crew->out[kind] < share->out_most;
	return worker->unstarted[kind] < share->unstarted_most &&
	    in_hand(worker, JOB_KINDS) < crew->batches_a_worker &&
	    (share->in_hand_most == 0 ||
	    in_hand(worker, kind) < share->in_hand_most);
}

bool
crew_has_paced_room(const struct crew *crew, unsigned number)
{
	const struct worker_process *worker = &crew->workers[number];

	return worker->ready && !crew->is_closed && !crew->has_failed &&
	    worker->unstarted[JOB_KINDS] < (crew->batches_a_worker + 3) / 4 &&
	    in_hand(worker, JOB_KINDS) < crew->batches_a_worker;
}

unsigned
crew_choose(const struct crew *crew, enum job_kind kind)
{
	uint64_t least = UINT64_MAX;
	unsigned best = CREW_NOBODY;

	for (unsigned i = 0; i < crew->count; i++) {
		const struct worker_process *worker = &crew->workers[i];
		uint64_t load;

		if (!crew_has_room(crew, i, kind))
			continue;
		load = crew->share[kind].by_sessions ? sessions_of(worker)
		    : worker->unstarted[kind];
		if (load < least) {
			least = load;
			best = i;
		}
	}
	return best;
}

unsigned
crew_sit(struct crew *crew, enum seat seat)
{
	struct worker_process *worker = crew_seat(crew, seat);

	if (crew->is_closed || crew->has_failed || crew->is_recalled)
		return CREW_NOBODY;
	if (worker->pid <= 0) {
		if (clock_monotonic_ms() >= worker->rests_until_ms &&
		    !worker_process_start(worker))
			crew_fail(crew, EXIT_VANTAGE);
		return CREW_NOBODY;
	}
	return worker->ready && !ev_is_active(&worker->writable) &&
	    list_is_empty(&worker->batches)
	    ? worker->number : CREW_NOBODY;
}

void
crew_leave(struct crew *crew, enum seat seat)
{
	struct worker_process *worker = crew_seat(crew, seat);

	if (worker->pid <= 0 || !list_is_empty(&worker->batches))
		return;
	worker_process_dismiss(worker);
	worker_process_end(worker, crew_dismissal_ms());
}

/* Handing out ************************************************************** */

void
crew_send(struct crew *crew, unsigned number, struct batch *batch)
{
	struct worker_process *worker = &crew->workers[number];
	const struct message message = {
		.type = MESSAGE_JOB, .kind = batch->kind,
		.number = batch->number, .attempt = batch->attempt,
		.offset = batch->input.offset, .length = batch->input.length,
		.items = batch->items, .code = batch->is_paced,
	};
	int descriptors[MESSAGE_DESCRIPTORS_MAX];

	batch->worker = number;
	list_append(&worker->batches, &batch->link);
	worker->unstarted[crew_line(batch)]++;
	crew->batches++;
	crew->out[batch->kind]++;
	descriptors[0] = batch->input.descriptor;
	memcpy(descriptors + 1, batch->descriptors,
	    batch->outputs->count * sizeof *descriptors);
	/* The socket has room for far more messages than a worker has batches.
	 * If it is full, the worker is stuck or gone. */
	if (!message_send(worker->socket, &message, descriptors,
	    batch->outputs->count + 1)) {
		log_line("a batch cannot be handed to a worker: %s",
		    strerror(errno));
		shutdown(worker->socket, SHUT_RDWR);
	}
}

struct batch *
crew_batch(struct worker_process *worker, enum job_kind kind, uint64_t number)
{
	for (struct list *link = worker->batches.next;
	    link != &worker->batches; link = link->next) {
		struct batch *batch = list_entry(link, struct batch, link);

		if (batch->kind == kind && batch->number == number)
			return batch;
	}
	return NULL;
}

void
crew_take_back(struct worker_process *worker, struct batch *batch)
{
	struct crew *crew = worker->crew;

	if (!batch->has_begun)
		worker->unstarted[crew_line(batch)]--;
	list_remove(&batch->link);
	crew->batches--;
	crew->out[batch->kind]--;
}

/* What is said ************************************************************* */

void
crew_tell_opt_out(struct crew *crew, const struct buffer *text)
{
	crew->opt_out.length = 0;
	buffer_append(&crew->opt_out, text->bytes, text->length);
	for (unsigned i = 0; i < crew->all; i++)
		if (crew->workers[i].pid > 0)
			dialogue_tell_opt_out(&crew->workers[i]);
}

void
crew_set_zones(struct crew *crew, const struct buffer *zones,
    bool asks_parents)
{
	crew->asks_parents = asks_parents;
	crew->zones.length = 0;
	buffer_append(&crew->zones, zones->bytes, zones->length);
}

void
crew_note_progress(struct crew *crew)
{
	crew->deaths = (struct death_counts){ 0 };
}

bool
crew_has_other(const struct worker_process *worker)
{
	const struct crew *crew = worker->crew;

	for (unsigned i = 0; i < crew->all; i++)
		if (i != worker->number && crew->workers[i].ready)
			return true;
	return false;
}

void
crew_judge(struct crew *crew, enum death_verdict verdict,
    const struct death *death)
{
	char how[DEATH_TEXT_MAX] = "";

	switch (verdict) {
	case DEATH_GO_ON:
		return;
	case DEATH_NONE_READY:
		death_text(death, how);
		log_line("%u %s ready, the last one %s: this machine cannot "
		    "start workers now", crew->deaths.early,
		    plural(crew->deaths.early, "worker ended before it was",
		    "workers ended before they were"), how);
		crew_fail(crew, EXIT_STOPPED);
		return;
	case DEATH_NO_MEMORY:
		log_line("%u %s ran out of memory before anything was done: "
		    "give them more, or use fewer (--workers, --window)",
		    crew->deaths.memory, plural(crew->deaths.memory, "worker",
		    "workers"));
		crew_fail(crew, EXIT_STOPPED);
		return;
	case DEATH_BUG:
		log_line("workers end before they have done anything: this is "
		    "a bug, please report it");
		crew_fail(crew, EXIT_BUG);
		return;
	}
}

void
crew_note_fault(struct crew *crew)
{
	crew_judge(crew, death_count_fault(&crew->deaths), NULL);
}

unsigned
crew_places(const struct crew *crew)
{
	return crew->all;
}

unsigned
crew_workers(const struct crew *crew)
{
	return crew->count;
}

bool
crew_is_idle(const struct crew *crew, unsigned number)
{
	return list_is_empty(&crew->workers[number].batches);
}

unsigned
crew_batches(const struct crew *crew)
{
	return crew->batches;
}

uint64_t
crew_second_items(const struct crew *crew, enum job_kind kind)
{
	uint64_t count = 0;

	for (unsigned i = 0; i < crew->count; i++) {
		const struct list *batches = &crew->workers[i].batches;

		for (const struct list *link = batches->next;
		    link != batches; link = link->next) {
			const struct batch *batch = list_entry(link,
			    struct batch, link);

			if (batch->kind == kind && batch->attempt > 1)
				count += batch->items;
		}
	}
	return count;
}

unsigned
crew_ready_workers(const struct crew *crew)
{
	unsigned count = 0;

	for (unsigned i = 0; i < crew->count; i++)
		count += crew->workers[i].ready;
	return count;
}

uint64_t
crew_deaths(const struct crew *crew, enum death_cause cause)
{
	return crew->died[cause];
}

const struct latency *
crew_latency(const struct crew *crew, enum latency_kind kind)
{
	return &crew->latency[kind];
}

uint64_t
crew_questions(const struct crew *crew)
{
	uint64_t count = 0;

	for (unsigned i = 0; i < crew->count; i++)
		if (crew->workers[i].ready)
			count += crew->workers[i].questions;
	return count;
}

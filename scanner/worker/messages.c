/* messages: reads and sends the messages between a worker and its
 * coordinator. */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

#include "scanner/base/log.h"
#include "scanner/base/memory.h"
#include "scanner/base/read_all.h"
#include "scanner/worker/budget.h"
#include "scanner/worker/job.h"
#include "scanner/worker/source_check.h"
#include "scanner/worker/worker_internal.h"
#include "scanner/worker/zones.h"

#define OPT_OUT_BYTES_MAX	((uint64_t)256 << 20)
#define ZONES_BYTES_MAX		((uint64_t)64 << 20)

/* A message that waits for the socket to take it. */
struct unsent {
	struct list	link;
	struct message	message;
};

void
worker_tell(struct worker *worker, const struct message *message)
{
	struct unsent *unsent;

	if (list_is_empty(&worker->unsent)) {
		if (message_send(worker->socket, message, NULL, 0))
			return;
		if (errno != EAGAIN && errno != ENOBUFS) {
			/* Without a coordinator the worker has nothing to
			 * do. */
			ev_break(worker->ev, EVBREAK_ALL);
			return;
		}
	}
	unsent = xmalloc(sizeof *unsent);
	unsent->message = *message;
	list_append(&worker->unsent, &unsent->link);
	ev_io_start(worker->ev, &worker->writable);
}

static void
tell_lane(struct worker *worker, enum job_kind kind, enum oddity oddity,
    uint64_t asked, uint64_t failed)
{
	const struct message message = {
		.type = MESSAGE_LANE, .kind = kind, .code = oddity,
		.asked = asked, .lost = failed,
	};

	if (asked > 0 || failed > 0)
		worker_tell(worker, &message);
}

static void
tell_fates(struct worker *worker, enum job_kind kind,
    const struct lane_fates *fates)
{
	tell_lane(worker, kind, ODDITY_NONE, fates->asked, fates->failed);
	for (int i = ODDITY_NONE + 1; i < ODDITY_COUNT; i++)
		tell_lane(worker, kind, (enum oddity)i, fates->odd[i], 0);
}

static void
tell_sampled(struct worker *worker, enum sample_group group,
    const uint64_t counts[SAMPLE_RESULT_COUNT])
{
	const struct message message = {
		.type = MESSAGE_SAMPLED, .code = group,
		.asked = counts[SAMPLE_AGREED],
		.lost = counts[SAMPLE_DISAGREED],
		.waiting = counts[SAMPLE_CHANGED],
	};

	if (message.asked > 0 || message.lost > 0 || message.waiting > 0)
		worker_tell(worker, &message);
}

void
worker_tell_lanes(struct worker *worker)
{
	const struct lane_counts counts = worker->lane_counts;

	worker->lane_counts = (struct lane_counts){ 0 };
	for (int kind = JOB_DOMAINS; kind <= JOB_HOSTS; kind++)
		tell_fates(worker, (enum job_kind)kind, &counts.fates[kind]);
	for (int i = 0; i < SAMPLE_GROUPS; i++)
		tell_sampled(worker, (enum sample_group)i,
		    counts.sampled[i]);
}

void
worker_tell_latency(struct worker *worker)
{
	for (int kind = 0; kind < LATENCY_KINDS; kind++) {
		const struct message message = {
			.type = MESSAGE_LATENCY, .code = (uint32_t)kind,
			.latency = worker->latency[kind],
		};

		if (latency_count(&message.latency) == 0)
			continue;
		worker->latency[kind] = (struct latency){ 0 };
		worker_tell(worker, &message);
	}
}

static void
on_writable(struct ev_loop *ev, ev_io *watcher, int revents)
{
	struct worker *worker = watcher->data;

	(void)revents;
	while (!list_is_empty(&worker->unsent)) {
		struct unsent *unsent = list_entry(worker->unsent.next,
		    struct unsent, link);

		if (!message_send(worker->socket, &unsent->message, NULL, 0)) {
			if (errno != EAGAIN && errno != ENOBUFS)
				ev_break(ev, EVBREAK_ALL);
			return;
		}
		list_remove(&unsent->link);
		free(unsent);
	}
	ev_io_stop(ev, watcher);
}

void
worker_give_up(struct worker *worker, const char *what)
{
	log_line("worker: %s", what);
	ev_break(worker->ev, EVBREAK_ALL);
}

/* Takes the list that is in force from now on. The coordinator has checked it
 * before. */
static bool
on_opt_out(struct worker *worker, const struct message *message,
    const int *descriptors, size_t count)
{
	struct opt_out opt_out = { 0 };
	char *text = NULL;
	struct entry_fault fault;
	bool good = count == 1 && message->length <= OPT_OUT_BYTES_MAX;

	if (good) {
		text = xmalloc((size_t)message->length + 1);
		good = read_all_at(descriptors[0], text,
		    (size_t)message->length, 0) && opt_out_read(&opt_out,
		    text, (size_t)message->length, &fault);
	}
	for (size_t i = 0; i < count; i++)
		close(descriptors[i]);
	free(text);
	if (!good) {
		opt_out_fini(&opt_out);
		return false;
	}
	opt_out_fini(&worker->opt_out);
	worker->opt_out = opt_out;
	return true;
}

static bool
on_zones(struct worker *worker, const struct message *message,
    const int *descriptors, size_t count)
{
	uint8_t *bytes = NULL;
	bool good = count == 1 && message->length <= ZONES_BYTES_MAX;

	if (good) {
		bytes = xmalloc((size_t)message->length + 1);
		good = read_all_at(descriptors[0], bytes,
		    (size_t)message->length, 0);
	}
	for (size_t i = 0; i < count; i++)
		close(descriptors[i]);
	if (good)
		worker->zones = zones_new(worker, bytes,
		    (size_t)message->length);
	worker->asks_parents = message->code != 0;
	free(bytes);
	return worker->zones != NULL;
}

/* Waits for a message of this type. */
static bool
await(struct worker *worker, enum message_type type, bool (*take)(
    struct worker *, const struct message *, const int *, size_t))
{
	struct pollfd socket = { worker->socket, POLLIN, 0 };
	int descriptors[MESSAGE_DESCRIPTORS_MAX];
	enum message_status status;
	struct message message;
	size_t count;

	while ((status = message_receive(worker->socket, &message, descriptors,
	    &count)) == MESSAGE_NONE)
		if (poll(&socket, 1, -1) < 0 && errno != EINTR)
			return false;
	return status == MESSAGE_OK && message.type == type &&
	    take(worker, &message, descriptors, count);
}

bool
worker_await_lists(struct worker *worker)
{
	return await(worker, MESSAGE_OPT_OUT, on_opt_out) &&
	    await(worker, MESSAGE_ZONES, on_zones);
}

static void
on_job(struct worker *worker, const struct message *message,
    const int *descriptors, size_t count)
{
	struct job *job = job_new(worker, message, descriptors, count);

	if (job == NULL) {
		worker_give_up(worker, "the coordinator sent an invalid job");
		return;
	}
	worker->jobs++;
	worker_take_job(worker, job, message->code == 1);
}

/* Returns false if the worker is at its end. */
static bool
on_message(struct worker *worker, const struct message *message,
    const int *descriptors, size_t count)
{
	switch (message->type) {
	case MESSAGE_JOB:
		on_job(worker, message, descriptors, count);
		return true;
	case MESSAGE_STOP:
		worker->stopping = true;
		if (worker->jobs == 0)
			ev_break(worker->ev, EVBREAK_ALL);
		return true;
	case MESSAGE_OPT_OUT:
		if (on_opt_out(worker, message, descriptors, count))
			return true;
		break;
	case MESSAGE_BUDGET:
		if (message->rate == 0)
			break;
		budget_set_rate(worker->budget, message->text,
		    (double)message->rate / 1000,
		    (double)message->share / 1000);
		return true;
	case MESSAGE_ASK_SOURCE:
		source_check_start(worker);
		return true;
	default:
		break;
	}
	worker_give_up(worker, "a message that is not for a worker");
	return false;
}

static void
on_readable(struct ev_loop *ev, ev_io *watcher, int revents)
{
	struct worker *worker = watcher->data;
	int descriptors[MESSAGE_DESCRIPTORS_MAX];
	struct message message;
	size_t count;

	(void)revents;
	for (;;) {
		switch (message_receive(worker->socket, &message, descriptors,
		    &count)) {
		case MESSAGE_NONE:
			return;
		case MESSAGE_CLOSED:
			ev_break(ev, EVBREAK_ALL);
			return;
		case MESSAGE_BAD:
			worker_give_up(worker, "an invalid message");
			return;
		case MESSAGE_OK:
			break;
		}
		if (!on_message(worker, &message, descriptors, count))
			return;
	}
}

void
worker_messages_init(struct worker *worker)
{
	list_init(&worker->unsent);
	ev_io_init(&worker->readable, on_readable, worker->socket, EV_READ);
	ev_io_init(&worker->writable, on_writable, worker->socket, EV_WRITE);
	worker->readable.data = worker->writable.data = worker;
}

void
worker_messages_fini(struct worker *worker)
{
	while (!list_is_empty(&worker->unsent))
		free(list_entry(list_take(&worker->unsent), struct unsent,
		    link));
}

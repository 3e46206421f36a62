/*
 * dialogue: reads the messages of the workers, and sends them the messages that
 * are not batches. Workers deal with strangers: a worker that sends an invalid
 * message is ended.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "scanner/base/log.h"
#include "scanner/base/memory.h"
#include "scanner/coordinator/crew/crew_internal.h"
#include "scanner/process/memory_file.h"

/* A worker reports every second: more lookups than this are nonsense, and could
 * make the sums wrap. */
#define LATENCY_MOST	((uint64_t)1 << 40)
#define RATES_AT_ONCE	64	/* of several hundred that a socket takes */

/* Every item has started: the worker may get another batch. */
static void
mark_begun(struct worker_process *worker, struct batch *batch)
{
	if (!batch->has_begun)
		worker->unstarted[crew_line(batch)]--;
	batch->has_begun = true;
}

/* Sends what has no room in a packet. */
static void
tell_bytes(struct worker_process *worker, enum message_type type,
    uint32_t code, const struct buffer *bytes)
{
	const struct message message = {
		.type = type, .code = code, .length = bytes->length,
	};
	int descriptor = memory_file_new(bytes);

	if (descriptor < 0 || !message_send(worker->socket, &message,
	    &descriptor, 1))
		shutdown(worker->socket, SHUT_RDWR);
	if (descriptor >= 0)
		close(descriptor);
}

void
dialogue_tell_opt_out(struct worker_process *worker)
{
	tell_bytes(worker, MESSAGE_OPT_OUT, 0, &worker->crew->opt_out);
}

void
dialogue_tell_zones(struct worker_process *worker)
{
	tell_bytes(worker, MESSAGE_ZONES, worker->crew->asks_parents,
	    &worker->crew->zones);
}

/* A rate that must still be sent. */
struct told_rate {
	struct list	link;
	uint32_t	rate, share;
	char		server[];
};

static bool
send_rate(struct worker_process *worker, const struct told_rate *told)
{
	struct message message = {
		.type = MESSAGE_BUDGET, .rate = told->rate,
		.share = told->share,
	};

	snprintf(message.text, sizeof message.text, "%s", told->server);
	return message_send(worker->socket, &message, NULL, 0);
}

/* A socket counts as writable only while it is at most a quarter full. So there
 * is always room for the other messages, which do not wait. */
void
dialogue_writable(struct ev_loop *ev, ev_io *watcher, int revents)
{
	struct worker_process *worker = watcher->data;

	(void)revents;
	if (list_is_empty(&worker->rates)) {
		ev_io_stop(ev, watcher);
		worker->crew->events.room(worker->crew->events.tag);
	}
	for (unsigned i = 0; i < RATES_AT_ONCE &&
	    !list_is_empty(&worker->rates); i++) {
		struct told_rate *told = list_entry(worker->rates.next,
		    struct told_rate, link);

		if (!send_rate(worker, told)) {
			if (errno != EAGAIN && errno != ENOBUFS)
				shutdown(worker->socket, SHUT_RDWR);
			return;
		}
		list_remove(&told->link);
		free(told);
	}
}

void
dialogue_close(struct worker_process *worker)
{
	ev_io_stop(worker->crew->ev, &worker->readable);
	ev_io_stop(worker->crew->ev, &worker->writable);
	while (!list_is_empty(&worker->rates))
		free(list_entry(list_take(&worker->rates), struct told_rate,
		    link));
}

/* Questions in 1,000 s. With a share of 0 names would wait for ever. */
static uint32_t
told_of(double rate)
{
	return rate < 0.001 ? 1 : (uint32_t)(1000 * rate);
}

void
crew_tell_rate(struct crew *crew, unsigned number, const char *server,
    double rate, double share)
{
	struct worker_process *worker = &crew->workers[number];
	size_t length = strlen(server) + 1;
	struct told_rate *told;

	if (!worker->ready)
		return;
	told = xmalloc(sizeof *told + length);
	told->rate = told_of(rate);
	told->share = told_of(share);
	memcpy(told->server, server, length);
	list_append(&worker->rates, &told->link);
	if (!ev_is_active(&worker->writable))
		ev_io_start(crew->ev, &worker->writable);
}

/* Every worker finds this out; one message is enough. */
static void
tell_no_sandbox(struct crew *crew, const char *why)
{
	if (why[0] == '\0' || crew->told_no_sandbox)
		return;
	log_line("the workers run without a sandbox (%s); use --sandbox "
	    "never to silence this line", why);
	crew->told_no_sandbox = true;
}

/* Only a scan that says who it is has a name to compare with. */
static void
ask_source(struct worker_process *worker)
{
	struct crew *crew = worker->crew;
	const struct options *options = crew->options;
	const struct message message = { .type = MESSAGE_ASK_SOURCE };

	if ((options->command->options & COMMAND_SCAN) == 0 ||
	    options->probes == 0 || options->only_allowed_networks ||
	    crew->known_sources != 0 || (crew->source_worker != CREW_NOBODY &&
	    crew->source_worker != worker->number))
		return;
	crew->source_worker = worker->number;
	(void)message_send(worker->socket, &message, NULL, 0);
}

static bool
on_source(struct worker_process *worker, const struct message *message)
{
	struct crew *crew = worker->crew;

	if (worker->number != crew->source_worker ||
	    (message->number != 4 && message->number != 6) ||
	    message->code >= SOURCE_NAMES ||
	    (crew->known_sources & 1u << message->number) != 0)
		return false;
	crew->known_sources |= 1u << message->number;
	crew->events.source(crew->events.tag, (unsigned)message->number,
	    (enum source_name)message->code, message->text);
	return true;
}

static void
on_ready(struct worker_process *worker, const struct message *message)
{
	struct crew *crew = worker->crew;

	tell_no_sandbox(crew, message->text);
	worker->ready = true;
	ask_source(worker);
	crew->events.ready(crew->events.tag, worker->number);
}

/* Every worker finds the same fault; the first one reports it. */
static void
on_unusable(struct crew *crew, const struct message *message)
{
	if (!crew->has_failed)
		log_line("%s", message->text);
	crew_fail(crew, (int)message->code);
}

static bool
on_ended(struct worker_process *worker, struct batch *batch,
    const struct message *message)
{
	const struct crew_events *events = &worker->crew->events;
	const struct session_end end = {
		.greeting_code = message->code, .error = (int)message->error,
	};

	return batch != NULL && message->item < batch->items &&
	    events->ended(events->tag, batch, message->item, &end);
}

static bool
on_done(struct worker_process *worker, struct batch *batch,
    const struct message *message)
{
	struct crew *crew = worker->crew;

	if (batch == NULL)
		return false;
	worker->deaths = 0;
	crew_take_back(worker, batch);
	if (message->error != 0)
		batch->own_error = (int)message->error;
	/* The next confirmation needs a worker with an empty cache. */
	if (worker == crew_seat(crew, SEAT_CONFIRMER))
		crew_leave(crew, SEAT_CONFIRMER);
	crew->events.done(crew->events.tag, batch, (int)message->code);
	return true;
}

static void
on_server(struct worker_process *worker, const struct message *message)
{
	const struct crew_events *events = &worker->crew->events;
	const struct server_report report = {
		.name = message->text, .asked = message->asked,
		.lost = message->lost, .waiting = message->waiting,
	};

	/* The workers in the seats ask for single names only. */
	if (worker->number < worker->crew->count)
		events->server(events->tag, worker->number, &report);
}

static bool
on_lane(struct worker_process *worker, const struct message *message)
{
	const struct crew_events *events = &worker->crew->events;

	if (message->code >= ODDITY_COUNT || message->kind > JOB_HOSTS)
		return false;
	events->lane(events->tag, message->kind, (enum oddity)message->code,
	    message->asked, message->lost);
	return true;
}

static bool
on_sampled(struct worker_process *worker, const struct message *message)
{
	const struct crew_events *events = &worker->crew->events;
	const uint64_t counts[SAMPLE_RESULT_COUNT] = {
		[SAMPLE_AGREED] = message->asked,
		[SAMPLE_DISAGREED] = message->lost,
		[SAMPLE_CHANGED] = message->waiting,
	};

	if (message->code >= SAMPLE_GROUPS)
		return false;
	events->sampled(events->tag, (enum sample_group)message->code,
	    counts);
	return true;
}

static bool
on_latency(struct worker_process *worker, const struct message *message)
{
	const struct latency *latency = &message->latency;

	if (message->code >= LATENCY_KINDS || latency->sum_ms > LATENCY_MOST)
		return false;
	for (int i = 0; i < LATENCY_CLASSES; i++)
		if (latency->count[i] > LATENCY_MOST)
			return false;
	latency_add(&worker->crew->latency[message->code], latency);
	return true;
}

static bool
on_message(struct worker_process *worker, const struct message *message)
{
	struct crew *crew = worker->crew;
	struct batch *batch = crew_batch(worker, message->kind,
	    message->number);

	watchdog_note_sign(&worker->watchdog);
	switch (message->type) {
	case MESSAGE_READY:
		on_ready(worker, message);
		return true;
	case MESSAGE_UNUSABLE:
		on_unusable(crew, message);
		return true;
	case MESSAGE_BEGUN:
		if (batch == NULL)
			return false;
		mark_begun(worker, batch);
		crew->events.room(crew->events.tag);
		return true;
	case MESSAGE_ENDED:
		return on_ended(worker, batch, message);
	case MESSAGE_DONE:
		return on_done(worker, batch, message);
	case MESSAGE_GAUGE:
		worker->questions = message->in_flight;
		return true;
	case MESSAGE_SERVER:
		on_server(worker, message);
		return true;
	case MESSAGE_LANE:
		return on_lane(worker, message);
	case MESSAGE_SAMPLED:
		return on_sampled(worker, message);
	case MESSAGE_SOURCE:
		return on_source(worker, message);
	case MESSAGE_LATENCY:
		return on_latency(worker, message);
	default:
		return false;
	}
}

void
dialogue_readable(struct ev_loop *ev, ev_io *watcher, int revents)
{
	struct worker_process *worker = watcher->data;
	int descriptors[MESSAGE_DESCRIPTORS_MAX];
	struct message message;
	size_t count;

	(void)ev;
	(void)revents;
	while (worker->socket >= 0) {
		switch (message_receive(worker->socket, &message, descriptors,
		    &count)) {
		case MESSAGE_NONE:
			return;
		case MESSAGE_OK:
			break;
		default:
			worker_process_reap(worker);
			return;
		}
		/* A worker must not send descriptors. */
		for (size_t i = 0; i < count; i++)
			close(descriptors[i]);
		if (count > 0 || !on_message(worker, &message)) {
			worker_process_kill(worker, DEATH_NONSENSE);
			return;
		}
	}
}

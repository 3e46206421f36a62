/*
 * dialogue: what the workers say, and what they are told beside their batches.
 * They met strangers: what makes no sense is a worker's end.
 */
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "scanner/base/clock.h"
#include "scanner/base/log.h"
#include "scanner/coordinator/coordinator.h"

/* Begun to the end: the worker may have another. */
static void
mark_begun(struct worker_process *worker, struct batch *batch)
{
	if (!batch->begun)
		worker->unstarted[batch->kind]--;
	batch->begun = true;
}

/* RULES 11: a 421, 450 or 554 greeting doubles the pause of the prefix. */
static bool
asks_for_rest(const struct message *message)
{
	return message->code == 421 || message->code == 450 ||
	    message->code == 554;
}

static bool
on_ended(struct worker_process *worker, struct batch *batch,
    const struct message *message)
{
	struct granted *granted;

	if (batch->kind != JOB_PROBES || message->item >= batch->items)
		return false;
	granted = &batch->granted[message->item];
	if (!granted->connects || granted->ended)
		return true;
	granted->ended = true;
	worker->sessions--;
	pace_release(worker->coordinator->pace, granted->unit,
	    asks_for_rest(message));
	coordinator_kick(worker->coordinator);
	return true;
}

void
dialogue_tell_opt_out(struct worker_process *worker)
{
	const struct buffer *text = &worker->coordinator->opt_out_text;
	const struct message message = {
		.type = MESSAGE_OPT_OUT, .length = text->length,
	};
	int descriptor = supervise_memory(text);

	if (descriptor < 0 || !message_send(worker->socket, &message,
	    &descriptor, 1))
		shutdown(worker->socket, SHUT_RDWR);
	if (descriptor >= 0)
		close(descriptor);
}

/* Each worker has an equal share of what a name server may be asked. */
static void
tell_rate(struct worker_process *worker, const struct name_server *server)
{
	struct message message = {
		.type = MESSAGE_BUDGET, .rate = (uint32_t)(1000 *
		    name_server_rate(server) /
		    (double)worker->coordinator->options->workers),
	};

	snprintf(message.text, sizeof message.text, "%s",
	    name_server_name(server));
	if (!message_send(worker->socket, &message, NULL, 0))
		shutdown(worker->socket, SHUT_RDWR);
}

/* Before its first job a worker hears what is in force; the opt-out list, which
 * its resolvers need, it has from its start. */
static void
greet(struct worker_process *worker)
{
	struct coordinator *coordinator = worker->coordinator;
	const struct name_server *server;
	size_t index = 0;

	while ((server = name_servers_next(coordinator->name_servers,
	    &index)) != NULL)
		tell_rate(worker, server);
	worker->ready = true;
}

static void
tell_all(struct coordinator *coordinator, const struct name_server *server)
{
	struct worker_process *extra[] = {
		&coordinator->confirmer, &coordinator->examiner,
	};

	for (unsigned i = 0; i < coordinator->worker_count + 2; i++) {
		struct worker_process *worker = i < coordinator->worker_count
		    ? &coordinator->workers[i]
		    : extra[i - coordinator->worker_count];

		if (server == NULL && worker->pid > 0)
			dialogue_tell_opt_out(worker);
		else if (server != NULL && worker->ready)
			tell_rate(worker, server);
	}
}

void
dialogue_tell_all_opt_out(struct coordinator *coordinator)
{
	tell_all(coordinator, NULL);
}

static void
on_server(struct worker_process *worker, const struct message *message)
{
	struct coordinator *coordinator = worker->coordinator;
	const struct name_server *server;

	/* The extra workers ask for single names. */
	if (worker == &coordinator->confirmer ||
	    worker == &coordinator->examiner)
		return;
	server = name_servers_report(coordinator->name_servers,
	    (unsigned)(worker - coordinator->workers), message->text,
	    message->asked, message->lost, message->waiting, clock_ms());
	if (server != NULL)
		tell_all(coordinator, server);
}

/* Every worker finds it out; it is said once. */
static void
tell_no_sandbox(struct coordinator *coordinator, const char *why)
{
	if (why[0] == '\0' || coordinator->told_no_sandbox)
		return;
	log_line("the workers run without a sandbox (%s); --sandbox never "
	    "leaves this line out", why);
	coordinator->told_no_sandbox = true;
}

static bool
on_message(struct worker_process *worker, const struct message *message)
{
	struct coordinator *coordinator = worker->coordinator;
	struct batch *batch = supervise_batch(worker, message->kind, message->number);

	switch (message->type) {
	case MESSAGE_READY:
		tell_no_sandbox(coordinator, message->text);
		greet(worker);
		coordinator_kick(coordinator);
		return true;
	case MESSAGE_UNUSABLE:
		/* Every worker finds the same: the first says it. */
		if (coordinator->exit_status < 0)
			log_line("%s", message->text);
		coordinator_fail(coordinator, (int)message->code);
		return true;
	case MESSAGE_BEGUN:
		if (batch != NULL)
			mark_begun(worker, batch);
		coordinator_kick(coordinator);
		return batch != NULL;
	case MESSAGE_ENDED:
		return batch != NULL && on_ended(worker, batch, message);
	case MESSAGE_DONE:
		if (batch == NULL)
			return false;
		mark_begun(worker, batch);
		batch_done(worker, batch, (int)message->code);
		return true;
	case MESSAGE_GAUGE:
		worker->asked = message->asked;
		worker->in_flight = message->in_flight;
		worker->waiting = message->waiting;
		return true;
	case MESSAGE_SERVER:
		on_server(worker, message);
		return true;
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
			supervise_bury(worker);
			return;
		}
		/* A worker has no descriptors to give. */
		for (size_t i = 0; i < count; i++)
			close(descriptors[i]);
		if (count > 0 || !on_message(worker, &message)) {
			log_line("a worker says what makes no sense");
			supervise_bury(worker);
			return;
		}
	}
}

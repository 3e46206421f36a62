/* supervise: the worker processes: started by exec, handed batches, reaped. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "scanner/base/log.h"
#include "scanner/base/memory.h"
#include "scanner/coordinator/coordinator.h"

/* A worker has so many batches of domains or hosts that it has not begun to the
 * end: enough that it never waits, few enough that memory is bounded. */
#define UNSTARTED_MAX	2
/* And so many altogether: each waits for its slowest name. */
#define BATCHES_MAX	64
#define WORKER_SOCKET	3	/* the descriptor that a worker finds */

/* Items of one batch in memory that the worker can read and nobody changes. */
static int
input_descriptor(const struct buffer *input)
{
	int descriptor = memfd_create("mxcensus-items",
	    MFD_CLOEXEC | MFD_ALLOW_SEALING);
	size_t written = 0;

	while (descriptor >= 0 && written < input->length) {
		ssize_t length = write(descriptor, input->bytes + written,
		    input->length - written);

		if (length < 0 && errno == EINTR)
			continue;
		if (length <= 0) {
			close(descriptor);
			return -1;
		}
		written += (size_t)length;
	}
	return descriptor;
}

static void on_worker(struct ev_loop *, ev_io *, int);

/* In the child: nothing of the parent but standard error and the socket. */
static void
become_worker(const struct options *options, int socket)
{
	char **argv = xcalloc((size_t)options->argc + 3, sizeof *argv);
	int count = 0;

	argv[count++] = (char[]){ "mxcensus" };
	argv[count++] = (char[]){ "worker" };
	for (int i = 0; i < options->argc; i++)
		argv[count++] = options->argv[i];
	if (dup2(socket, WORKER_SOCKET) < 0)
		_exit(EXIT_BUG);
	/* dup2 onto itself keeps close-on-exec. */
	(void)fcntl(WORKER_SOCKET, F_SETFD, 0);
	execv("/proc/self/exe", argv);
	_exit(EXIT_BUG);
}

static bool
spawn(struct worker_process *worker)
{
	struct coordinator *coordinator = worker->coordinator;
	int sockets[2];
	pid_t pid;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK,
	    0, sockets) != 0) {
		log_line("socketpair: %s", strerror(errno));
		return false;
	}
	pid = fork();
	if (pid == 0)
		become_worker(coordinator->options, sockets[1]);
	close(sockets[1]);
	if (pid < 0) {
		log_line("fork: %s", strerror(errno));
		close(sockets[0]);
		return false;
	}
	worker->pid = pid;
	worker->socket = sockets[0];
	worker->ready = false;
	memset(worker->unstarted, 0, sizeof worker->unstarted);
	worker->sessions = 0;
	list_init(&worker->batches);
	ev_io_init(&worker->readable, on_worker, worker->socket, EV_READ);
	worker->readable.data = worker;
	ev_io_start(coordinator->ev, &worker->readable);
	return true;
}

/* It is over, whatever it was doing: what it had goes to another. */
static void
bury(struct worker_process *worker)
{
	struct coordinator *coordinator = worker->coordinator;
	int status = 0;

	ev_io_stop(coordinator->ev, &worker->readable);
	close(worker->socket);
	worker->socket = -1;
	kill(worker->pid, SIGKILL);
	while (waitpid(worker->pid, &status, 0) < 0 && errno == EINTR)
		;
	worker->pid = -1;
	worker->ready = false;
	if (coordinator->exit_status >= 0)
		return;
	if (WIFSIGNALED(status))
		log_line("a worker ended by signal %d, another takes over",
		    WTERMSIG(status));
	else
		log_line("a worker ended with status %d, another takes over",
		    WEXITSTATUS(status));
	coordinator->deaths++;
	while (!list_is_empty(&worker->batches))
		batch_lost(coordinator, list_entry(worker->batches.next,
		    struct batch, link));
	if (worker != &coordinator->confirmer &&
	    coordinator->exit_status < 0 && !spawn(worker))
		coordinator_fail(coordinator, EXIT_VANTAGE);
}

static struct batch *
find_batch(struct worker_process *worker, const struct message *message)
{
	for (struct list *link = worker->batches.next;
	    link != &worker->batches; link = link->next) {
		struct batch *batch = list_entry(link, struct batch, link);

		if (batch->kind == message->kind &&
		    batch->number == message->number)
			return batch;
	}
	return NULL;
}

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
	struct batch *batch = find_batch(worker, message);

	switch (message->type) {
	case MESSAGE_READY:
		tell_no_sandbox(coordinator, message->text);
		worker->ready = true;
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
	default:
		return false;
	}
}

static void
on_worker(struct ev_loop *ev, ev_io *watcher, int revents)
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
			bury(worker);
			return;
		}
		/* A worker has no descriptors to give. */
		for (size_t i = 0; i < count; i++)
			close(descriptors[i]);
		if (count > 0 || !on_message(worker, &message)) {
			log_line("a worker says what makes no sense");
			bury(worker);
			return;
		}
	}
}

static void
prepare(struct coordinator *coordinator, struct worker_process *worker)
{
	worker->coordinator = coordinator;
	worker->pid = -1;
	worker->socket = -1;
	list_init(&worker->batches);
}

bool
supervise_start(struct coordinator *coordinator)
{
	coordinator->worker_count = (unsigned)coordinator->options->workers;
	coordinator->workers = xcalloc(coordinator->worker_count,
	    sizeof *coordinator->workers);
	for (unsigned i = 0; i < coordinator->worker_count; i++)
		prepare(coordinator, &coordinator->workers[i]);
	prepare(coordinator, &coordinator->confirmer);
	for (unsigned i = 0; i < coordinator->worker_count; i++)
		if (!spawn(&coordinator->workers[i]))
			return false;
	return true;
}

/* Ends a worker; with batches in hand it would end them first, so it is killed,
 * and they are left for the next start. */
static void
dismiss(struct worker_process *worker)
{
	const struct message stop = { .type = MESSAGE_STOP };
	int status;

	if (worker->pid <= 0)
		return;
	ev_io_stop(worker->coordinator->ev, &worker->readable);
	(void)message_send(worker->socket, &stop, NULL, 0);
	close(worker->socket);
	worker->socket = -1;
	if (!list_is_empty(&worker->batches))
		kill(worker->pid, SIGKILL);
	while (waitpid(worker->pid, &status, 0) < 0 && errno == EINTR)
		;
	worker->pid = -1;
	worker->ready = false;
	while (!list_is_empty(&worker->batches))
		batch_free(list_entry(worker->batches.next, struct batch,
		    link));
}

void
supervise_stop(struct coordinator *coordinator)
{
	for (unsigned i = 0; i < coordinator->worker_count; i++)
		dismiss(&coordinator->workers[i]);
	dismiss(&coordinator->confirmer);
	free(coordinator->workers);
	coordinator->workers = NULL;
	coordinator->worker_count = 0;
}

void
supervise_hire(struct worker_process *worker)
{
	if (!spawn(worker))
		coordinator_fail(worker->coordinator, EXIT_VANTAGE);
}

void
supervise_retire(struct worker_process *worker)
{
	if (list_is_empty(&worker->batches))
		dismiss(worker);
}

static size_t
batches_of(const struct worker_process *worker)
{
	size_t count = 0;

	for (const struct list *link = worker->batches.next;
	    link != &worker->batches; link = link->next)
		count++;
	return count;
}

struct worker_process *
supervise_choose(struct coordinator *coordinator, enum job_kind kind)
{
	struct worker_process *best = NULL;

	if (coordinator->stopping || coordinator->exit_status >= 0)
		return NULL;
	for (unsigned i = 0; i < coordinator->worker_count; i++) {
		struct worker_process *worker = &coordinator->workers[i];

		if (!worker->ready || (kind != JOB_PROBES &&
		    (worker->unstarted[kind] >= UNSTARTED_MAX ||
		    batches_of(worker) >= BATCHES_MAX)))
			continue;
		if (best == NULL || (kind == JOB_PROBES
		    ? worker->sessions < best->sessions
		    : worker->unstarted[kind] < best->unstarted[kind]))
			best = worker;
	}
	return best;
}

void
supervise_send(struct worker_process *worker, struct batch *batch)
{
	struct coordinator *coordinator = worker->coordinator;
	struct message message = {
		.type = MESSAGE_JOB, .kind = batch->kind,
		.number = batch->number, .attempt = batch->attempt,
		.length = batch->input.length, .items = batch->items,
	};
	int descriptors[MESSAGE_DESCRIPTORS_MAX];

	list_append(&worker->batches, &batch->link);
	worker->unstarted[batch->kind]++;
	if (batch->is_chunk) {
		const struct chunk *chunk =
		    &coordinator->plan.chunks[batch->number];

		message.offset = chunk->offset;
		message.length = chunk->length;
		descriptors[0] = coordinator->plan.names;
	} else {
		descriptors[0] = input_descriptor(&batch->input);
	}
	memcpy(descriptors + 1, batch->outputs,
	    batch->output_count * sizeof *descriptors);
	/* The queue of the socket holds far more than a worker's batches: what
	 * it does not take is a worker that is stuck or gone. */
	if (descriptors[0] < 0 || !message_send(worker->socket, &message,
	    descriptors, batch->output_count + 1)) {
		log_line("a batch cannot be handed to a worker: %s",
		    strerror(errno));
		shutdown(worker->socket, SHUT_RDWR);
	}
	if (!batch->is_chunk && descriptors[0] >= 0)
		close(descriptors[0]);
}

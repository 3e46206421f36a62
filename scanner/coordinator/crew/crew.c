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

#include "scanner/base/clock.h"
#include "scanner/base/log.h"
#include "scanner/base/memory.h"
#include "scanner/coordinator/coordinator.h"
#include "scanner/process/child_descriptors.h"

/* A worker has so many batches of domains or hosts that it has not begun to the
 * end: enough that it never waits, few enough that memory is bounded. */
#define UNSTARTED_MAX	2
/* Of policies so many in all: their items wait for each other. */
#define POLICIES_MAX	8

int
supervise_memory(const struct buffer *input)
{
	int descriptor = memfd_create("mxcensus-items", MFD_CLOEXEC);
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

/* In the child: nothing of the parent but standard error, the socket and the
 * page of what is in flight. */
static void
become_worker(const struct options *options, int socket, int in_flight)
{
	char **argv = xcalloc((size_t)options->argc + 3, sizeof *argv);
	int count = 0;

	argv[count++] = (char[]){ "mxcensus" };
	argv[count++] = (char[]){ "worker" };
	for (int i = 0; i < options->argc; i++)
		argv[count++] = options->argv[i];
	/* Neither may be in the way of the other. */
	socket = fcntl(socket, F_DUPFD, CHILD_IN_FLIGHT + 1);
	in_flight = fcntl(in_flight, F_DUPFD, CHILD_IN_FLIGHT + 1);
	if (socket < 0 || in_flight < 0 || dup2(socket, CHILD_SOCKET) < 0 ||
	    dup2(in_flight, CHILD_IN_FLIGHT) < 0)
		_exit(EXIT_BUG);
	close(socket);
	close(in_flight);
	execv("/proc/self/exe", argv);
	_exit(EXIT_BUG);
}

static bool
fork_worker(struct worker_process *worker, int in_flight)
{
	int sockets[2];
	pid_t pid;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK,
	    0, sockets) != 0) {
		log_line("socketpair: %s", strerror(errno));
		return false;
	}
	pid = fork();
	if (pid == 0)
		become_worker(worker->coordinator->options, sockets[1],
		    in_flight);
	close(sockets[1]);
	if (pid < 0) {
		log_line("fork: %s", strerror(errno));
		close(sockets[0]);
		return false;
	}
	worker->pid = pid;
	worker->socket = sockets[0];
	return true;
}

static bool
spawn(struct worker_process *worker)
{
	struct coordinator *coordinator = worker->coordinator;
	int in_flight = in_flight_create();
	bool good;

	in_flight_unmap(worker->page);
	worker->page = in_flight < 0 ? NULL : in_flight_map(in_flight);
	if (worker->page == NULL)
		log_line("memory to share with a worker: %s", strerror(errno));
	good = worker->page != NULL && fork_worker(worker, in_flight);
	if (in_flight >= 0)
		close(in_flight);
	if (!good)
		return false;
	worker->ready = false;
	memset(worker->unstarted, 0, sizeof worker->unstarted);
	worker->sessions = 0;
	list_init(&worker->batches);
	ev_io_init(&worker->readable, dialogue_readable, worker->socket, EV_READ);
	worker->readable.data = worker;
	ev_io_start(coordinator->ev, &worker->readable);
	return true;
}

struct batch *
supervise_batch(struct worker_process *worker, enum job_kind kind, uint64_t number)
{
	for (struct list *link = worker->batches.next;
	    link != &worker->batches; link = link->next) {
		struct batch *batch = list_entry(link, struct batch, link);

		if (batch->kind == kind && batch->number == number)
			return batch;
	}
	return NULL;
}

static unsigned
accuse(struct worker_process *worker, const struct in_flight_slot *slot)
{
	struct batch *batch = slot->kind == 0 || slot->kind > JOB_KINDS ? NULL
	    : supervise_batch(worker, (enum job_kind)(slot->kind - 1), slot->number);

	if (batch == NULL || slot->item >= batch->items)
		return 0;
	if (batch->accused == NULL)
		batch->accused = xcalloc(batch->items, sizeof *batch->accused);
	batch->accused[slot->item] = true;
	batch->is_convicted = worker == &worker->coordinator->examiner;
	return 1;
}

/* What a dead worker had in flight. The page is a stranger's word: it can accuse
 * the worker's own batches alone. */
static unsigned
accuse_all(struct worker_process *worker)
{
	const struct in_flight *page = worker->page;
	unsigned count = 0;

	if (page->acting > 0 && page->acting <= IN_FLIGHT_SLOTS)
		return accuse(worker, &page->slots[page->acting - 1]);
	for (uint32_t i = 0; i < IN_FLIGHT_SLOTS; i++)
		count += accuse(worker, &page->slots[i]);
	return count;
}

/* By something that it was told; what kills from outside accuses nobody. */
static bool
has_crashed(int status)
{
	static const int signals[] = {
		SIGSEGV, SIGABRT, SIGBUS, SIGILL, SIGFPE, SIGSYS,
	};

	for (size_t i = 0; i < sizeof signals / sizeof signals[0]; i++)
		if (WIFSIGNALED(status) && WTERMSIG(status) == signals[i])
			return true;
	return false;
}

static void
tell_death(const struct worker_process *worker, int status, unsigned suspects)
{
	const char *next = worker == &worker->coordinator->examiner
	    ? "the name it was asked is left alone" : "another takes over";

	if (has_crashed(status))
		log_line("a worker crashed (signal %d) with %u names in "
		    "flight, %s", WTERMSIG(status), suspects, next);
	else if (WIFSIGNALED(status))
		log_line("a worker ended by signal %d, another takes over",
		    WTERMSIG(status));
	else
		log_line("a worker ended with status %d, another takes over",
		    WEXITSTATUS(status));
}

void
supervise_bury(struct worker_process *worker)
{
	struct coordinator *coordinator = worker->coordinator;
	bool is_extra = worker == &coordinator->confirmer ||
	    worker == &coordinator->examiner;
	unsigned suspects = 0;
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
	if (has_crashed(status))
		suspects = accuse_all(worker);
	tell_death(worker, status, suspects);
	/* Who is killed from outside, or for want of memory, is no bug. */
	coordinator->deaths += has_crashed(status) || WIFEXITED(status);
	while (!list_is_empty(&worker->batches))
		batch_lost(coordinator, list_entry(worker->batches.next,
		    struct batch, link));
	if (!is_extra && coordinator->exit_status < 0 && !spawn(worker))
		coordinator_fail(coordinator, EXIT_VANTAGE);
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
	prepare(coordinator, &coordinator->examiner);
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
	in_flight_unmap(worker->page);
	worker->page = NULL;
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
	dismiss(&coordinator->examiner);
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
	if (worker->pid > 0 && list_is_empty(&worker->batches))
		dismiss(worker);
}

/* Of a kind, or of JOB_KINDS: of all. */
static size_t
batches_of(const struct worker_process *worker, enum job_kind kind)
{
	size_t count = 0;

	for (const struct list *link = worker->batches.next;
	    link != &worker->batches; link = link->next)
		count += kind == JOB_KINDS || list_entry(link, struct batch,
		    link)->kind == kind;
	return count;
}

bool
supervise_has_room(const struct worker_process *worker, enum job_kind kind)
{
	const struct coordinator *coordinator = worker->coordinator;

	return worker->ready && !coordinator->stopping &&
	    coordinator->exit_status < 0 && (kind == JOB_PROBES
	    ? coordinator->probe_batches < coordinator->probe_batches_most
	    : (worker->unstarted[kind] < UNSTARTED_MAX &&
	    batches_of(worker, JOB_KINDS) < coordinator->batches_a_worker &&
	    (kind != JOB_POLICIES ||
	    batches_of(worker, JOB_POLICIES) < POLICIES_MAX)));
}

/* Policies have one owner, so that what a network and a run bear is exact. */
static bool
may_have(const struct worker_process *worker, enum job_kind kind)
{
	return supervise_has_room(worker, kind) && (kind != JOB_POLICIES ||
	    worker == &worker->coordinator->workers[0]);
}

struct worker_process *
supervise_choose(struct coordinator *coordinator, enum job_kind kind)
{
	struct worker_process *best = NULL;

	for (unsigned i = 0; i < coordinator->worker_count; i++) {
		struct worker_process *worker = &coordinator->workers[i];

		if (!may_have(worker, kind))
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
	if (batch->is_in_plan) {
		const struct chunk *chunk =
		    &coordinator->plan.chunks[batch->number];

		message.offset = chunk->offset;
		message.length = chunk->length;
		descriptors[0] = coordinator->plan.names;
	} else {
		descriptors[0] = supervise_memory(&batch->input);
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
	if (!batch->is_in_plan && descriptors[0] >= 0)
		close(descriptors[0]);
}

/* process: starts worker processes by exec, and reaps them. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "scanner/base/log.h"
#include "scanner/base/memory.h"
#include "scanner/coordinator/crew/crew_internal.h"
#include "scanner/process/child_descriptors.h"

/* Runs in the child. The child keeps only standard error, the socket, and the
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
	/* Neither descriptor may have the number that the other one needs. */
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
		become_worker(worker->crew->options, sockets[1], in_flight);
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

bool
worker_process_start(struct worker_process *worker)
{
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
	worker->questions = 0;
	memset(worker->unstarted, 0, sizeof worker->unstarted);
	list_init(&worker->batches);
	ev_io_init(&worker->readable, dialogue_readable, worker->socket,
	    EV_READ);
	worker->readable.data = worker;
	ev_io_start(worker->crew->ev, &worker->readable);
	/* The resolvers of the worker need it from their start. */
	dialogue_tell_opt_out(worker);
	return true;
}

/* What it had in flight **************************************************** */

static bool
is_examiner(const struct worker_process *worker)
{
	return worker == crew_seat(worker->crew, SEAT_EXAMINER);
}

static unsigned
accuse(struct worker_process *worker, const struct in_flight_slot *slot)
{
	struct batch *batch = slot->kind == 0 || slot->kind > JOB_KINDS ? NULL
	    : crew_batch(worker, (enum job_kind)(slot->kind - 1),
	    slot->number);

	if (batch == NULL || slot->item >= batch->items)
		return 0;
	if (batch->accused == NULL)
		batch->accused = xcalloc(batch->items, sizeof *batch->accused);
	batch->accused[slot->item] = true;
	batch->is_convicted = is_examiner(worker);
	return 1;
}

/* Marks the items that a dead worker had in flight. The page is not trusted: it
 * can accuse only items of the worker's own batches. */
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

/* Did an input make the worker crash? A signal from outside accuses no item. */
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
	if (has_crashed(status))
		log_line("a worker crashed (signal %d) with %u names in "
		    "flight, %s", WTERMSIG(status), suspects,
		    is_examiner(worker) ? "the name it was asked is left alone"
		    : "another takes over");
	else if (WIFSIGNALED(status))
		log_line("a worker ended by signal %d, another takes over",
		    WTERMSIG(status));
	else
		log_line("a worker ended with status %d, another takes over",
		    WEXITSTATUS(status));
}

/* The end ****************************************************************** */

static int
wait_for(struct worker_process *worker)
{
	int status = 0;

	while (waitpid(worker->pid, &status, 0) < 0 && errno == EINTR)
		;
	worker->pid = -1;
	worker->ready = false;
	return status;
}

static void
hang_up(struct worker_process *worker)
{
	ev_io_stop(worker->crew->ev, &worker->readable);
	close(worker->socket);
	worker->socket = -1;
}

void
worker_process_reap(struct worker_process *worker)
{
	struct crew *crew = worker->crew;
	unsigned suspects = 0;
	int status;

	hang_up(worker);
	kill(worker->pid, SIGKILL);
	status = wait_for(worker);
	if (crew->has_failed)
		return;
	if (has_crashed(status))
		suspects = accuse_all(worker);
	tell_death(worker, status, suspects);
	while (!list_is_empty(&worker->batches)) {
		struct batch *batch = list_entry(worker->batches.next,
		    struct batch, link);

		crew_take_back(worker, batch);
		crew->events.lost(crew->events.tag, batch);
	}
	/* A worker that is killed from outside, or for lack of memory, has no
	 * bug. */
	if (has_crashed(status) || WIFEXITED(status))
		crew_note_fault(crew);
	if (worker->number < crew->count && !crew->has_failed &&
	    !worker_process_start(worker))
		crew_fail(crew, EXIT_VANTAGE);
}

void
worker_process_end(struct worker_process *worker)
{
	const struct message stop = { .type = MESSAGE_STOP };

	if (worker->pid <= 0)
		return;
	(void)message_send(worker->socket, &stop, NULL, 0);
	hang_up(worker);
	if (!list_is_empty(&worker->batches))
		kill(worker->pid, SIGKILL);
	(void)wait_for(worker);
	in_flight_unmap(worker->page);
	worker->page = NULL;
	while (!list_is_empty(&worker->batches)) {
		struct batch *batch = list_entry(worker->batches.next,
		    struct batch, link);

		crew_take_back(worker, batch);
		batch_free(batch);
	}
}

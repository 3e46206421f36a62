/* process: starts worker processes by exec, and reaps them. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "scanner/base/clock.h"
#include "scanner/base/log.h"
#include "scanner/base/memory.h"
#include "scanner/base/plural.h"
#include "scanner/coordinator/crew/crew_internal.h"
#include "scanner/process/child_descriptors.h"

/* Runs in the child. The child keeps only standard error, the socket, and the
 * page of what is in flight. */
static void
become_worker(const struct options *options, pid_t parent, int socket,
    int in_flight)
{
	char **argv = xcalloc((size_t)options->argc + 3, sizeof *argv);
	int count = 0;

	/* A worker that is stopped or spins would not notice that the
	 * coordinator is gone. */
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || getppid() != parent)
		_exit(EXIT_BUG);
	argv[count++] = (char[]){ "mxcensus" };
	argv[count++] = (char[]){ "worker" };
	for (int i = 0; i < options->argc; i++)
		argv[count++] = options->argv[i];
	/* Neither descriptor may already have the number that the other one
	 * needs. */
	socket = fcntl(socket, F_DUPFD, CHILD_IN_FLIGHT + 1);
	in_flight = fcntl(in_flight, F_DUPFD, CHILD_IN_FLIGHT + 1);
	if (socket < 0 || in_flight < 0 || dup2(socket, CHILD_SOCKET) < 0 ||
	    dup2(in_flight, CHILD_IN_FLIGHT) < 0)
		_exit(EXIT_BUG);
	close(socket);
	close(in_flight);
	if (!clock_pass_on())
		_exit(EXIT_MEMORY);
	execv("/proc/self/exe", argv);
	log_line("a worker cannot be started from /proc/self/exe: %s",
	    strerror(errno));
	_exit(EXIT_VANTAGE);
}

static bool
fork_worker(struct worker_process *worker, int in_flight)
{
	int sockets[2];
	pid_t parent = getpid(), pid;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK,
	    0, sockets) != 0) {
		log_line("socketpair: %s", strerror(errno));
		return false;
	}
	pid = fork();
	if (pid == 0)
		become_worker(worker->crew->options, parent, sockets[1],
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
	worker->watchdog = (struct watchdog){ 0 };
	memset(worker->unstarted, 0, sizeof worker->unstarted);
	list_init(&worker->batches);
	ev_io_init(&worker->readable, dialogue_readable, worker->socket,
	    EV_READ);
	worker->readable.data = worker;
	ev_io_start(worker->crew->ev, &worker->readable);
	list_init(&worker->rates);
	ev_io_init(&worker->writable, dialogue_writable, worker->socket,
	    EV_WRITE);
	worker->writable.data = worker;
	/* The resolvers of the worker need it from their start. */
	dialogue_tell_opt_out(worker);
	dialogue_tell_zones(worker);
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

static void
tell_death(const struct worker_process *worker, const struct death *death,
    unsigned suspects, const char *next)
{
	double silent = (double)watchdog_silence_ms(&worker->watchdog) / 1000;
	char how[DEATH_TEXT_MAX];

	switch (death->cause) {
	case DEATH_CRASH:
		log_line("a worker crashed (signal %d) with %u %s in flight, "
		    "%s", death->number, suspects, plural(suspects, "name",
		    "names"), next);
		return;
	case DEATH_SPIN:
		log_line("a worker is in an endless loop (no sign of life for "
		    "%g s) with %u %s in flight and is killed, %s",
		    silent, suspects, plural(suspects, "name", "names"), next);
		return;
	case DEATH_MUTE:
		log_line("a worker is stopped or blocked (no sign of life for "
		    "%g s) and is killed, %s", silent, next);
		return;
	case DEATH_NONSENSE:
		log_line("a worker sent an invalid message and is killed, %s",
		    next);
		return;
	default:
		death_text(death, how);
		log_line("a worker ended %s, %s", how, next);
	}
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
	if (worker->socket < 0)
		return;
	dialogue_close(worker);
	close(worker->socket);
	worker->socket = -1;
}

static void
lose_batches(struct worker_process *worker)
{
	struct crew *crew = worker->crew;

	while (!list_is_empty(&worker->batches)) {
		struct batch *batch = list_entry(worker->batches.next,
		    struct batch, link);

		crew_take_back(worker, batch);
		crew->events.lost(crew->events.tag, batch);
	}
}

static void
tell_end(const struct worker_process *worker, const struct death *death,
    unsigned suspects, enum death_verdict verdict, int64_t pause_ms)
{
	char next[64] = "another takes over";

	if (verdict != DEATH_GO_ON)
		snprintf(next, sizeof next, "and the run ends");
	else if (death_accuses(death) && is_examiner(worker))
		snprintf(next, sizeof next, "the name it was asked is left "
		    "alone");
	else if (worker->crew->is_closed)
		snprintf(next, sizeof next, "its work is for the next start");
	else if (pause_ms > 0)
		snprintf(next, sizeof next, "another takes over in %g s",
		    (double)pause_ms / 1000);
	tell_death(worker, death, suspects, next);
}

/* The process is gone. */
static void
replace(struct worker_process *worker, const struct death *death)
{
	struct crew *crew = worker->crew;
	unsigned suspects = death_accuses(death) ? accuse_all(worker) : 0;
	enum death_verdict verdict = death_count(&crew->deaths, death,
	    crew->count, crew_has_other(worker));
	int64_t pause_ms;

	crew->died[death->cause]++;
	/* The examiner has found out what it was started for. */
	if (suspects > 0 && is_examiner(worker))
		worker->deaths = 0;
	pause_ms = death_pause_ms(worker->deaths++);
	worker->rests_until_ms = clock_monotonic_ms() + pause_ms;
	tell_end(worker, death, suspects, verdict, pause_ms);
	lose_batches(worker);
	crew_judge(crew, verdict, death);
	/* Otherwise watch.c starts it. */
	if (worker->number < crew->count && pause_ms == 0 &&
	    !crew->has_failed && !crew->is_closed && !crew->is_recalled &&
	    !worker_process_start(worker))
		crew_fail(crew, EXIT_VANTAGE);
}

void
worker_process_reap(struct worker_process *worker)
{
	bool was_ready = worker->ready;
	struct death death;

	hang_up(worker);
	kill(worker->pid, SIGKILL);
	death = death_of(wait_for(worker), was_ready);
	if (!worker->crew->has_failed)
		replace(worker, &death);
}

void
worker_process_kill(struct worker_process *worker, enum death_cause cause)
{
	const struct death death = {
		.cause = cause, .number = SIGKILL, .was_ready = worker->ready,
	};

	hang_up(worker);
	kill(worker->pid, SIGKILL);
	(void)wait_for(worker);
	if (!worker->crew->has_failed)
		replace(worker, &death);
}

void
worker_process_recall(struct worker_process *worker)
{
	if (worker->pid <= 0)
		return;
	hang_up(worker);
	kill(worker->pid, SIGKILL);
	(void)wait_for(worker);
	worker->deaths = 0;
	worker->rests_until_ms = 0;
	lose_batches(worker);
}

void
worker_process_dismiss(struct worker_process *worker)
{
	const struct message stop = { .type = MESSAGE_STOP };

	if (worker->pid <= 0)
		return;
	if (worker->socket >= 0)
		(void)message_send(worker->socket, &stop, NULL, 0);
	hang_up(worker);
	if (!list_is_empty(&worker->batches))
		kill(worker->pid, SIGKILL);
}

/* Returns false if it has not ended by then. */
static bool
has_ended_by(pid_t pid, int64_t until_ms)
{
	const struct timespec moment = { .tv_nsec = 5000000 };
	siginfo_t ended;

	do {
		ended.si_pid = 0;
		if (waitid(P_PID, (id_t)pid, &ended, WEXITED | WNOHANG |
		    WNOWAIT) != 0 && errno != EINTR)
			return true;
		if (ended.si_pid == pid)
			return true;
		(void)nanosleep(&moment, NULL);
	} while (clock_monotonic_ms() < until_ms);
	return false;
}

void
worker_process_end(struct worker_process *worker, int64_t until_ms)
{
	if (worker->pid > 0) {
		/* A process that is stopped, blocked or spinning would never
		 * end. */
		if (!has_ended_by(worker->pid, until_ms))
			kill(worker->pid, SIGKILL);
		(void)wait_for(worker);
	}
	in_flight_unmap(worker->page);
	worker->page = NULL;
	while (!list_is_empty(&worker->batches)) {
		struct batch *batch = list_entry(worker->batches.next,
		    struct batch, link);

		crew_take_back(worker, batch);
		batch_free(batch);
	}
}

/*
 * watch: checks once a second which workers give no sign of life, and which
 * must be started after a pause.
 */
#include <stdlib.h>
#include <time.h>

#include "scanner/base/clock.h"
#include "scanner/base/log.h"
#include "scanner/coordinator/crew/crew_internal.h"

#define WATCH_SECONDS	1.

/* Processor time since its start; -1: unknown. */
static int64_t
cpu_ms_of(pid_t pid)
{
	struct timespec used;
	clockid_t clock;

	if (clock_getcpuclockid(pid, &clock) != 0 ||
	    clock_gettime(clock, &used) != 0)
		return -1;
	return (int64_t)used.tv_sec * 1000 + used.tv_nsec / 1000000;
}

static void
look(struct worker_process *worker, int64_t now_ms)
{
	switch (watchdog_look(&worker->watchdog, worker->crew->silence_ms,
	    now_ms, cpu_ms_of(worker->pid))) {
	case WATCHDOG_WELL:
		return;
	case WATCHDOG_MUTE:
		worker_process_kill(worker, DEATH_MUTE);
		return;
	case WATCHDOG_SPINS:
		worker_process_kill(worker, DEATH_SPIN);
		return;
	}
}

static void
on_watch(struct ev_loop *ev, ev_timer *watcher, int revents)
{
	struct crew *crew = watcher->data;
	int64_t now_ms = clock_monotonic_ms();

	(void)ev;
	(void)revents;
	for (unsigned i = 0; i < crew->all && !crew->has_failed; i++) {
		struct worker_process *worker = &crew->workers[i];

		if (worker->pid > 0)
			look(worker, now_ms);
		else if (i < crew->count && !crew->is_closed &&
		    !crew->is_recalled &&
		    now_ms >= worker->rests_until_ms &&
		    !worker_process_start(worker))
			crew_fail(crew, EXIT_VANTAGE);
	}
}

void
watch_start(struct crew *crew)
{
	const char *seconds = getenv(CREW_SILENCE);

	crew->silence_ms = seconds != NULL && atoi(seconds) > 0
	    ? (int64_t)1000 * atoi(seconds) : WATCHDOG_LIMIT_MS;
	/* The loop has not looked at the clock since it was made. */
	ev_now_update(crew->ev);
	/* The messages of the workers are read before the workers are
	 * checked. */
	ev_timer_init(&crew->watch, on_watch, WATCH_SECONDS, WATCH_SECONDS);
	ev_set_priority(&crew->watch, EV_MINPRI);
	crew->watch.data = crew;
	ev_timer_start(crew->ev, &crew->watch);
}

void
watch_stop(struct crew *crew)
{
	ev_timer_stop(crew->ev, &crew->watch);
}

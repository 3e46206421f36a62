#include "scanner/coordinator/stopping.h"

#include <signal.h>

#include "scanner/base/clock.h"
#include "scanner/base/log.h"

static void
on_grace_over(struct ev_loop *ev, ev_timer *watcher, int revents)
{
	struct stopping *stopping = watcher->data;

	(void)ev;
	(void)revents;
	stopping->events.over(stopping->events.tag);
}

/* Items in flight finish, and what is written is committed. The same command
 * continues with the rest. */
static void
stop(struct stopping *stopping, const char *why)
{
	double seconds = (double)stopping->options->grace_ms / 1000;

	if (stopping->is_active)
		return;
	stopping->is_active = true;
	stopping->events.begun(stopping->events.tag);
	log_info("%s: what is in flight has %g s to finish; Ctrl-C stops at "
	    "once", why, seconds);
	ev_timer_set(&stopping->grace, seconds, 0);
	ev_timer_start(stopping->ev, &stopping->grace);
}

/* The first signal drains, the next one stops at once. */
static void
on_signal(struct ev_loop *ev, ev_signal *watcher, int revents)
{
	struct stopping *stopping = watcher->data;

	(void)ev;
	(void)revents;
	if (stopping->is_active)
		stopping->events.over(stopping->events.tag);
	else
		stop(stopping, "stopping");
}

static void
on_time_over(struct ev_loop *ev, ev_timer *watcher, int revents)
{
	(void)ev;
	(void)revents;
	stop(watcher->data, "the time of --max-runtime is over");
}

static void
on_hangup(struct ev_loop *ev, ev_signal *watcher, int revents)
{
	struct stopping *stopping = watcher->data;

	(void)ev;
	(void)revents;
	stopping->events.hangup(stopping->events.tag);
}

/* Counted from the start of the process: reading the inputs takes time too. */
static void
start_time_limit(struct stopping *stopping, int64_t started_ms)
{
	int64_t left = started_ms - clock_ms() +
	    (int64_t)stopping->options->max_runtime_ms;

	/* The loop has not looked at the clock since it was made. */
	ev_now_update(stopping->ev);
	ev_timer_init(&stopping->time_over, on_time_over, left > 0
	    ? (double)left / 1000 : 0.01, 0);
	stopping->time_over.data = stopping;
	if (stopping->options->max_runtime_ms > 0)
		ev_timer_start(stopping->ev, &stopping->time_over);
}

void
stopping_watch(struct stopping *stopping, int64_t started_ms)
{
	ev_init(&stopping->grace, on_grace_over);
	ev_signal_init(&stopping->interrupt, on_signal, SIGINT);
	ev_signal_init(&stopping->terminate, on_signal, SIGTERM);
	ev_signal_init(&stopping->hangup, on_hangup, SIGHUP);
	stopping->grace.data = stopping->interrupt.data =
	    stopping->terminate.data = stopping->hangup.data = stopping;
	ev_signal_start(stopping->ev, &stopping->interrupt);
	ev_signal_start(stopping->ev, &stopping->terminate);
	ev_signal_start(stopping->ev, &stopping->hangup);
	start_time_limit(stopping, started_ms);
}

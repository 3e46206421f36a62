/*
 * stopping: ends a run before it is complete, on SIGINT, on SIGTERM, and after
 * the time of --max-runtime. After the first of these, items in flight can
 * still finish within --grace. A further signal ends the run at once. SIGHUP is
 * passed on, too.
 *
 * The coordinator owns it. The callbacks run from the loop.
 */
#ifndef MXCENSUS_COORDINATOR_STOPPING_H
#define MXCENSUS_COORDINATOR_STOPPING_H

#include <ev.h>

#include "scanner/options/options.h"

struct stopping_events {
	void	*tag;
	/* Nothing more may begin. A message follows. */
	void	(*begun)(void *tag);
	/* The run ends now. */
	void	(*over)(void *tag);
	/* SIGHUP: the opt-out file may have changed. */
	void	(*hangup)(void *tag);
};

/* Zeroed but for what the owner sets. */
struct stopping {
	/* The owner sets these. */
	const struct options *options;
	struct ev_loop	*ev;
	struct stopping_events events;
	/* The owner reads it. */
	bool		 is_active;
	/* Private. */
	ev_timer	 grace, time_over;
	ev_signal	 interrupt, terminate, hangup;
};

/* The time of --max-runtime began at `started_ms` (clock_ms()). */
void	stopping_watch(struct stopping *, int64_t started_ms);

#endif

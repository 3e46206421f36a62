/*
 * monitor: what watches a run from outside: the file of --metrics-file, and
 * systemd. The coordinator owns it, and fills `metrics` before monitor_tell.
 */
#ifndef MXCENSUS_COORDINATOR_MONITORING_MONITOR_H
#define MXCENSUS_COORDINATOR_MONITORING_MONITOR_H

#include <ev.h>
#include <stdbool.h>

#include "scanner/coordinator/monitoring/metrics_file.h"
#include "scanner/coordinator/monitoring/service_manager.h"
#include "scanner/options/options.h"

struct monitor {
	struct metrics	 metrics;	/* as it was told last */
	/* Private. */
	const struct options *options;
	struct metrics_file file;
	struct service_manager manager;
	struct ev_loop	*ev;
	ev_timer	 feed;		/* of the watchdog */
	unsigned	 ticks;
};

/* False after a line: then it must be closed, too. */
bool	monitor_open(struct monitor *, const struct options *,
	    int64_t started_ms);
/* The inputs are read now; nothing else is known yet. */
void	monitor_begin(struct monitor *);
/* The loop begins. */
void	monitor_watch(struct monitor *, struct ev_loop *);
/* The coordinator calls it once a second. Is it time to tell? */
bool	monitor_tick(struct monitor *);
/* The run measures. */
void	monitor_ready(struct monitor *);
/* Tells `metrics`, with the time of now. */
void	monitor_tell(struct monitor *);
void	monitor_reloading(struct monitor *);
void	monitor_reloaded(struct monitor *);
void	monitor_stopping(struct monitor *);
/* The loop is left. */
void	monitor_leave(struct monitor *);
/* The same facts with these figures: of the seal, and of the end. */
void	monitor_figures(struct monitor *, const struct figures *);
/* The process ends; `is_complete` says that nothing went wrong. */
void	monitor_close(struct monitor *, bool is_complete);

#endif

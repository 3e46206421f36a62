#include "scanner/coordinator/monitoring/monitor.h"

#include <string.h>

#include "scanner/base/clock.h"
#include "scanner/version.h"

#define TELL_SECONDS	5
#define STATUS_COLUMNS	200

static void
set_versions(struct metrics *metrics)
{
	struct version version;

	for (size_t i = 0; version_of(i, &version); i++) {
		if (strcmp(version.name, "mxcensus") == 0)
			metrics->version = version.text;
		else if (strcmp(version.name, "commit") == 0)
			metrics->commit = version.text;
	}
}

bool
monitor_open(struct monitor *monitor, const struct options *options,
    int64_t started_ms)
{
	*monitor = (struct monitor){
		.options = options,
		.metrics = { .run = options->run != NULL ? options->run : "",
		    .started_ms = started_ms },
	};
	set_versions(&monitor->metrics);
	service_manager_open(&monitor->manager);
	return metrics_file_open(&monitor->file, options->metrics_file);
}

static void
write_file(struct monitor *monitor)
{
	monitor->metrics.at_ms = clock_wall_ms();
	metrics_file_write(&monitor->file, &monitor->metrics);
}

void
monitor_begin(struct monitor *monitor)
{
	monitor->metrics.phase = METRICS_PLANNING;
	write_file(monitor);
}

static void
on_feed(struct ev_loop *ev, ev_timer *watcher, int revents)
{
	struct monitor *monitor = watcher->data;

	(void)ev;
	(void)revents;
	service_manager_feed(&monitor->manager);
}

/* Twice in the time that systemd waits for, as sd_watchdog_enabled(3) says. */
void
monitor_watch(struct monitor *monitor, struct ev_loop *ev)
{
	double seconds = (double)monitor->manager.watchdog_ms / 2000;

	monitor->ev = ev;
	ev_timer_init(&monitor->feed, on_feed, seconds, seconds);
	monitor->feed.data = monitor;
	if (seconds > 0)
		ev_timer_start(ev, &monitor->feed);
}

bool
monitor_tick(struct monitor *monitor)
{
	return monitor->ticks++ % TELL_SECONDS == 0;
}

void
monitor_ready(struct monitor *monitor)
{
	service_manager_ready(&monitor->manager);
}

void
monitor_tell(struct monitor *monitor)
{
	char line[FIGURES_LINE_MAX];

	figures_line(&monitor->metrics.figures, STATUS_COLUMNS, line);
	service_manager_tell(&monitor->manager, line);
	monitor->metrics.phase = METRICS_PLANNED;
	write_file(monitor);
}

void
monitor_reloading(struct monitor *monitor)
{
	service_manager_reloading(&monitor->manager);
}

void
monitor_reloaded(struct monitor *monitor)
{
	service_manager_reloaded(&monitor->manager);
}

void
monitor_stopping(struct monitor *monitor)
{
	service_manager_stopping(&monitor->manager,
	    monitor->options->grace_ms);
}

void
monitor_leave(struct monitor *monitor)
{
	if (ev_is_active(&monitor->feed))
		ev_timer_stop(monitor->ev, &monitor->feed);
	service_manager_leave_loop(&monitor->manager);
}

void
monitor_figures(struct monitor *monitor, const struct figures *figures)
{
	monitor->metrics.figures = *figures;
	monitor->metrics.ready_workers = 0;
	monitor_tell(monitor);
}

/* systemd takes a service for failed that ends without having been ready. */
void
monitor_close(struct monitor *monitor, bool is_complete)
{
	if (monitor->metrics.phase == METRICS_PLANNING) {
		monitor->metrics.phase = METRICS_ENDED;
		write_file(monitor);
	}
	if (is_complete)
		service_manager_ready(&monitor->manager);
	service_manager_stopping(&monitor->manager, 0);
	service_manager_close(&monitor->manager);
	metrics_file_close(&monitor->file);
}

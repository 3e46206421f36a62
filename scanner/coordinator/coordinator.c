#include "scanner/coordinator/coordinator.h"

#include <ev.h>
#include <signal.h>

#include "scanner/base/clock.h"
#include "scanner/base/log.h"
#include "scanner/base/plural.h"
#include "scanner/coordinator/account.h"
#include "scanner/coordinator/clock_watch.h"
#include "scanner/coordinator/full_disk.h"
#include "scanner/coordinator/kernel_limits.h"
#include "scanner/coordinator/limits.h"
#include "scanner/coordinator/monitoring/monitor.h"
#include "scanner/coordinator/opening.h"
#include "scanner/coordinator/resume.h"
#include "scanner/coordinator/seal.h"
#include "scanner/coordinator/stage.h"
#include "scanner/coordinator/stopping.h"
#include "scanner/coordinator/wait_line.h"
#include "scanner/coordinator/work/holding.h"
#include "scanner/coordinator/work/name_servers.h"
#include "scanner/coordinator/work/work.h"
#include "scanner/plan/interrupt.h"
#include "scanner/run/progress.h"
#include "scanner/run/vantage.h"

struct coordinator {
	const struct options *options;
	struct ev_loop	*ev;
	struct run	 run;
	struct plan	 plan;
	struct work	*work;
	struct crew	*crew;
	struct progress	*progress;
	struct monitor	 monitor;
	struct figures	 last;		/* when the loop was left */
	int64_t		 started_ms;
	struct limits	 limits;
	struct full_disk disk;
	struct clock_watch clock;
	struct stopping	 stopping;
	struct account	 account;
	struct wait_line wait_line;
	int		 exit_status;	/* -1: it continues */
	ev_timer	 tick;
	ev_timer	 wake;		/* pacing, second passes */
	ev_timer	 kick;		/* something has changed */
};

/* The end ****************************************************************** */

/* The loop is left. */
static void
end(struct coordinator *coordinator, int status)
{
	if (coordinator->exit_status < 0)
		coordinator->exit_status = status;
	ev_break(coordinator->ev, EVBREAK_ALL);
}

static void
on_failed(void *tag, int status)
{
	end(tag, status);
}

static void
on_changed(void *tag)
{
	struct coordinator *coordinator = tag;

	if (!ev_is_active(&coordinator->kick))
		ev_timer_start(coordinator->ev, &coordinator->kick);
}

static void
on_down(void *tag, bool ends_workers)
{
	struct coordinator *coordinator = tag;

	if (ends_workers)
		crew_recall(coordinator->crew);
	on_changed(coordinator);
}

static void
on_up(void *tag)
{
	struct coordinator *coordinator = tag;

	crew_return(coordinator->crew);
	on_changed(coordinator);
}

static void
on_room_made(void *tag)
{
	struct coordinator *coordinator = tag;

	work_release(coordinator->work);
}

static void
on_no_room(void *tag)
{
	end(tag, EXIT_OUTPUT);
}

/* Nothing is handed out while the run waits for room. The workers finish what
 * they have; items whose rows cannot be written are queued again. */
static void
on_full(void *tag, const char *what, int error)
{
	struct coordinator *coordinator = tag;

	if (coordinator->exit_status >= 0 || coordinator->stopping.is_active)
		return;
	if (!full_disk_wait(&coordinator->disk, what, error))
		end(coordinator, EXIT_OUTPUT);
}

static void
on_committed(void *tag)
{
	struct coordinator *coordinator = tag;

	pause_settle(&coordinator->disk.pause);
}

static bool
clock_is_sound(void *tag)
{
	struct coordinator *coordinator = tag;

	if (clock_watch_look(&coordinator->clock))
		on_changed(coordinator);
	return !coordinator->clock.was_set;
}

/* The start check of the new workers says whether the clock is good. */
static void
check_clock(struct coordinator *coordinator)
{
	if (clock_is_sound(coordinator))
		return;
	clock_watch_tell(&coordinator->clock);
	crew_renew(coordinator->crew);
}

static struct figures
figures_now(const struct coordinator *coordinator)
{
	return account_figures(&coordinator->account, coordinator->exit_status,
	    coordinator->stopping.is_active);
}

static void
tell_monitor(struct coordinator *coordinator, const struct figures *figures)
{
	account_metrics(&coordinator->account, figures,
	    &coordinator->monitor.metrics);
	monitor_tell(&coordinator->monitor);
}

/* The loop ***************************************************************** */

/* When there is something to do even if no event comes. */
static void
set_wake(struct coordinator *coordinator)
{
	int64_t now = clock_ms();
	int64_t wake = work_wake_ms(coordinator->work, now);

	/* The tick comes every second anyway. */
	if (wake > now + 1000)
		return;
	ev_timer_stop(coordinator->ev, &coordinator->wake);
	ev_timer_set(&coordinator->wake, wake > now
	    ? (double)(wake - now) / 1000 : 0.01, 0);
	ev_timer_start(coordinator->ev, &coordinator->wake);
}

static void
look_for_work(struct coordinator *coordinator)
{
	if (coordinator->exit_status >= 0)
		return;
	check_clock(coordinator);
	if (coordinator->exit_status >= 0)
		return;
	/* While it stops, the workers take nothing more. */
	work_look(coordinator->work);
	if (!coordinator->stopping.is_active)
		wait_line_tell(&coordinator->wait_line,
		    work_waits_until_ms(coordinator->work));
	/* What is held is not waited for in small steps. */
	if (!coordinator->work->is_held)
		set_wake(coordinator);
	if (work_is_done(coordinator->work))
		end(coordinator, EXIT_COMPLETE);
	else if (coordinator->stopping.is_active &&
	    crew_batches(coordinator->crew) == 0 &&
	    holding_count(coordinator->work) == 0)
		end(coordinator, EXIT_STOPPED);
}

static void
on_kick(struct ev_loop *ev, ev_timer *watcher, int revents)
{
	(void)ev;
	(void)revents;
	look_for_work(watcher->data);
}

static void
on_tick(struct ev_loop *ev, ev_timer *watcher, int revents)
{
	struct coordinator *coordinator = watcher->data;
	struct figures figures = figures_now(coordinator);

	(void)ev;
	(void)revents;
	progress_tick(coordinator->progress, &figures);
	if (crew_ready_workers(coordinator->crew) > 0)
		monitor_ready(&coordinator->monitor);
	if (monitor_tick(&coordinator->monitor))
		tell_monitor(coordinator, &figures);
	account_warn(&coordinator->account);
	pause_tick(&coordinator->disk.pause, clock_monotonic_ms());
	look_for_work(coordinator);
}

/* Stopping ***************************************************************** */

static void
on_stop(void *tag)
{
	struct coordinator *coordinator = tag;

	pause_cancel(&coordinator->disk.pause, clock_monotonic_ms());
	crew_close(coordinator->crew);
	monitor_stopping(&coordinator->monitor);
	on_changed(coordinator);
}

static void
on_stop_over(void *tag)
{
	end(tag, EXIT_STOPPED);
}

static void
use_opt_out(struct coordinator *coordinator)
{
	const struct run *run = &coordinator->run;

	work_tell_opt_out(coordinator->work);
	(void)account_write(&coordinator->account);
	log_info("%s is read again: %zu %s", coordinator->options->opt_out,
	    run->opt_out.entries.count,
	    plural(run->opt_out.entries.count, "entry", "entries"));
}

static void
on_hangup(void *tag)
{
	struct coordinator *coordinator = tag;

	monitor_reloading(&coordinator->monitor);
	if (opening_read_opt_out(&coordinator->run,
	    coordinator->options))
		use_opt_out(coordinator);
	monitor_reloaded(&coordinator->monitor);
}

static void
start_watchers(struct coordinator *coordinator)
{
	ev_timer_init(&coordinator->tick, on_tick, 1, 1);
	ev_timer_init(&coordinator->wake, on_kick, 0, 0);
	ev_timer_init(&coordinator->kick, on_kick, 0, 0);
	coordinator->tick.data = coordinator->wake.data =
	    coordinator->kick.data = coordinator;
	ev_timer_start(coordinator->ev, &coordinator->tick);
	coordinator->stopping.ev = coordinator->ev;
	stopping_watch(&coordinator->stopping, coordinator->started_ms);
	clock_watch_init(&coordinator->clock);
}

/* Measuring **************************************************************** */

/* Only a scan needs this much. */
static void
look_at_kernel(const struct coordinator *coordinator, bool is_direct)
{
	const struct options *options = coordinator->options;
	const struct kernel_demand demand = {
		.workers = options->workers, .window = options->window,
		.names = coordinator->plan.counts.domains,
		.with_records = options->mta_sts == CHOICE_YES,
		.is_direct = is_direct,
	};

	if ((options->command->options & COMMAND_SCAN) != 0)
		kernel_limits_warn(&demand);
}

static void
make_crew(struct coordinator *coordinator)
{
	struct crew_share share[JOB_KINDS];
	const struct crew_events events = work_crew_events(coordinator->work);
	struct buffer zones = { 0 };
	bool asks_parents = plan_asks_parents(&coordinator->plan,
	    coordinator->options);

	work_share_out(coordinator->limits.files, share);
	coordinator->crew = crew_new(coordinator->options, coordinator->ev,
	    &events, share, limits_batches_a_worker(&coordinator->limits,
	    coordinator->options), coordinator->plan.told_no_sandbox);
	coordinator->work->crew = coordinator->crew;
	plan_direct_zones(&coordinator->plan, coordinator->options,
	    clock_wall_ms() / 1000, &zones);
	crew_set_zones(coordinator->crew, &zones, asks_parents);
	look_at_kernel(coordinator, zones.length > 0 || asks_parents);
	buffer_fini(&zones);
	work_use_network(coordinator->work, coordinator->ev);
	work_tell_opt_out(coordinator->work);
}

/* Takes up what is committed, and queues the rest. */
static bool
make_work(struct coordinator *coordinator)
{
	const struct work_events events = {
		coordinator, on_changed, on_committed, clock_is_sound, on_full,
		on_failed, on_down, on_up,
	};

	if (!run_open_starts(&coordinator->run))
		return false;
	coordinator->work = work_new(coordinator->options, &coordinator->run,
	    &coordinator->plan, coordinator->limits.sessions, &events);
	coordinator->account.work = coordinator->work;
	account_take_up(&coordinator->account);
	name_servers_take_up(coordinator->work->name_servers, json_object_get(
	    coordinator->run.file.root, "name_servers"));
	return account_write(&coordinator->account) &&
	    resume_run(coordinator->work) &&
	    (!coordinator->options->are_hosts ||
	    work_take_hosts(coordinator->work));
}

static void
on_seal_step(void *tag, unsigned done)
{
	struct coordinator *coordinator = tag;

	coordinator->last.at_ms = clock_ms();
	coordinator->last.seal_steps = done;
	progress_step(coordinator->progress, &coordinator->last);
	monitor_figures(&coordinator->monitor, &coordinator->last);
}

static void
end_progress(struct coordinator *coordinator, enum figures_phase phase)
{
	coordinator->last.at_ms = clock_ms();
	coordinator->last.phase = phase;
	progress_end(coordinator->progress, &coordinator->last);
	coordinator->progress = NULL;
	monitor_figures(&coordinator->monitor, &coordinator->last);
}

static bool
seal(struct coordinator *coordinator)
{
	const struct seal_events events = { coordinator, on_seal_step };
	bool good;

	account_describe(&coordinator->account);
	good = seal_run(&coordinator->run, (int)coordinator->options->level,
	    &events);
	if (good)
		coordinator->last.seal_steps = FIGURES_SEAL_STEPS;
	end_progress(coordinator, good ? FIGURES_COMPLETE : FIGURES_STOPPED);
	return good;
}

/* Runs until nothing is left, or something ends it. */
static bool
run_loop(struct coordinator *coordinator)
{
	struct figures figures = figures_now(coordinator);
	bool good = true;

	coordinator->progress = progress_new(coordinator->options,
	    &coordinator->run.folder, &figures);
	start_watchers(coordinator);
	monitor_watch(&coordinator->monitor, coordinator->ev);
	tell_monitor(coordinator, &figures);
	if (interrupt_has_come())
		coordinator->exit_status = EXIT_STOPPED;
	else if (work_is_done(coordinator->work))
		coordinator->exit_status = EXIT_COMPLETE;
	else if ((good = crew_start(coordinator->crew)))
		ev_run(coordinator->ev, 0);
	coordinator->last = figures_now(coordinator);
	monitor_leave(&coordinator->monitor);
	/* What the crew knows goes with it. */
	account_metrics(&coordinator->account, &coordinator->last,
	    &coordinator->monitor.metrics);
	if (coordinator->exit_status != EXIT_COMPLETE)
		end_progress(coordinator, coordinator->last.phase);
	account_warn(&coordinator->account);
	return good;
}

/* The stages that measure follow. */
static int
end_plan(struct coordinator *coordinator)
{
	return !account_write(&coordinator->account) ? EXIT_OUTPUT
	    : coordinator->plan.input_is_whole ? EXIT_COMPLETE : EXIT_INPUT;
}

static int
end_shard(struct coordinator *coordinator)
{
	bool good;

	account_describe(&coordinator->account);
	good = stage_complete(&coordinator->run, coordinator->options);
	end_progress(coordinator, good ? FIGURES_COMPLETE : FIGURES_STOPPED);
	return good ? EXIT_COMPLETE : EXIT_OUTPUT;
}

static int
measure(struct coordinator *coordinator)
{
	enum plan_result planned;

	interrupt_watch();
	monitor_begin(&coordinator->monitor);
	planned = stage_plan(&coordinator->plan, &coordinator->run,
	    coordinator->options);
	/* A run that could not begin leaves nothing behind. */
	if (planned == PLAN_BAD_INPUT)
		folder_abandon(&coordinator->run.folder);
	if (planned != PLAN_OK)
		return plan_exit_status(planned);
	if (coordinator->options->stage == STAGE_PLAN)
		return end_plan(coordinator);
	if (!make_work(coordinator))
		return coordinator->run.is_broken ? EXIT_INPUT : EXIT_OUTPUT;
	make_crew(coordinator);
	if (!run_loop(coordinator))
		return EXIT_VANTAGE;
	coordinator->work->crew = NULL;
	crew_free(coordinator->crew);
	coordinator->crew = NULL;
	if (coordinator->exit_status != EXIT_COMPLETE) {
		(void)account_write(&coordinator->account);
		return coordinator->exit_status;
	}
	if (options_have_shard(coordinator->options))
		return end_shard(coordinator);
	if (!seal(coordinator))
		return EXIT_OUTPUT;
	return coordinator->plan.input_is_whole ? EXIT_COMPLETE : EXIT_INPUT;
}

static void
close_all(struct coordinator *coordinator, int status)
{
	monitor_close(&coordinator->monitor, status == EXIT_COMPLETE);
	crew_free(coordinator->crew);
	work_free(coordinator->work);
	plan_fini(&coordinator->plan);
	run_close(&coordinator->run);
	ev_loop_destroy(coordinator->ev);
}

int
coordinator_run(const struct options *options)
{
	struct coordinator coordinator = {
		.options = options, .exit_status = -1,
		.run = { .folder = { .descriptor = -1, .lock = -1,
		    .had_run = true } },
		.plan = { .names = -1 }, .started_ms = clock_ms(),
		.stopping = { .options = options, .events = { &coordinator,
		    on_stop, on_stop_over, on_hangup } },
		.account = { .run = &coordinator.run,
		    .plan = &coordinator.plan,
		    .for_room = &coordinator.disk.pause },
	};
	const struct full_disk_events disk_events = {
		&coordinator, on_room_made, on_no_room,
	};
	int status;

	full_disk_init(&coordinator.disk, options, &coordinator.run.folder,
	    &disk_events);
	signal(SIGPIPE, SIG_IGN);
	if (options->only_allowed_networks)
		log_info("only the networks of --allow-network are contacted: "
		    "for others, say who you are (--ehlo and --contact)");
	if (!vantage_has_source(options) ||
	    !limits_raise(options, &coordinator.limits))
		return EXIT_VANTAGE;
	coordinator.ev = ev_loop_new(EVFLAG_NOENV | EVBACKEND_EPOLL);
	if (coordinator.ev == NULL) {
		log_line("libev: no epoll here");
		return EXIT_BUG;
	}
	status = monitor_open(&coordinator.monitor, options,
	    coordinator.started_ms) ? opening_run(&coordinator.run, options,
	    coordinator.started_ms) : EXIT_OUTPUT;
	if (status != EXIT_COMPLETE)
		folder_abandon(&coordinator.run.folder);
	if (status == EXIT_COMPLETE && coordinator.run.file.state != RUN_SEALED)
		status = measure(&coordinator);
	close_all(&coordinator, status);
	return status;
}

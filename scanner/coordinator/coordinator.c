#include "scanner/coordinator/coordinator.h"

#include <ev.h>
#include <inttypes.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

#include "scanner/base/clock.h"
#include "scanner/base/log.h"
#include "scanner/coordinator/pause.h"
#include "scanner/coordinator/resume.h"
#include "scanner/coordinator/seal.h"
#include "scanner/coordinator/wall_clock.h"
#include "scanner/coordinator/work/domains.h"
#include "scanner/coordinator/work/holding.h"
#include "scanner/coordinator/work/name_servers.h"
#include "scanner/coordinator/work/work.h"
#include "scanner/plan/interrupt.h"
#include "scanner/run/policy_list_file.h"
#include "scanner/run/progress.h"
#include "scanner/run/room.h"
#include "scanner/run/vantage.h"

#define BATCHES_LEAST	4
#define BATCHES_MOST	64
#define FILES_LEAST	512	/* the plan alone has 256 open */
#define WAIT_LEAST_MS	5000	/* that is worth a line */

struct coordinator {
	const struct options *options;
	struct ev_loop	*ev;
	struct run	 run;
	struct plan	 plan;
	struct work	*work;
	struct crew	*crew;
	struct progress	*progress;
	int64_t		 started_ms;
	uint64_t	 files;		/* that may be open */
	uint64_t	 sessions;	/* --probes, as open files allow */
	struct pause	 for_room;	/* the disk is full */
	int64_t		 paused_before_ms;	/* by earlier processes */
	struct wall_clock clock;
	int64_t		 clock_step_ms;	/* it was set by so much */
	bool		 clock_was_set;	/* and the workers do not know */
	bool		 stopping;
	int64_t		 told_wait_ms;	/* until when, as the last line says */
	int		 exit_status;	/* -1: it goes on */
	ev_timer	 tick, grace;
	ev_timer	 time_over;	/* --max-runtime */
	ev_timer	 wake;		/* pacing, second passes */
	ev_timer	 kick;		/* something has changed */
	ev_signal	 interrupt, terminate, hangup;
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

/* A full disk ************************************************************** */

static int64_t
paused_ms(const struct coordinator *coordinator)
{
	return coordinator->paused_before_ms + pause_total_ms(
	    &coordinator->for_room, clock_monotonic_ms());
}

static bool
look_for_room(void *tag)
{
	struct coordinator *coordinator = tag;

	return room_is_there(&coordinator->run.folder, ROOM_BYTES);
}

static void
on_room_made(void *tag, int64_t paused_ms)
{
	struct coordinator *coordinator = tag;

	log_line("%s: there is room again, after %g s: the run goes on",
	    coordinator->run.folder.path, (double)paused_ms / 1000);
	work_release(coordinator->work);
}

static void
tell_no_room(const struct coordinator *coordinator, const char *why)
{
	log_line("%s: %s, and no room was made within %g s (--grace-disk): "
	    "with room, the same command goes on",
	    coordinator->run.folder.path, why,
	    (double)coordinator->options->grace_disk_ms / 1000);
}

static void
on_no_room(void *tag)
{
	struct coordinator *coordinator = tag;

	tell_no_room(coordinator, coordinator->for_room.reason);
	end(coordinator, EXIT_OUTPUT);
}

/* Nothing is handed out while the run waits for room. What is at the workers ends;
 * what they cannot write goes back in line. */
static void
on_full(void *tag, const char *what, int error)
{
	struct coordinator *coordinator = tag;
	char why[PAUSE_REASON_MAX];

	if (coordinator->exit_status >= 0 || coordinator->stopping ||
	    coordinator->for_room.is_active)
		return;
	snprintf(why, sizeof why, "%s: %s", what, strerror(error));
	if (pause_begin(&coordinator->for_room, why,
	    (int64_t)coordinator->options->grace_disk_ms,
	    clock_monotonic_ms())) {
		log_line("%s: %s: the run waits until there is room, for at "
		    "most %g s (--grace-disk)", coordinator->run.folder.path,
		    why, (double)(coordinator->for_room.grace_ms -
		    coordinator->for_room.used_ms) / 1000);
		return;
	}
	tell_no_room(coordinator, why);
	end(coordinator, EXIT_OUTPUT);
}

static void
on_committed(void *tag)
{
	struct coordinator *coordinator = tag;

	pause_settle(&coordinator->for_room);
}

/* A clock that is set ****************************************************** */

/* What was validated since the last look may be wrong. */
static bool
clock_is_sound(void *tag)
{
	struct coordinator *coordinator = tag;
	int64_t step_ms = wall_clock_look(&coordinator->clock,
	    clock_wall_ms(), clock_boot_ms());

	if (step_ms != 0) {
		coordinator->clock_was_set = true;
		coordinator->clock_step_ms = step_ms;
		on_changed(coordinator);
	}
	return !coordinator->clock_was_set;
}

/* The start check of the new workers says whether the clock is good. */
static void
check_clock(struct coordinator *coordinator)
{
	double seconds;

	if (clock_is_sound(coordinator))
		return;
	seconds = (double)coordinator->clock_step_ms / 1000;
	coordinator->clock_was_set = false;
	log_line("the clock of this machine was set %s by %.0f s: other workers "
	    "take over, and check it first", seconds < 0 ? "back" : "forward",
	    fabs(seconds));
	crew_renew(coordinator->crew);
}

/* run.json ***************************************************************** */

static void
describe(struct coordinator *coordinator)
{
	struct run *run = &coordinator->run;

	run_json_set(&run->file, "inputs", plan_to_json(&coordinator->plan,
	    run->opted_out));
	run_json_set(&run->file, "counts", tally_to_json(&run->tally));
	run_json_set(&run->file, "lanes", lane_tally_to_json(&run->lanes));
	run_json_set(&run->file, "paused_ms", json_integer(
	    (json_int_t)paused_ms(coordinator)));
	if (coordinator->work != NULL)
		run_json_set(&run->file, "name_servers", name_servers_to_json(
		    coordinator->work->name_servers));
}

static bool
write_run_file(struct coordinator *coordinator)
{
	describe(coordinator);
	return run_file_write(&coordinator->run.file,
	    &coordinator->run.folder);
}

/* Progress ***************************************************************** */

static uint64_t
failed_lookups(const struct coordinator *coordinator)
{
	static const enum mx_status failures[] = {
		MX_SERVFAIL, MX_TIMEOUT, MX_BOGUS, MX_RESOLVER_CRASHED,
	};
	const struct tally *tally = &coordinator->run.tally;
	uint64_t count = domains_failed(coordinator->work) +
	    crew_second_items(coordinator->crew, JOB_DOMAINS);

	for (size_t i = 0; i < sizeof failures / sizeof failures[0]; i++)
		for (int j = 0; j < DNSSEC_COUNT; j++)
			count += tally->mx_status[failures[i]][j];
	return count;
}

static enum figures_phase
phase_of(const struct coordinator *coordinator)
{
	if (coordinator->exit_status == EXIT_COMPLETE)
		return FIGURES_COMPLETE;
	if (coordinator->exit_status >= 0)
		return FIGURES_STOPPED;
	if (coordinator->stopping)
		return FIGURES_STOPPING;
	return coordinator->for_room.is_active ? FIGURES_PAUSED
	    : FIGURES_MEASURING;
}

static struct figures
figures_now(const struct coordinator *coordinator)
{
	const struct tally *tally = &coordinator->run.tally;
	const struct work *work = coordinator->work;
	struct figures figures = {
		.at_ms = clock_ms(),
		.phase = phase_of(coordinator),
		.domains = tally->domains,
		.domains_total = coordinator->plan.counts.domains -
		    coordinator->run.opted_out,
		.hosts = tally->hosts,
		.hosts_total = map_count(work->registry.hosts),
		.probes = tally->probes,
		.probes_waiting = pace_waiting(work->pace),
		.sessions = pace_in_flight(work->pace),
		.questions = crew_questions(coordinator->crew),
		.errors = failed_lookups(coordinator),
		.undetermined = tally->tls_class[TLS_CLASS_UNDETERMINED],
		.paused_ms = (uint64_t)paused_ms(coordinator),
	};

	if (coordinator->exit_status >= 0) {
		/* Nobody goes on with them now. */
		figures.probes_waiting += figures.sessions;
		figures.sessions = figures.questions = 0;
	}
	return figures;
}

/* The loop ***************************************************************** */

/* When there is something to do without anybody telling. */
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

/* A run that only waits looks as if it hung. What is due a little later than the line
 * says gets no line of its own. */
static void
tell_wait(struct coordinator *coordinator)
{
	int64_t until = work_waits_until_ms(coordinator->work);
	char text[CLOCK_TEXT_MAX];

	if (until < clock_ms() + WAIT_LEAST_MS ||
	    until < coordinator->told_wait_ms + WAIT_LEAST_MS)
		return;
	coordinator->told_wait_ms = until;
	clock_text(until, text);
	log_line("nothing is left but what has to wait (--retry-after, --pause): "
	    "the run goes on at %s", text);
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
	if (!coordinator->stopping)
		tell_wait(coordinator);
	/* What is held is not waited for in small steps. */
	if (!coordinator->work->is_held)
		set_wake(coordinator);
	if (work_is_done(coordinator->work))
		end(coordinator, EXIT_COMPLETE);
	else if (coordinator->stopping &&
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
	pause_tick(&coordinator->for_room, clock_monotonic_ms());
	look_for_work(coordinator);
}

/* Stopping ***************************************************************** */

static void
on_grace_over(struct ev_loop *ev, ev_timer *watcher, int revents)
{
	(void)ev;
	(void)revents;
	end(watcher->data, EXIT_STOPPED);
}

/* What is in flight is drained, what is written committed; the same command goes
 * on with the rest. */
static void
stop(struct coordinator *coordinator, const char *why)
{
	if (coordinator->stopping)
		return;
	coordinator->stopping = true;
	pause_cancel(&coordinator->for_room, clock_monotonic_ms());
	crew_close(coordinator->crew);
	log_line("%s: what is in flight has %g s to end; Ctrl-C to stop at "
	    "once", why, (double)coordinator->options->grace_ms / 1000);
	ev_timer_set(&coordinator->grace,
	    (double)coordinator->options->grace_ms / 1000, 0);
	ev_timer_start(coordinator->ev, &coordinator->grace);
	on_changed(coordinator);
}

/* The first signal drains, the next one stops at once. */
static void
on_signal(struct ev_loop *ev, ev_signal *watcher, int revents)
{
	struct coordinator *coordinator = watcher->data;

	(void)ev;
	(void)revents;
	if (coordinator->stopping)
		end(coordinator, EXIT_STOPPED);
	else
		stop(coordinator, "stopping");
}

static void
on_time_over(struct ev_loop *ev, ev_timer *watcher, int revents)
{
	(void)ev;
	(void)revents;
	stop(watcher->data, "the time of --max-runtime is over");
}

/* Counted from the start of the process: reading the inputs takes time too. */
static void
start_time_limit(struct coordinator *coordinator)
{
	int64_t left = coordinator->started_ms - clock_ms() +
	    (int64_t)coordinator->options->max_runtime_ms;

	/* The loop has not looked at the clock since it was made. */
	ev_now_update(coordinator->ev);
	ev_timer_init(&coordinator->time_over, on_time_over, left > 0
	    ? (double)left / 1000 : 0.01, 0);
	coordinator->time_over.data = coordinator;
	if (coordinator->options->max_runtime_ms > 0)
		ev_timer_start(coordinator->ev, &coordinator->time_over);
}

/* SIGHUP: the opt-out file is read again; what is committed stays. */
static void
on_hangup(struct ev_loop *ev, ev_signal *watcher, int revents)
{
	struct coordinator *coordinator = watcher->data;

	(void)ev;
	(void)revents;
	if (coordinator->options->opt_out == NULL)
		return;
	if (!opt_out_list_load(&coordinator->run.opt_out,
	    coordinator->options->opt_out)) {
		log_line("%s is not read again: the list from before stays in "
		    "force", coordinator->options->opt_out);
		return;
	}
	run_tell_opt_out(&coordinator->run);
	work_tell_opt_out(coordinator->work);
	(void)write_run_file(coordinator);
	log_line("%s is read again: %zu entries",
	    coordinator->options->opt_out,
	    coordinator->run.opt_out.entries.count);
}

static void
start_watchers(struct coordinator *coordinator)
{
	struct ev_loop *ev = coordinator->ev;

	ev_timer_init(&coordinator->tick, on_tick, 1, 1);
	ev_timer_init(&coordinator->wake, on_kick, 0, 0);
	ev_timer_init(&coordinator->kick, on_kick, 0, 0);
	ev_init(&coordinator->grace, on_grace_over);
	ev_signal_init(&coordinator->interrupt, on_signal, SIGINT);
	ev_signal_init(&coordinator->terminate, on_signal, SIGTERM);
	ev_signal_init(&coordinator->hangup, on_hangup, SIGHUP);
	coordinator->tick.data = coordinator->wake.data =
	    coordinator->kick.data = coordinator->grace.data =
	    coordinator->interrupt.data = coordinator->terminate.data =
	    coordinator->hangup.data = coordinator;
	ev_timer_start(ev, &coordinator->tick);
	ev_signal_start(ev, &coordinator->interrupt);
	ev_signal_start(ev, &coordinator->terminate);
	ev_signal_start(ev, &coordinator->hangup);
	start_time_limit(coordinator);
}

/* Measuring **************************************************************** */

/* As many open files as are allowed. A worker has a socket for each session, and those
 * of its resolvers. */
static bool
raise_limits(struct coordinator *coordinator)
{
	const struct options *options = coordinator->options;
	struct rlimit limit = { .rlim_cur = 1024 };
	uint64_t sessions;

	if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
		limit.rlim_cur = limit.rlim_max;
		(void)setrlimit(RLIMIT_NOFILE, &limit);
	}
	if (limit.rlim_cur < FILES_LEAST) {
		log_line("only %ju files may be open at a time, and %d are "
		    "needed: raise the limit (ulimit -n)",
		    (uintmax_t)limit.rlim_cur, FILES_LEAST);
		return false;
	}
	coordinator->files = limit.rlim_cur;
	sessions = limit.rlim_cur / 4 * options->workers;
	coordinator->sessions = sessions < options->probes ? sessions
	    : options->probes;
	if (sessions < options->probes)
		log_line("--probes %" PRIu64 " is more than the limit of open "
		    "files allows: %" PRIu64 " (ulimit -n)", options->probes,
		    sessions);
	return true;
}

/* A batch has its input and its outputs open, in the coordinator and in its worker. */
static unsigned
batches_a_worker(const struct coordinator *coordinator)
{
	uint64_t batches = coordinator->files / 2 / (JOB_OUTPUTS_MAX + 1) /
	    (coordinator->options->workers + 2);

	return batches < BATCHES_LEAST ? BATCHES_LEAST
	    : batches > BATCHES_MOST ? BATCHES_MOST : (unsigned)batches;
}

static void
make_crew(struct coordinator *coordinator)
{
	struct crew_share share[JOB_KINDS];
	const struct crew_events events = work_crew_events(coordinator->work);
	struct buffer zones = { 0 };

	work_share_out(coordinator->files, share);
	coordinator->crew = crew_new(coordinator->options, coordinator->ev,
	    &events, share, batches_a_worker(coordinator),
	    coordinator->plan.told_no_sandbox);
	coordinator->work->crew = coordinator->crew;
	plan_direct_zones(&coordinator->plan, coordinator->options,
	    clock_wall_ms() / 1000, &zones);
	crew_set_zones(coordinator->crew, &zones);
	buffer_fini(&zones);
	work_use_network(coordinator->work, coordinator->ev);
	work_tell_opt_out(coordinator->work);
}

/* What is committed is taken up, and the rest put in line. */
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
	    &coordinator->plan, coordinator->sessions, &events);
	coordinator->paused_before_ms = json_integer_value(json_object_get(
	    coordinator->run.file.root, "paused_ms"));
	lane_tally_take_up(&coordinator->run.lanes, json_object_get(
	    coordinator->run.file.root, "lanes"));
	name_servers_take_up(coordinator->work->name_servers, json_object_get(
	    coordinator->run.file.root, "name_servers"));
	return write_run_file(coordinator) && resume_run(coordinator->work) &&
	    (!coordinator->options->are_hosts ||
	    work_take_hosts(coordinator->work));
}

/* Until nothing is left, or something ends it. */
static bool
run_loop(struct coordinator *coordinator)
{
	struct figures figures = figures_now(coordinator);
	bool good = true;

	coordinator->progress = progress_new(coordinator->options,
	    &coordinator->run.folder, &figures);
	start_watchers(coordinator);
	wall_clock_init(&coordinator->clock, clock_wall_ms(), clock_boot_ms());
	if (interrupt_has_come())
		coordinator->exit_status = EXIT_STOPPED;
	else if (work_is_done(coordinator->work))
		coordinator->exit_status = EXIT_COMPLETE;
	else if ((good = crew_start(coordinator->crew)))
		ev_run(coordinator->ev, 0);
	figures = figures_now(coordinator);
	progress_end(coordinator->progress, &figures);
	coordinator->progress = NULL;
	return good;
}

static int
measure(struct coordinator *coordinator)
{
	enum plan_result planned;

	interrupt_watch();
	planned = plan_make(&coordinator->plan, &coordinator->run.folder,
	    coordinator->options);
	if (planned != PLAN_OK)
		return plan_exit_status(planned);
	if (!make_work(coordinator))
		return coordinator->run.is_broken ? EXIT_INPUT : EXIT_OUTPUT;
	make_crew(coordinator);
	if (!run_loop(coordinator))
		return EXIT_VANTAGE;
	coordinator->work->crew = NULL;
	crew_free(coordinator->crew);
	coordinator->crew = NULL;
	if (coordinator->exit_status != EXIT_COMPLETE) {
		(void)write_run_file(coordinator);
		return coordinator->exit_status;
	}
	describe(coordinator);
	if (!seal_run(&coordinator->run, (int)coordinator->options->level))
		return EXIT_OUTPUT;
	return coordinator->plan.input_is_whole ? EXIT_COMPLETE : EXIT_INPUT;
}

/* Opens the run with its lists; EXIT_COMPLETE, or another status after a line. A list
 * that is none leaves no run behind. */
static int
open_run(struct coordinator *coordinator)
{
	const struct options *options = coordinator->options;
	struct run *run = &coordinator->run;
	int status;

	if (!policy_list_file_load(options, &run->policy_list) ||
	    !opt_out_list_load(&run->opt_out, options->opt_out))
		return EXIT_INPUT;
	status = run_open(run, options, coordinator->started_ms);
	if (status != EXIT_COMPLETE || run->file.state == RUN_SEALED)
		return status;
	if (options->opt_out != NULL)
		run_tell_opt_out(run);
	return policy_list_file_keep(options, &run->policy_list,
	    &run->folder);
}

/* A process that was killed behind the seal may have left .work. */
static void
leave_sealed(struct coordinator *coordinator)
{
	struct folder *folder = &coordinator->run.folder;

	log_line("%s is sealed: nothing is left to do", folder->path);
	folder_remove_work(folder);
}

static void
close_all(struct coordinator *coordinator)
{
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
		.for_room.events = { &coordinator, look_for_room, on_room_made,
		    on_no_room },
		.options = options, .exit_status = -1,
		.run = { .folder = { .descriptor = -1, .lock = -1 } },
		.plan = { .names = -1 }, .started_ms = clock_ms(),
	};
	int status;

	signal(SIGPIPE, SIG_IGN);
	if (options->only_allowed_networks)
		log_line("only the networks of --allow-network are contacted: "
		    "for others, say who you are (--ehlo and --contact)");
	if (!vantage_has_source(options) || !raise_limits(&coordinator))
		return EXIT_VANTAGE;
	coordinator.ev = ev_loop_new(EVFLAG_NOENV | EVBACKEND_EPOLL);
	if (coordinator.ev == NULL) {
		log_line("libev: no epoll here");
		return EXIT_BUG;
	}
	status = open_run(&coordinator);
	if (status == EXIT_COMPLETE && coordinator.run.file.state == RUN_SEALED)
		leave_sealed(&coordinator);
	else if (status == EXIT_COMPLETE)
		status = measure(&coordinator);
	close_all(&coordinator);
	return status;
}

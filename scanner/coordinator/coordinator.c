#include "scanner/coordinator/coordinator.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "scanner/base/clock.h"
#include "scanner/base/log.h"
#include "scanner/input/input.h"
#include "scanner/run/progress.h"
#include "scanner/run/vantage.h"

#define BATCHES_LEAST	4
#define BATCHES_MOST	64
#define FILES_LEAST	512	/* the plan alone has 256 open */

void
coordinator_fail(struct coordinator *coordinator, int status)
{
	if (coordinator->exit_status < 0)
		coordinator->exit_status = status;
	ev_break(coordinator->ev, EVBREAK_ALL);
}

void
coordinator_kick(struct coordinator *coordinator)
{
	if (!ev_is_active(&coordinator->kick))
		ev_timer_start(coordinator->ev, &coordinator->kick);
}

/* Nothing is at a worker, in line, or to come. */
static bool
is_complete(const struct coordinator *coordinator)
{
	return coordinator->batches == 0 &&
	    coordinator->chunks_committed == coordinator->plan.chunk_count &&
	    coordinator->failed_domains.count == 0 &&
	    coordinator->failed_hosts.count == 0 &&
	    coordinator->suspect_domains.count == 0 &&
	    name_servers_held(coordinator->name_servers) == 0 &&
	    coordinator->registry.waiting_count == 0 &&
	    list_is_empty(&coordinator->registry.suspects) &&
	    coordinator->gathered.count == 0 &&
	    coordinator->confirming.count == 0 &&
	    coordinator->examining.count == 0 &&
	    list_is_empty(&coordinator->registry.judge) &&
	    batch_policies_waiting(coordinator) == 0 &&
	    pace_waiting(coordinator->pace) == 0;
}

/* When there is something to do without anybody telling. */
static void
set_wake(struct coordinator *coordinator)
{
	int64_t now = clock_ms(), wake;

	/* Units that may go now were gathered, unless no worker takes them. */
	if (coordinator->gathered.count > 0)
		wake = coordinator->gathered.since_ms + GATHER_MS;
	else if (pace_peek(coordinator->pace, now, &wake))
		wake = now;
	if (coordinator->confirming.count > 0 &&
	    coordinator->confirming.since_ms + GATHER_MS < wake)
		wake = coordinator->confirming.since_ms + GATHER_MS;
	if (coordinator->registry.waiting_count > 0 &&
	    coordinator->hosts_since_ms + GATHER_MS < wake)
		wake = coordinator->hosts_since_ms + GATHER_MS;
	/* The tick comes every second anyway. */
	if (wake > now + 1000)
		return;
	ev_timer_stop(coordinator->ev, &coordinator->wake);
	ev_timer_set(&coordinator->wake, wake > now
	    ? (double)(wake - now) / 1000 : 0.01, 0);
	ev_timer_start(coordinator->ev, &coordinator->wake);
}

/* Hosts and probes go first: they are what the run ends with. */
static void
look_for_work(struct coordinator *coordinator)
{
	if (coordinator->exit_status >= 0)
		return;
	if (!coordinator->stopping) {
		batch_hosts(coordinator);
		batch_probes(coordinator);
		batch_policies(coordinator);
		batch_domains(coordinator);
		batch_suspects(coordinator);
		set_wake(coordinator);
	}
	if (is_complete(coordinator))
		coordinator_fail(coordinator, EXIT_COMPLETE);
	else if (coordinator->stopping && coordinator->batches == 0)
		coordinator_fail(coordinator, EXIT_STOPPED);
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

	(void)ev;
	(void)revents;
	progress_tick(coordinator->progress);
	look_for_work(coordinator);
}

static void
on_grace_over(struct ev_loop *ev, ev_timer *watcher, int revents)
{
	(void)ev;
	(void)revents;
	coordinator_fail(watcher->data, EXIT_STOPPED);
}

/* What is in flight is drained, what is written committed; the same command goes
 * on with the rest. */
static void
stop(struct coordinator *coordinator, const char *why)
{
	if (coordinator->stopping)
		return;
	coordinator->stopping = true;
	log_line("%s: what is in flight has %g s to end; Ctrl-C to stop at "
	    "once", why, (double)coordinator->options->grace_ms / 1000);
	ev_timer_set(&coordinator->grace,
	    (double)coordinator->options->grace_ms / 1000, 0);
	ev_timer_start(coordinator->ev, &coordinator->grace);
	coordinator_kick(coordinator);
}

/* The first signal drains, the next one stops at once. */
static void
on_signal(struct ev_loop *ev, ev_signal *watcher, int revents)
{
	struct coordinator *coordinator = watcher->data;

	(void)ev;
	(void)revents;
	if (coordinator->stopping)
		coordinator_fail(coordinator, EXIT_STOPPED);
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
	if (coordinator->options->opt_out == NULL ||
	    !opt_out_load(coordinator))
		return;
	dialogue_tell_opt_out(coordinator);
	(void)run_file_write(coordinator);
	log_line("%s is read again: %zu entries",
	    coordinator->options->opt_out, coordinator->opt_out.count);
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

/* As many descriptors as are allowed, and what can be done with them: a batch has
 * its outputs open, in the coordinator and in its worker; a worker has a socket for
 * each session, and those of its resolver. */
static bool
raise_limits(struct coordinator *coordinator)
{
	const struct options *options = coordinator->options;
	struct rlimit limit = { .rlim_cur = 1024 };
	uint64_t batches, sessions;

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
	batches = limit.rlim_cur / 2 / JOB_OUTPUTS_MAX / (options->workers + 2);
	coordinator->batches_a_worker = batches < BATCHES_LEAST ? BATCHES_LEAST
	    : batches > BATCHES_MOST ? BATCHES_MOST : (unsigned)batches;
	coordinator->probe_batches_most = (unsigned)(limit.rlim_cur / 4 /
	    JOB_OUTPUTS_MAX);
	sessions = limit.rlim_cur / 4 * options->workers;
	coordinator->sessions_most = sessions < options->probes ? sessions
	    : options->probes;
	if (sessions < options->probes)
		log_line("--probes %" PRIu64 " is more than the limit of open "
		    "files allows: %" PRIu64 " (ulimit -n)", options->probes,
		    sessions);
	return true;
}

static int
open_run(struct coordinator *coordinator)
{
	const char *path = coordinator->options->run;

	switch (folder_open(&coordinator->folder, path)) {
	case FOLDER_OK:
		break;
	case FOLDER_LOCKED:
		log_line("%s: another scan is at work in this run", path);
		return EXIT_OUTPUT;
	default:
		log_line("%s: %s", path, strerror(errno));
		return EXIT_OUTPUT;
	}
	if (!run_file_begin(coordinator))
		return EXIT_USAGE;
	return EXIT_COMPLETE;
}

static bool
is_sealed(const struct coordinator *coordinator)
{
	return coordinator->run.state == RUN_SEALED;
}

/* The names of the plan are hosts: nothing is asked about them as domains. */
static bool
take_hosts(struct coordinator *coordinator)
{
	struct plan *plan = &coordinator->plan;
	struct buffer items = { 0 };
	struct wire wire;
	struct domain_item item;
	bool good = true;

	for (uint64_t i = 0; i < plan->chunk_count && good; i++) {
		good = plan_read_chunk(plan, &plan->chunks[i], &items);
		coordinator->chunk_done[i] = true;
		coordinator->chunks_committed++;
	}
	wire = (struct wire){ items.bytes, items.bytes + items.length, !good };
	while (wire.at < wire.end && domain_item_get(&wire, &item))
		(void)registry_host(&coordinator->registry, item.name);
	buffer_fini(&items);
	return good;
}

static int
measure(struct coordinator *coordinator)
{
	enum plan_result planned = plan_make(&coordinator->plan,
	    &coordinator->folder, coordinator->options);

	if (planned != PLAN_OK)
		return plan_exit_status(planned);
	coordinator->told_no_sandbox = coordinator->plan.told_no_sandbox;
	if (!run_file_write(coordinator) || !resume(coordinator) ||
	    (coordinator->options->are_hosts && !take_hosts(coordinator)))
		return EXIT_OUTPUT;
	coordinator->progress = progress_new(coordinator);
	start_watchers(coordinator);
	if (!is_complete(coordinator)) {
		if (!supervise_start(coordinator))
			return EXIT_VANTAGE;
		ev_run(coordinator->ev, 0);
	} else {
		coordinator->exit_status = EXIT_COMPLETE;
	}
	/* It counts what the workers have. */
	progress_end(coordinator->progress);
	coordinator->progress = NULL;
	supervise_stop(coordinator);
	if (coordinator->exit_status != EXIT_COMPLETE) {
		(void)run_file_write(coordinator);
		return coordinator->exit_status;
	}
	if (!seal_run(coordinator))
		return EXIT_OUTPUT;
	return coordinator->plan.input_is_whole ? EXIT_COMPLETE : EXIT_INPUT;
}

static void
free_gathering(struct gathering *gathering)
{
	for (uint32_t i = 0; i < gathering->count; i++)
		free(gathering->granted[i].hosts);
	free(gathering->granted);
}

static void
close_all(struct coordinator *coordinator)
{
	if (coordinator->worker_count > 0)
		supervise_stop(coordinator);
	plan_fini(&coordinator->plan);
	registry_fini(&coordinator->registry);
	pace_free(coordinator->pace);
	map_free(coordinator->started_before);
	name_servers_free(coordinator->name_servers);
	item_line_fini(&coordinator->failed_domains);
	item_line_fini(&coordinator->failed_hosts);
	item_line_fini(&coordinator->suspect_domains);
	batch_policies_fini(coordinator);
	if (coordinator->suspects != NULL)
		map_free(coordinator->suspects);
	opt_out_fini(&coordinator->opt_out);
	buffer_fini(&coordinator->opt_out_text);
	buffer_fini(&coordinator->policy_list);
	free_gathering(&coordinator->gathered);
	free_gathering(&coordinator->confirming);
	free_gathering(&coordinator->examining);
	free(coordinator->chunk_done);
	if (coordinator->starts != NULL)
		fclose(coordinator->starts);
	run_json_close(&coordinator->run);
	folder_close(&coordinator->folder);
	ev_loop_destroy(coordinator->ev);
}

int
coordinator_run(const struct options *options)
{
	struct coordinator coordinator = {
		.options = options, .exit_status = -1,
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
	registry_init(&coordinator.registry);
	coordinator.pace = pace_new(options);
	pace_set_sessions(coordinator.pace, coordinator.sessions_most);
	coordinator.name_servers = name_servers_new(options);
	/* A list that is none leaves no run behind. */
	status = policy_list_load(&coordinator) ? open_run(&coordinator)
						: EXIT_INPUT;
	if (status == EXIT_COMPLETE && !is_sealed(&coordinator))
		status = policy_list_keep(&coordinator);
	if (status == EXIT_COMPLETE && !opt_out_load(&coordinator))
		status = EXIT_INPUT;
	if (status == EXIT_COMPLETE && is_sealed(&coordinator))
		log_line("%s is sealed: nothing is left to do", options->run);
	else if (status == EXIT_COMPLETE)
		status = measure(&coordinator);
	close_all(&coordinator);
	return status;
}

#include "scanner/worker/worker.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include "scanner/base/log.h"
#include "scanner/message/item.h"
#include "scanner/run/vantage.h"
#include "scanner/worker/budget.h"
#include "scanner/worker/job.h"
#include "scanner/worker/policy/fetch.h"
#include "scanner/worker/worker_internal.h"

#define GAUGE_SECONDS		1.

static void
tell_server(void *tag, const char *server, const struct budget_counts *counts)
{
	struct message message = {
		.type = MESSAGE_SERVER, .asked = counts->judged,
		.lost = counts->lost, .waiting = counts->waiting,
	};

	snprintf(message.text, sizeof message.text, "%s", server);
	worker_tell(tag, &message);
}

void
worker_count(const struct worker *worker, struct resolver_counts *counts)
{
	struct resolver_counts more;

	resolver_count(worker->resolver, counts);
	resolver_count(worker->host_resolver, &more);
	counts->asked += more.asked;
	counts->timed_out += more.timed_out;
	counts->in_flight += more.in_flight;
	counts->waiting += more.waiting;
}

bool
worker_defers(const struct worker *worker, const struct job *job)
{
	return job->attempt < worker->options->attempts &&
	    !worker->options->only_allowed_networks;
}

static void
on_gauge(struct ev_loop *ev, ev_timer *watcher, int revents)
{
	struct worker *worker = watcher->data;
	struct resolver_counts counts;
	struct message gauge = { .type = MESSAGE_GAUGE };

	(void)ev;
	(void)revents;
	worker_count(worker, &counts);
	gauge.asked = counts.asked;
	gauge.in_flight = counts.in_flight;
	gauge.waiting = counts.waiting;
	gauge.sessions = worker->sessions;
	worker_tell(worker, &gauge);
	budget_report(worker->budget, tell_server, worker);
}

/* What is asked of a domain is asked whole: the cut of its zone is known, and a
 * question for every label between, and another for each that does not exist,
 * would more than double what its name server and we have to do. What is asked of
 * a host is minimised, since that decides which broken server of TLSA is met, and
 * most senders' resolvers do it. */
static bool
open_resolvers(struct worker *worker, char why[256])
{
	const struct options *options = worker->options;
	struct resolver_options resolver = {
		.root_hints = options->root_hints,
		.trust_anchor = options->trust_anchor,
		.forward = options->forward,
		.resolver_conf = options->resolver_conf,
		.window = WINDOW_FIRST,
		.crash_at = getenv(RESOLVER_CRASH),
		.allowed = &options->allow_network,
		.only_allowed = options->only_allowed_networks,
		.barred = &worker->opt_out.prefixes,
	};
	struct vantage vantage;
	struct rlimit limit = { .rlim_cur = 1024 };

	/* Sessions have a quarter of them (coordinator.c), outputs the rest. */
	(void)getrlimit(RLIMIT_NOFILE, &limit);
	resolver.sockets = limit.rlim_cur / 8 > 4096 ? 4096
	    : (unsigned)(limit.rlim_cur / 8);
	vantage_look(options, &vantage);
	worker->has_ipv4 = vantage.has_ipv4;
	worker->has_ipv6 = vantage.has_ipv6;
	resolver.use_ipv4 = vantage.route_ipv4;
	resolver.use_ipv6 = vantage.route_ipv6;
	worker->resolver = resolver_new(worker->ev, &resolver, why);
	if (worker->resolver == NULL)
		return false;
	resolver.minimises = true;
	worker->host_resolver = resolver_new(worker->ev, &resolver, why);
	if (worker->host_resolver == NULL)
		return false;
	resolver.is_patient = true;
	resolver.window = SECOND_PASS_ACTIVE;
	worker->patient = resolver_new(worker->ev, &resolver, why);
	return worker->patient != NULL;
}

static bool
open_all(struct worker *worker, char why[256])
{
	const struct options *options = worker->options;

	worker->suffixes = suffix_list_open();
	if (worker->suffixes == NULL) {
		snprintf(why, 256, "there is no public suffix list: install "
		    "publicsuffix");
		return false;
	}
	worker->trust = trust_open(vantage_ca_file(options), why);
	worker->tls = tls_new(why);
	if (worker->trust == NULL || worker->tls == NULL)
		return false;
	worker->https = https_new(worker, why);
	if (worker->https == NULL)
		return false;
	worker->policy_hosts = policy_hosts_new(worker, worker->https,
	    (unsigned)options->policy_fetches);
	worker->budget = budget_new(worker->ev, (double)options->dns_rate /
	    (double)options->workers, (unsigned)((options->dns_inflight +
	    options->workers - 1) / options->workers),
	    domain_questions(options->mta_sts == CHOICE_YES));
	return open_resolvers(worker, why);
}

static void
close_all(struct worker *worker)
{
	worker_items_fini(worker);
	worker_messages_fini(worker);
	policy_hosts_free(worker->policy_hosts);
	https_free(worker->https);
	resolver_free(worker->resolver);
	resolver_free(worker->host_resolver);
	resolver_free(worker->patient);
	budget_free(worker->budget);
	opt_out_fini(&worker->opt_out);
	in_flight_unmap(worker->in_flight);
	free(worker->free_slots);
	trust_free(worker->trust);
	tls_free(worker->tls);
	suffix_list_free(worker->suffixes);
	close(worker->socket);
}

int
worker_run(const struct options *options, int socket, int in_flight)
{
	struct worker worker = { .options = options, .socket = socket };
	struct message unusable = {
		.type = MESSAGE_UNUSABLE, .code = EXIT_VANTAGE,
	};
	char why[256] = "";

	signal(SIGPIPE, SIG_IGN);
	/* Ctrl-C goes to the whole group; the coordinator decides. */
	signal(SIGINT, SIG_IGN);
	signal(SIGTERM, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	tls_library_init();
	worker.ev = ev_loop_new(EVFLAG_NOENV | EVBACKEND_EPOLL);
	if (worker.ev == NULL || !worker_items_init(&worker, in_flight))
		return EXIT_BUG;
	worker_messages_init(&worker);
	ev_timer_init(&worker.gauge, on_gauge, GAUGE_SECONDS, GAUGE_SECONDS);
	worker.gauge.data = &worker;
	/* The resolvers are told once whom they may not ask. */
	if (!worker_await_opt_out(&worker)) {
		log_line("worker: no opt-out list came");
	} else if (open_all(&worker, why)) {
		ev_io_start(worker.ev, &worker.readable);
		worker_start_check(&worker);
		ev_run(worker.ev, 0);
	} else {
		snprintf(unusable.text, sizeof unusable.text, "%s", why);
		worker_tell(&worker, &unusable);
	}
	close_all(&worker);
	ev_loop_destroy(worker.ev);
	return EXIT_COMPLETE;
}

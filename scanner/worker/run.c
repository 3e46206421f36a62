#include "scanner/worker/run.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include "scanner/base/log.h"
#include "scanner/base/memory.h"
#include "scanner/message/item.h"
#include "scanner/run/vantage.h"
#include "scanner/dns/direct/direct.h"
#include "scanner/dns/direct/secure.h"
#include "scanner/worker/budget.h"
#include "scanner/worker/conduct.h"
#include "scanner/worker/domain/lane_sample.h"
#include "scanner/worker/domain/domain.h"
#include "scanner/worker/host/host.h"
#include "scanner/worker/parents.h"
#include "scanner/worker/policy/fetch.h"
#include "scanner/worker/policy/policy.h"
#include "scanner/worker/probe/probe.h"
#include "scanner/worker/server_addresses.h"
#include "scanner/worker/source_check.h"
#include "scanner/worker/worker_internal.h"
#include "scanner/worker/zones.h"

#define GAUGE_SECONDS		1.

static bool (*const start_item[JOB_KINDS])(struct job *) = {
	[JOB_DOMAINS] = domain_start, [JOB_HOSTS] = host_start,
	[JOB_PROBES] = probe_start, [JOB_POLICIES] = policy_start,
};

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

/* If our own sockets have dropped packets, waiting questions are asked again,
 * and take longer. */
static void
look_for_drops(struct worker *worker)
{
	struct direct_counts counts;

	direct_count(worker->direct, &counts);
	if (counts.drops > worker->direct_drops)
		budget_forget(worker->budget, DIRECT_LATER_SECONDS);
	worker->direct_drops = counts.drops;
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
	worker_tell(worker, &gauge);
	worker_tell_latency(worker);
	look_for_drops(worker);
	budget_report(worker->budget, tell_server, worker);
}

/* libev would abort if there is no memory; size 0 frees. */
static void *
reallocate(void *memory, long size)
{
	if (size > 0)
		return xrealloc(memory, (size_t)size);
	free(memory);
	return NULL;
}

static void
look_for_routes(struct worker *worker)
{
	struct vantage vantage;

	vantage_look(worker->options, &vantage);
	worker->has_ipv4 = vantage.has_ipv4;
	worker->has_ipv6 = vantage.has_ipv6;
	worker->asks_ipv4 = vantage.route_ipv4;
	worker->asks_ipv6 = vantage.route_ipv6;
}

static bool
may_ask(void *tag, const struct address *address)
{
	return conduct_may_ask(tag, address);
}

/* Its sockets are opened when they are needed, which the sandbox allows. */
static void
open_direct(struct worker *worker)
{
	const struct direct_options options = {
		.window = WINDOW_FIRST, .sockets = DIRECT_SOCKETS,
		.receive_bytes = DIRECT_RECEIVE_BYTES,
		.may_ask = may_ask, .tag = worker,
	};

	secure_use_algorithms(RESOLVER_ALGORITHMS);
	worker->direct = direct_new(worker->ev, &options);
	lane_count_latency(direct_lane(worker->direct),
	    &worker->latency[LATENCY_DIRECT]);
}

/* How many sockets a resolver may have open: all together half of the open
 * files, since sessions have a quarter (limits.c), and outputs the rest. Three
 * quarters of them are for the questions about domains, which may be a list
 * with many silent names. */
static unsigned
resolver_sockets(int ask)
{
	struct rlimit limit = { .rlim_cur = 1024 };
	bool is_domain = ask == ASK_DOMAIN;
	unsigned most = is_domain ? RESOLVER_SOCKETS_MOST
	    : RESOLVER_SOCKETS_MOST / (RESOLVERS - 1);
	rlim_t files;

	(void)getrlimit(RLIMIT_NOFILE, &limit);
	files = is_domain ? limit.rlim_cur / 8 * 3
	    : limit.rlim_cur / 8 / (RESOLVERS - 1);
	return files > most ? most : (unsigned)files;
}

static bool
open_resolvers(struct worker *worker, char why[256])
{
	const struct options *options = worker->options;
	struct resolver_options resolver = {
		.root_hints = options->root_hints,
		.trust_anchor = options->trust_anchor,
		.forward = options->forward,
		.resolver_conf = options->resolver_conf,
		.crash_at = getenv(RESOLVER_CRASH),
		.crash_how = getenv(RESOLVER_CRASH_HOW),
		.allowed = &options->allow_network,
		.only_allowed = options->only_allowed_networks,
		.barred = &worker->opt_out.prefixes,
	};

	resolver.use_ipv4 = worker->asks_ipv4;
	resolver.use_ipv6 = worker->asks_ipv6;
	for (int ask = 0; ask < RESOLVERS; ask++) {
		/* A resolver that questions are forwarded to takes longer than
		 * a name server. */
		resolver.is_brief = ask == ASK_DOMAIN &&
		    worker_has_second_pass(worker) && options->forward == NULL;
		resolver.sockets = resolver_sockets(ask);
		resolver.minimises = ask == ASK_HOST || ask == ASK_AGAIN;
		resolver.is_patient = ask == ASK_AGAIN;
		resolver.window = ask == ASK_AGAIN ? SECOND_PASS_ACTIVE
		    : WINDOW_FIRST;
		worker->resolvers[ask] = resolver_new(worker->ev, &resolver,
		    why);
		if (worker->resolvers[ask] == NULL)
			return false;
		lane_count_latency(resolver_lane(worker->resolvers[ask]),
		    &worker->latency[LATENCY_RECURSIVE]);
	}
	return true;
}

/* For names from lists. Tests that crash the resolver need all questions to go
 * there. */
static void
open_parents(struct worker *worker)
{
	if (!worker->asks_parents || getenv(RESOLVER_CRASH) != NULL)
		return;
	worker->server_addresses = server_addresses_new(worker);
	worker->parents = parents_new(worker);
}

static void
open_budget(struct worker *worker)
{
	const struct options *options = worker->options;
	const struct budget_limits limits = {
		.rate = (double)options->dns_rate,
		.prefix_rate = (double)options->dns_prefix_rate,
		.in_flight = (unsigned)options->dns_inflight,
		.workers = (unsigned)options->workers,
		.questions = domain_questions(options->mta_sts == CHOICE_YES),
	};

	worker->budget = budget_new(worker->ev, &limits);
}

/* May there be sessions with mail servers or web servers? With --force-resume
 * some may be left of a start with other options. */
static bool
has_sessions(const struct options *options)
{
	return options->probes > 0 || options->mta_sts == CHOICE_YES ||
	    options->canary != NULL || options->force_resume;
}

/* What only sessions need. The coordinator has checked the trust store
 * (commands/scan.c), also where it is not loaded here. */
static bool
open_tls(struct worker *worker, char why[256])
{
	const struct options *options = worker->options;

	if (!has_sessions(options))
		return true;
	worker->trust = trust_open(vantage_ca_file(options), why);
	worker->tls = tls_new(why);
	if (worker->trust == NULL || worker->tls == NULL)
		return false;
	worker->https = https_new(worker, why);
	if (worker->https == NULL)
		return false;
	worker->policy_hosts = policy_hosts_new(worker, worker->https,
	    (unsigned)options->policy_fetches);
	return true;
}

static bool
open_all(struct worker *worker, char why[256])
{
	own_addresses_read(&worker->own_addresses);
	worker->suffixes = suffix_list_open();
	if (worker->suffixes == NULL) {
		snprintf(why, 256, "there is no public suffix list: install "
		    "publicsuffix");
		return false;
	}
	if (!open_tls(worker, why))
		return false;
	open_budget(worker);
	look_for_routes(worker);
	source_check_open(worker);
	open_direct(worker);
	open_parents(worker);
	return open_resolvers(worker, why);
}

static void
close_all(struct worker *worker)
{
	worker_items_fini(worker);
	worker_messages_fini(worker);
	absence_stop(&worker->absence);
	source_check_close(worker);
	policy_hosts_free(worker->policy_hosts);
	https_free(worker->https);
	zones_free(worker->zones);
	parents_free(worker->parents);
	server_addresses_free(worker->server_addresses);
	direct_free(worker->direct);
	for (int ask = 0; ask < RESOLVERS; ask++)
		resolver_free(worker->resolvers[ask]);
	budget_free(worker->budget);
	opt_out_fini(&worker->opt_out);
	in_flight_unmap(worker->in_flight);
	free(worker->free_slots);
	trust_free(worker->trust);
	tls_free(worker->tls);
	suffix_list_free(worker->suffixes);
	own_addresses_fini(&worker->own_addresses);
	close(worker->socket);
}

int
worker_run(const struct options *options, int socket, int in_flight)
{
	struct worker worker = {
		.options = options, .socket = socket, .start_item = start_item,
	};
	struct message unusable = {
		.type = MESSAGE_UNUSABLE, .code = EXIT_VANTAGE,
	};
	char why[256] = "";

	signal(SIGPIPE, SIG_IGN);
	/* Ctrl-C reaches the whole process group; the coordinator decides what
	 * ends. */
	signal(SIGINT, SIG_IGN);
	signal(SIGTERM, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	tls_library_init();
	ev_set_allocator(reallocate);
	worker.ev = ev_loop_new(EVFLAG_NOENV | EVBACKEND_EPOLL);
	if (worker.ev == NULL || !worker_items_init(&worker, in_flight))
		return EXIT_BUG;
	lane_sample_set_shares(worker.sample_one_in,
	    getenv(LANE_SAMPLE_ENVIRONMENT));
	worker_messages_init(&worker);
	absence_start(&worker.absence, worker.ev, NULL);
	ev_timer_init(&worker.gauge, on_gauge, GAUGE_SECONDS, GAUGE_SECONDS);
	worker.gauge.data = &worker;
	/* The resolvers are told only once which addresses they may not ask. */
	if (!worker_await_lists(&worker)) {
		log_line("worker: no opt-out list came, or no zones");
	} else if (open_all(&worker, why)) {
		ev_io_start(worker.ev, &worker.readable);
		/* The worker gives signs of life, even before it is ready. */
		ev_timer_start(worker.ev, &worker.gauge);
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

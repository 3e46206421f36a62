#include "scanner/worker/worker.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "scanner/base/clock.h"
#include "scanner/base/log.h"
#include "scanner/base/memory.h"
#include "scanner/dns/lookup.h"
#include "scanner/vantage.h"
#include "scanner/worker/budget.h"
#include "scanner/worker/job.h"
#include "scanner/worker/mta_sts.h"
#include "scanner/worker/sandbox.h"

/* Low concurrency for the second pass (DESIGN): so few that our own load is not
 * what fails, so many that peers which say nothing do not hold up the others. */
#define SECOND_PASS_ACTIVE	200
#define OPT_OUT_BYTES_MAX	((uint64_t)256 << 20)
#define GAUGE_SECONDS		1.

/* A message that waits for the socket to take it. */
struct unsent {
	struct list	link;
	struct message	message;
};

void
worker_tell(struct worker *worker, const struct message *message)
{
	struct unsent *unsent;

	if (list_is_empty(&worker->unsent)) {
		if (message_send(worker->socket, message, NULL, 0))
			return;
		if (errno != EAGAIN && errno != ENOBUFS) {
			/* Without a coordinator there is nothing to do. */
			ev_break(worker->ev, EVBREAK_ALL);
			return;
		}
	}
	unsent = xmalloc(sizeof *unsent);
	unsent->message = *message;
	list_append(&worker->unsent, &unsent->link);
	ev_io_start(worker->ev, &worker->writable);
}

static void
on_writable(struct ev_loop *ev, ev_io *watcher, int revents)
{
	struct worker *worker = watcher->data;

	(void)revents;
	while (!list_is_empty(&worker->unsent)) {
		struct unsent *unsent = list_entry(worker->unsent.next,
		    struct unsent, link);

		if (!message_send(worker->socket, &unsent->message, NULL, 0)) {
			if (errno != EAGAIN && errno != ENOBUFS)
				ev_break(ev, EVBREAK_ALL);
			return;
		}
		list_remove(&unsent->link);
		free(unsent);
	}
	ev_io_stop(ev, watcher);
}

static void
give_up(struct worker *worker, const char *what)
{
	log_line("worker: %s", what);
	ev_break(worker->ev, EVBREAK_ALL);
}

/* Starts the next item of a job; the job may be gone afterwards. */
static bool
start_item(struct worker *worker, struct job *job)
{
	static bool (*const start[JOB_KINDS])(struct job *) = {
		[JOB_DOMAINS] = domain_start, [JOB_HOSTS] = host_start,
		[JOB_PROBES] = probe_start, [JOB_POLICIES] = policy_start,
	};
	enum job_kind kind = job->kind;

	if (job->started + 1 == job->items) {
		struct message begun = {
			.type = MESSAGE_BEGUN, .kind = kind,
			.number = job->number,
		};

		list_remove(&job->link);
		worker_tell(worker, &begun);
	}
	if (kind != JOB_PROBES) {
		worker->active++;
		worker->active_second += job->attempt > 1;
	}
	if (!start[kind](job)) {
		give_up(worker, "the coordinator sent an item that is none");
		return false;
	}
	return true;
}

static bool
may_start(const struct worker *worker, int queue)
{
	if (queue == QUEUE_SECOND)
		return worker->active_second < SECOND_PASS_ACTIVE;
	return worker->active < worker->window.size;
}

static void
on_fill(struct ev_loop *ev, ev_timer *watcher, int revents)
{
	struct worker *worker = watcher->data;

	(void)ev;
	(void)revents;
	for (int queue = 0; queue < QUEUES; queue++)
		while (!list_is_empty(&worker->queues[queue]) &&
		    may_start(worker, queue))
			if (!start_item(worker, list_entry(
			    worker->queues[queue].next, struct job, link)))
				return;
}

static void
fill_soon(struct worker *worker)
{
	if (!ev_is_active(&worker->fill))
		ev_timer_start(worker->ev, &worker->fill);
}

void
worker_item_ended(struct worker *worker, const struct job *job)
{
	if (job->kind == JOB_PROBES)
		return;
	worker->active--;
	worker->active_second -= job->attempt > 1;
	fill_soon(worker);
}

void
worker_item_waits(struct worker *worker, const struct job *job)
{
	worker->active--;
	worker->active_second -= job->attempt > 1;
	fill_soon(worker);
}

void
worker_item_goes_on(struct worker *worker, const struct job *job)
{
	worker->active++;
	worker->active_second += job->attempt > 1;
}

uint32_t
worker_fly(struct worker *worker, const struct job *job, uint32_t item)
{
	uint32_t slot;

	if (worker->free_count == 0)
		return 0;
	slot = worker->free_slots[--worker->free_count];
	worker->in_flight->slots[slot - 1] = (struct in_flight_slot){
		.number = job->number, .item = item,
		.kind = (uint32_t)job->kind + 1,
	};
	return slot;
}

void
worker_land(struct worker *worker, uint32_t slot)
{
	if (slot == 0)
		return;
	worker->in_flight->slots[slot - 1].kind = 0;
	worker->free_slots[worker->free_count++] = slot;
}

void
worker_acts(struct worker *worker, uint32_t slot)
{
	worker->in_flight->acting = slot;
}

static bool
open_in_flight(struct worker *worker, int descriptor)
{
	worker->in_flight = in_flight_map(descriptor);
	close(descriptor);
	if (worker->in_flight == NULL)
		return false;
	worker->free_slots = xcalloc(IN_FLIGHT_SLOTS,
	    sizeof *worker->free_slots);
	for (uint32_t slot = IN_FLIGHT_SLOTS; slot > 0; slot--)
		worker->free_slots[worker->free_count++] = slot;
	return true;
}

/* The list that is in force from now on; the coordinator has read it before. */
static bool
on_opt_out(struct worker *worker, const struct message *message,
    const int *descriptors, size_t count)
{
	struct opt_out opt_out = { 0 };
	char *text = NULL;
	size_t line;
	bool good = count == 1 && message->length <= OPT_OUT_BYTES_MAX;

	if (good) {
		text = xmalloc((size_t)message->length + 1);
		good = pread(descriptors[0], text, (size_t)message->length,
		    0) == (ssize_t)message->length && opt_out_read(&opt_out,
		    text, (size_t)message->length, &line);
	}
	for (size_t i = 0; i < count; i++)
		close(descriptors[i]);
	free(text);
	if (!good) {
		opt_out_fini(&opt_out);
		return false;
	}
	opt_out_fini(&worker->opt_out);
	worker->opt_out = opt_out;
	return true;
}

static void
on_job(struct worker *worker, const struct message *message,
    const int *descriptors, size_t count)
{
	struct job *job = job_new(worker, message, descriptors, count);

	if (job == NULL) {
		give_up(worker, "the coordinator sent a job that is none");
		return;
	}
	worker->jobs++;
	if (job->kind == JOB_PROBES) {
		/* Pacing has let them go: all start now. */
		for (uint32_t i = 0, items = job->items; i < items; i++)
			if (!start_item(worker, job))
				return;
		return;
	}
	list_append(&worker->queues[job->attempt > 1 ? QUEUE_SECOND :
	    job->kind == JOB_HOSTS ? QUEUE_HOSTS : job->kind == JOB_POLICIES
	    ? QUEUE_POLICIES : QUEUE_DOMAINS], &job->link);
	fill_soon(worker);
}

/* False where the worker is at its end. */
static bool
on_message(struct worker *worker, const struct message *message,
    const int *descriptors, size_t count)
{
	switch (message->type) {
	case MESSAGE_JOB:
		on_job(worker, message, descriptors, count);
		return true;
	case MESSAGE_STOP:
		worker->stopping = true;
		if (worker->jobs == 0)
			ev_break(worker->ev, EVBREAK_ALL);
		return true;
	case MESSAGE_OPT_OUT:
		if (on_opt_out(worker, message, descriptors, count))
			return true;
		break;
	case MESSAGE_BUDGET:
		budget_set_rate(worker->budget, message->text,
		    (double)message->rate / 1000);
		return true;
	default:
		break;
	}
	give_up(worker, "a message that is not for a worker");
	return false;
}

static void
on_readable(struct ev_loop *ev, ev_io *watcher, int revents)
{
	struct worker *worker = watcher->data;
	int descriptors[MESSAGE_DESCRIPTORS_MAX];
	struct message message;
	size_t count;

	(void)revents;
	for (;;) {
		switch (message_receive(worker->socket, &message, descriptors,
		    &count)) {
		case MESSAGE_NONE:
			return;
		case MESSAGE_CLOSED:
			ev_break(ev, EVBREAK_ALL);
			return;
		case MESSAGE_BAD:
			give_up(worker, "a message that is none");
			return;
		case MESSAGE_OK:
			break;
		}
		if (!on_message(worker, &message, descriptors, count))
			return;
	}
}

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

static void
on_gauge(struct ev_loop *ev, ev_timer *watcher, int revents)
{
	struct worker *worker = watcher->data;
	struct resolver_counts counts;
	struct message gauge = { .type = MESSAGE_GAUGE };

	(void)ev;
	(void)revents;
	resolver_count(worker->resolver, &counts);
	gauge.asked = counts.asked;
	gauge.in_flight = counts.in_flight;
	gauge.waiting = counts.waiting;
	gauge.sessions = worker->sessions;
	worker_tell(worker, &gauge);
	budget_report(worker->budget, tell_server, worker);
}

static struct worker *
worker_of(struct window *window)
{
	return list_entry(window, struct worker, window);
}

static void
look(struct window *window, bool *is_full, uint64_t *answered)
{
	struct worker *worker = worker_of(window);
	struct resolver_counts counts;

	resolver_count(worker->resolver, &counts);
	*is_full = worker->active >= window->size || counts.waiting > 0;
	*answered = counts.asked - counts.in_flight;
}

static void
on_window(struct window *window)
{
	struct worker *worker = worker_of(window);

	resolver_set_window(worker->resolver, window->size);
	fill_soon(worker);
}

/* The start-up check (RULES 2): `. DNSKEY` and `. SOA` are secure. ************ */

struct check {
	struct worker	*worker;
	struct lookup	 dnskey, soa, patient;
};

static void
describe_failure(const struct lookup *lookup, const char *question,
    char text[MESSAGE_TEXT_MAX])
{
	const struct answer *answer = &lookup->answer;
	char now[CLOCK_TEXT_MAX];

	clock_text(clock_ms(), now);
	if (answer->status == ADDRESS_BOGUS)
		snprintf(text, MESSAGE_TEXT_MAX, "the root zone does not "
		    "validate (%s): is the clock right (%s), is the trust "
		    "anchor? %s", question, now, answer->bogus_text);
	else if (answer->status == ADDRESS_FOUND)
		snprintf(text, MESSAGE_TEXT_MAX, "%s is not secure: there is "
		    "no trust anchor for the root", question);
	else
		snprintf(text, MESSAGE_TEXT_MAX, "no answer from the root name "
		    "servers (%s: %s): is there a network, is port 53 open?",
		    question, address_status_texts.texts[answer->status]);
}

/* All is open: from here on strangers are met. */
static void
enter_sandbox(const struct options *options, struct message *message)
{
	char why[256];

	if (options->sandbox == ANSWER_NEVER || sandbox_enter(why))
		return;
	if (options->sandbox == ANSWER_AUTO) {
		snprintf(message->text, sizeof message->text, "%s", why);
		return;
	}
	message->type = MESSAGE_UNUSABLE;
	message->code = EXIT_VANTAGE;
	snprintf(message->text, sizeof message->text, "this kernel has no "
	    "sandbox for the workers (%s): --sandbox auto does without", why);
}

static void
end_check(struct check *check, const struct lookup *failed,
    const char *question)
{
	struct worker *worker = check->worker;
	struct message message = { .type = MESSAGE_READY };

	if (failed != NULL) {
		message.type = MESSAGE_UNUSABLE;
		message.code = EXIT_VANTAGE;
		describe_failure(failed, question, message.text);
	} else {
		enter_sandbox(worker->options, &message);
		ev_timer_start(worker->ev, &worker->gauge);
		window_start(&worker->window, worker->ev,
		    (unsigned)worker->options->window, look, on_window);
	}
	free(check);
	worker_tell(worker, &message);
}

static bool
is_secure(const struct lookup *lookup)
{
	return lookup->answer.status == ADDRESS_FOUND &&
	    lookup->answer.dnssec == DNSSEC_SECURE;
}

/* The same settings: this one is asked so that it has opened all it needs. */
static void
on_patient(struct lookup *lookup)
{
	struct check *check = list_entry(lookup, struct check, patient);

	end_check(check, is_secure(lookup) ? NULL : lookup, ". SOA");
}

static void
on_soa(struct lookup *lookup)
{
	struct check *check = list_entry(lookup, struct check, soa);

	if (is_secure(lookup))
		lookup_start(&check->patient, check->worker->patient,
		    lookup->name, 6, on_patient);
	else
		end_check(check, lookup, ". SOA");
}

static void
on_dnskey(struct lookup *lookup)
{
	struct check *check = list_entry(lookup, struct check, dnskey);

	if (is_secure(lookup))
		lookup_start(&check->soa, check->worker->resolver,
		    lookup->name, 6, on_soa);
	else
		end_check(check, lookup, ". DNSKEY");
}

static void
start_check(struct worker *worker)
{
	struct check *check = xcalloc(1, sizeof *check);
	static const uint8_t root[NAME_WIRE_MAX];

	check->worker = worker;
	lookup_start(&check->dnskey, worker->resolver, root, DNS_DNSKEY,
	    on_dnskey);
}

/* Life ********************************************************************** */

static bool
open_all(struct worker *worker, char why[256])
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
	worker->resolver = resolver_new(worker->ev, &resolver, why);
	if (worker->resolver == NULL)
		return false;
	resolver.is_patient = true;
	resolver.window = SECOND_PASS_ACTIVE;
	worker->patient = resolver_new(worker->ev, &resolver, why);
	worker->budget = budget_new(worker->ev, (double)options->dns_rate /
	    (double)options->workers, (unsigned)((options->dns_inflight +
	    options->workers - 1) / options->workers),
	    domain_questions(options->mta_sts == ANSWER_YES));
	return worker->patient != NULL;
}

static void
close_all(struct worker *worker)
{
	for (int queue = 0; queue < QUEUES; queue++)
		while (!list_is_empty(&worker->queues[queue]))
			job_free(list_entry(worker->queues[queue].next,
			    struct job, link));
	while (!list_is_empty(&worker->unsent))
		free(list_entry(list_take(&worker->unsent), struct unsent,
		    link));
	window_stop(&worker->window, worker->ev);
	policy_hosts_free(worker->policy_hosts);
	https_free(worker->https);
	resolver_free(worker->resolver);
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
	if (worker.ev == NULL || !open_in_flight(&worker, in_flight))
		return EXIT_BUG;
	for (int queue = 0; queue < QUEUES; queue++)
		list_init(&worker.queues[queue]);
	list_init(&worker.unsent);
	ev_io_init(&worker.readable, on_readable, socket, EV_READ);
	ev_io_init(&worker.writable, on_writable, socket, EV_WRITE);
	ev_timer_init(&worker.fill, on_fill, 0, 0);
	ev_timer_init(&worker.gauge, on_gauge, GAUGE_SECONDS, GAUGE_SECONDS);
	worker.readable.data = worker.writable.data = worker.fill.data =
	    worker.gauge.data = &worker;
	if (open_all(&worker, why)) {
		ev_io_start(worker.ev, &worker.readable);
		start_check(&worker);
		ev_run(worker.ev, 0);
	} else {
		snprintf(unusable.text, sizeof unusable.text, "%s", why);
		worker_tell(&worker, &unusable);
	}
	close_all(&worker);
	ev_loop_destroy(worker.ev);
	return EXIT_COMPLETE;
}

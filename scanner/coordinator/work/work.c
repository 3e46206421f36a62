#include "scanner/coordinator/work/work_internal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "scanner/base/clock.h"
#include "scanner/base/log.h"
#include "scanner/base/memory.h"
#include "scanner/coordinator/work/canary.h"
#include "scanner/coordinator/work/domains.h"
#include "scanner/coordinator/work/heavy_budgets.h"
#include "scanner/coordinator/work/holding.h"
#include "scanner/coordinator/work/mx_hosts.h"
#include "scanner/coordinator/work/name_servers.h"
#include "scanner/coordinator/work/policies.h"
#include "scanner/coordinator/work/probes.h"
#include "scanner/coordinator/work/server_hosts.h"
#include "scanner/run/room.h"

#define SESSIONS_LEAST	8	/* however short sockets are */

/* Names that wait for name servers or for their second pass are in memory up to
 * this, then in blocks in a file. */
#define SPILL_FILE	"waiting"
#define WAITING_MEMORY	((uint64_t)8 << 20)
#define WAITING_BLOCK	2048

static const struct work_kind *const kinds[JOB_KINDS] = {
	[JOB_DOMAINS] = &domains_job, [JOB_HOSTS] = &hosts_job,
	[JOB_PROBES] = &probes_job, [JOB_POLICIES] = &policies_job,
};

const struct work_kind *
work_kind_of(enum job_kind kind)
{
	return kinds[kind];
}

/* Life ********************************************************************* */

/* Without the file, names wait in memory. */
static struct spill *
open_spill(struct folder *folder)
{
	int descriptor = folder_create(folder, SPILL_FILE);

	if (descriptor >= 0)
		folder_discard(folder, SPILL_FILE);
	return spill_new(descriptor, WAITING_MEMORY, WAITING_BLOCK);
}

struct work *
work_new(const struct options *options, struct run *run,
    const struct plan *plan, uint64_t sessions,
    const struct work_events *events)
{
	struct work *work = xcalloc(1, sizeof *work);

	work->options = options;
	work->run = run;
	work->plan = plan;
	work->events = *events;
	registry_init(&work->registry);
	work->pace = pace_new(options);
	pace_set_sessions(work->pace, sessions);
	work->sessions = sessions;
	work->schedule = (struct schedule){
		.options = options, .registry = &work->registry,
		.pace = work->pace, .starts = run->starts,
		.opt_out = &run->opt_out.entries,
	};
	work->spill = open_spill(&run->folder);
	work->name_servers = name_servers_new(options, work->spill);
	heavy_budgets_set(work->name_servers, plan, options);
	work->domains = domains_new(plan, options, work->spill);
	work->hosts = mx_hosts_new();
	work->probes = probes_new();
	work->policies = policies_new();
	work->server_hosts = server_hosts_new();
	work->canary = canary_new(options);
	work->holding = holding_new(options);
	return work;
}

void
work_free(struct work *work)
{
	if (work == NULL)
		return;
	domains_free(work->domains);
	mx_hosts_free(work->hosts);
	probes_free(work->probes);
	policies_free(work->policies);
	server_hosts_free(work->server_hosts);
	canary_free(work->canary);
	holding_free(work->holding);
	network_free(work->network);
	name_servers_free(work->name_servers);
	spill_free(work->spill);
	registry_fini(&work->registry);
	pace_free(work->pace);
	free(work);
}

/* What the network tells *************************************************** */

static void
on_look(void *tag, const struct reach_server *servers, size_t count)
{
	canary_ask(tag, servers, count);
}

static void
on_down(void *tag, bool ends_workers)
{
	struct work *work = tag;

	work->is_paused = true;
	if (ends_workers)
		name_servers_set_back(work->name_servers, clock_ms());
	work->events.down(work->events.tag, ends_workers);
}

static void
on_up(void *tag)
{
	struct work *work = tag;

	work->is_paused = false;
	work->events.up(work->events.tag);
}

static void
on_give_up(void *tag, int status)
{
	work_fail(tag, status);
}

static void
on_fewer(void *tag, int error)
{
	struct work *work = tag;

	if (work->sessions <= SESSIONS_LEAST)
		return;
	work->sessions = work->sessions / 2 > SESSIONS_LEAST
	    ? work->sessions / 2 : SESSIONS_LEAST;
	pace_set_sessions(work->pace, work->sessions);
	log_line("this machine cannot open more connections (%s): at most "
	    "%llu sessions at a time from now on", strerror(error),
	    (unsigned long long)work->sessions);
}

static void
on_settled(void *tag)
{
	struct work *work = tag;

	work->events.changed(work->events.tag);
}

void
work_use_network(struct work *work, struct ev_loop *ev)
{
	const struct network_events events = {
		.tag = work, .look = on_look, .down = on_down, .up = on_up,
		.give_up = on_give_up, .fewer = on_fewer,
		.settled = on_settled,
	};

	work->network = network_new(work->options, ev,
	    &work->run->opt_out.entries, &events);
}

/* For the queues *********************************************************** */

void
work_fail(struct work *work, int status)
{
	work->has_failed = true;
	work->events.failed(work->events.tag, status);
}

void
work_output_failed(struct work *work, const char *what)
{
	log_line("%s: %s: %s", work->run->folder.path, what, strerror(errno));
	work_fail(work, EXIT_OUTPUT);
}

void
work_batch_failed(struct work *work, const char *what)
{
	int error = errno;

	/* Its lock was lost, on a network file system: whoever has it now reads
	 * what is there. */
	if (error == EEXIST) {
		log_line("%s: %s is there already: another scan is working on "
		    "it, and what this one has is dropped",
		    work->run->folder.path, what);
		work_fail(work, EXIT_STOPPED);
		return;
	}
	if (!room_lacks(error)) {
		work_output_failed(work, what);
		return;
	}
	work_hold(work);
	work->events.full(work->events.tag, what, error);
}

uint64_t
work_take_part(struct work *work)
{
	return work->next_part++;
}

void
work_note_part(struct work *work, uint64_t number)
{
	if (number >= work->next_part)
		work->next_part = number + 1;
}

bool
work_goes_on(const struct work *work)
{
	return !work->has_failed && !work->is_held;
}

/* What the coordinator tells *********************************************** */

void
work_hold(struct work *work)
{
	work->is_held = true;
}

void
work_release(struct work *work)
{
	work->is_held = false;
	work->events.changed(work->events.tag);
}

void
work_tell_opt_out(struct work *work)
{
	crew_tell_opt_out(work->crew, &work->run->opt_out.text);
}

bool
work_take_hosts(struct work *work)
{
	struct buffer items = { 0 };
	struct wire wire;
	struct domain_item item;
	bool good = domains_take_all(work, &items);

	wire = (struct wire){ items.bytes, items.bytes + items.length, !good };
	while (wire.at < wire.end && domain_item_get(&wire, &item))
		(void)registry_host(&work->registry, item.name);
	buffer_fini(&items);
	return good;
}

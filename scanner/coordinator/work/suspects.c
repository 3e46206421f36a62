/*
 * suspects: the queue of items that were in flight when a worker crashed.
 * Suspects are asked last and one at a time, in a worker that is started for
 * them. A suspect that crashes this worker is recorded as such, and is not
 * asked again. Targets and policies need not wait for the end, since no other
 * work depends on their rows.
 */
#include "scanner/coordinator/work/domains.h"
#include "scanner/coordinator/work/mx_hosts.h"
#include "scanner/coordinator/work/name_servers.h"
#include "scanner/coordinator/work/policies.h"
#include "scanner/coordinator/work/probes.h"

/* All other names have been asked. */
static bool
is_last(const struct work *work)
{
	return hosts_queue.is_done(work) && hosts_second_queue.is_done(work) &&
	    chunks_queue.is_done(work) && held_queue.is_done(work) &&
	    domains_second_queue.is_done(work);
}

static bool
has_name(const struct work *work)
{
	return (domains_has_suspect(work) || mx_hosts_has_suspect(work)) &&
	    is_last(work);
}

static bool
has_next(struct work *work, int64_t now_ms)
{
	(void)now_ms;
	return has_name(work) || policies_has_suspect(work) ||
	    probes_has_suspect(work);
}

static struct batch *
next(struct work *work, unsigned worker, int64_t now_ms)
{
	(void)worker;
	if (has_name(work))
		return domains_has_suspect(work) ? domains_next_suspect(work)
		    : mx_hosts_next_suspect(work);
	return policies_has_suspect(work) ? policies_next_suspect(work)
	    : probes_next_suspect(work, now_ms);
}

static void
lost(struct work *work, struct batch *batch)
{
	static void (*const take_back[JOB_KINDS])(struct work *,
	    struct batch *) = {
		[JOB_DOMAINS] = domains_take_back,
		[JOB_HOSTS] = mx_hosts_take_back,
		[JOB_PROBES] = probes_take_back,
		[JOB_POLICIES] = policies_take_back,
	};

	take_back[batch->kind](work, batch);
}

static bool
is_done(const struct work *work)
{
	return !domains_has_suspect(work) && !mx_hosts_has_suspect(work) &&
	    !policies_has_suspect(work) && !probes_has_suspect(work);
}

/* A batch has the kind of its suspect. */
const struct work_queue suspects_queue = {
	.seat = SEAT_EXAMINER, .has_next = has_next, .next = next,
	.lost = lost, .is_done = is_done,
};

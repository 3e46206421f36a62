/* lanes: chooses the lane of a question (worker.h: worker_lane), and bounds how
 * many questions are in flight there. */
#include "scanner/dns/direct/direct.h"
#include "scanner/worker/worker_internal.h"

struct lane *
worker_lane(const struct worker *worker, enum ask ask)
{
	if (ask == ASK_DIRECT)
		return direct_lane(worker->direct);
	return resolver_lane(worker->resolvers[ask]);
}

bool
worker_has_second_pass(const struct worker *worker)
{
	return worker->options->attempts > 1 &&
	    !worker->options->only_allowed_networks;
}

bool
worker_has_keys(const struct worker *worker,
    const struct delegation *delegation)
{
	return direct_has_keys(worker->direct, delegation);
}

void
worker_count(const struct worker *worker, struct resolver_counts *counts)
{
	struct resolver_counts more;
	struct direct_counts direct;

	*counts = (struct resolver_counts){ 0 };
	for (int ask = 0; ask < ASK_AGAIN; ask++) {
		resolver_count(worker->resolvers[ask], &more);
		counts->asked += more.asked;
		counts->timed_out += more.timed_out;
		counts->in_flight += more.in_flight;
		counts->waiting += more.waiting;
	}
	direct_count(worker->direct, &direct);
	counts->asked += direct.lookups;
	counts->in_flight += direct.in_flight;
	counts->waiting += direct.waiting;
}

unsigned
worker_late(const struct worker *worker)
{
	struct resolver_counts counts;
	struct direct_counts direct;
	unsigned late;

	direct_count(worker->direct, &direct);
	late = direct.late < DIRECT_LATE_MOST ? direct.late : DIRECT_LATE_MOST;
	for (int ask = 0; ask < RESOLVERS; ask++) {
		resolver_count(worker->resolvers[ask], &counts);
		late += counts.late;
	}
	return late;
}

void
worker_set_questions(struct worker *worker, unsigned window)
{
	for (int ask = 0; ask < ASK_AGAIN; ask++)
		resolver_set_window(worker->resolvers[ask], window);
	direct_set_window(worker->direct, window);
}

/* lanes: chooses the lane of a question (worker.h: worker_lane), and bounds how
 * many questions are in flight there. */
#include "scanner/worker/worker_internal.h"

struct lane *
worker_lane(const struct worker *worker, enum ask ask)
{
	return resolver_lane(worker->resolvers[ask]);
}

void
worker_count(const struct worker *worker, struct resolver_counts *counts)
{
	struct resolver_counts more;

	resolver_count(worker->resolvers[ASK_DOMAIN], counts);
	resolver_count(worker->resolvers[ASK_HOST], &more);
	counts->asked += more.asked;
	counts->timed_out += more.timed_out;
	counts->in_flight += more.in_flight;
	counts->waiting += more.waiting;
}

void
worker_set_questions(struct worker *worker, unsigned window)
{
	resolver_set_window(worker->resolvers[ASK_DOMAIN], window);
	resolver_set_window(worker->resolvers[ASK_HOST], window);
}

/*
 * shares: how the workers share the rate of one name server (RULES K9: name
 * servers). The shares follow the names that wait at each worker. Their sum is
 * never above the rate. It is pure: the caller passes the time, and sends the
 * shares to the workers.
 *
 * A change has two steps. First the falling shares are sent. The rising ones
 * are sent SHARES_SETTLE_MS later, when each worker has read the first
 * messages: a worker that has not read them does not run, and a worker that
 * runs again reads it after one burst at most (worker/budget.h).
 *
 * If no name waits for SHARES_IDLE_MS, the shares become equal again. A worker
 * says once a second what waits; one that says nothing for SHARES_SILENT_MS has
 * died or is stopped, and nothing waits there.
 */
#ifndef MXCENSUS_COORDINATOR_WORK_SHARES_H
#define MXCENSUS_COORDINATOR_WORK_SHARES_H

#include <stdbool.h>
#include <stdint.h>

#define SHARES_SETTLE_MS	1000
#define SHARES_IDLE_MS		10000
#define SHARES_SILENT_MS	3000

/* The share of a worker at which `waiting` of `all` names wait. A fifth of the
 * rate is shared equally, so that each worker can begin. If no name waits, the
 * whole rate is. */
double	share_by_demand(double rate, unsigned workers, double waiting,
	    double all);

struct shares;

/* Equal shares. */
struct shares *shares_new(unsigned workers, double rate);
void	shares_free(struct shares *);
/* So many names wait at this worker now. */
void	shares_note(struct shares *, unsigned worker, uint64_t waiting,
	    int64_t now_ms);
/* The rate has changed, and with it all shares. */
void	shares_set_rate(struct shares *, double rate);
/* Returns the share that was last sent to the worker. */
double	shares_of(const struct shares *, unsigned worker);
/* Takes the next step, and sends the shares that it changes. Called once a
 * second. Returns false if the shares are equal and will stay so. */
bool	shares_look(struct shares *, int64_t now_ms,
	    void (*tell)(void *tag, unsigned worker), void *tag);

#endif

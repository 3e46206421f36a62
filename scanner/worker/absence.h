/*
 * absence: notices that this process did not run for a while: the machine
 * slept, or the process was stopped (RULES F23). Deadlines that passed
 * meanwhile say nothing about a peer.
 *
 * A timer on the loop checks the clocks twice a second. A gap of more than two
 * seconds between two checks is an absence, even if the loop was busy for that
 * long. It is embedded in its owner, and has no callbacks.
 */
#ifndef MXCENSUS_WORKER_ABSENCE_H
#define MXCENSUS_WORKER_ABSENCE_H

#include <ev.h>
#include <stdbool.h>
#include <stdint.h>

struct absence_clocks {
	/* Stops while the machine sleeps. */
	int64_t	(*monotonic_ms)(void);
	/* Continues while the machine sleeps. */
	int64_t	(*boottime_ms)(void);
};

struct absence {
	struct absence_clocks	 clocks;
	struct ev_loop		*ev;
	ev_timer		 timer;
	int64_t			 looked_at;	/* by boottime_ms */
	int64_t			 ended_at;	/* of the last absence, by
						 * monotonic_ms; INT64_MIN:
						 * none */
};

/* `clocks` is NULL for the clocks of the system; a test has its own. */
void	absence_start(struct absence *, struct ev_loop *,
	    const struct absence_clocks *clocks);
void	absence_stop(struct absence *);
/* Was this process away at any time after `started_monotonic_ms`
 * (clock_monotonic_ms)? An absence that the timer has not seen yet counts. If
 * in doubt, the answer is yes. */
bool	absence_since(const struct absence *, int64_t started_monotonic_ms);

#endif

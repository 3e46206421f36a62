/*
 * absence: notices that this process was away: the machine slept, or somebody
 * stopped the process (RULES F23). Deadlines that passed meanwhile say nothing
 * about a peer.
 *
 * A timer on the loop looks at the clocks twice a second. A gap of more than two
 * seconds between two looks is an absence, also if the loop was busy for so
 * long. Embedded in its owner, and calls nobody back.
 */
#ifndef MXCENSUS_WORKER_ABSENCE_H
#define MXCENSUS_WORKER_ABSENCE_H

#include <ev.h>
#include <stdbool.h>
#include <stdint.h>

struct absence_clocks {
	/* Stands still while the machine sleeps. */
	int64_t	(*monotonic_ms)(void);
	/* Goes on while the machine sleeps. */
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
 * (clock_monotonic_ms)? An absence that the timer has not seen yet counts. If in
 * doubt the answer is yes. */
bool	absence_since(const struct absence *, int64_t started_monotonic_ms);

#endif

/*
 * pause: makes a run wait for something that is broken on this machine (a full
 * disk, a dead network), and continue when that works again. It is pure: it
 * reads no clock and touches no loop. Its owner passes the time (of a monotonic
 * clock), holds the work back while the pause is active, and calls pause_tick
 * once a second.
 *
 * While it is active, it checks after 1, 2, 4, ... and then every 30 s whether
 * the reason is gone, and a last time when the grace has passed. If the same
 * trouble comes back before pause_settle was called, the pause continues where
 * it was: the waits keep growing, and the used part of the grace stays used. So
 * a run cannot start and fail for ever.
 */
#ifndef MXCENSUS_COORDINATOR_PAUSE_H
#define MXCENSUS_COORDINATOR_PAUSE_H

#include <stdbool.h>
#include <stdint.h>

#define PAUSE_REASON_MAX	256
#define PAUSE_WAIT_FIRST_MS	1000
#define PAUSE_WAIT_MOST_MS	30000

/* The callbacks run inside pause_tick or pause_end. */
struct pause_events {
	void	*tag;
	/* Is the reason gone? NULL if the owner finds out by itself and calls
	 * pause_end. */
	bool	(*look)(void *tag);
	/* The pause is over and has taken this long. The work may continue. */
	void	(*over)(void *tag, int64_t paused_ms);
	/* The grace has passed, and the reason is still there. The pause is not
	 * active any more. */
	void	(*passed)(void *tag);
};

/* Zeroed but for its events, it is ready. The owner reads `is_active` and
 * `reason`. */
struct pause {
	struct pause_events events;
	char	reason[PAUSE_REASON_MAX];
	bool	is_active;
	int64_t	begun_ms, grace_ms;
	int64_t	used_ms;		/* of the grace, by earlier pauses of
					 * the same trouble */
	int64_t	wait_ms, next_look_ms;	/* wait_ms 0: a first pause */
	int64_t	ended_ms;		/* sum of the pauses that are over */
};

/* Begins the pause. The reason is kept for the messages of the owner. Returns
 * false if there is no grace, or if it has passed; then there is no pause. Does
 * nothing if a pause is active. */
bool	pause_begin(struct pause *, const char *reason, int64_t grace_ms,
	    int64_t now_ms);
void	pause_tick(struct pause *, int64_t now_ms);
/* Says that the reason is gone. Calls `over` if the pause is active. */
void	pause_end(struct pause *, int64_t now_ms);
/* Ends the pause because the run ends for another reason. Calls nothing. */
void	pause_cancel(struct pause *, int64_t now_ms);
/* Says that what had failed has worked since the pause, so the trouble is
 * really over. */
void	pause_settle(struct pause *);
/* Returns the time of all pauses, including the active one. */
int64_t	pause_total_ms(const struct pause *, int64_t now_ms);

#endif

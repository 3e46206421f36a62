/*
 * watchdog: does a worker still give signs of life? Every worker sends a gauge
 * each second. The caller checks once a second, and passes the time and the
 * processor time that the worker has used. It is pure: it reads no clock and
 * touches no process.
 *
 * The times are of a monotonic clock. If the caller itself has not checked for
 * a while (because it or the machine was stopped), the silence is not the
 * worker's fault, and the watchdog starts again.
 */
#ifndef MXCENSUS_COORDINATOR_CREW_WATCHDOG_H
#define MXCENSUS_COORDINATOR_CREW_WATCHDOG_H

#include <stdbool.h>
#include <stdint.h>

#define WATCHDOG_LIMIT_MS	30000
/* Before its first sign, a worker has this many times the limit, because it
 * loads its trust store. */
#define WATCHDOG_START_FACTOR	4
/* The caller has been away if it has not looked for longer than this. */
#define WATCHDOG_GAP_MS		2000
/* A worker that uses less processor time than this in the second half of a
 * silence does not spin. */
#define WATCHDOG_SPIN_MS	100

/* Zeroed when the worker starts. */
struct watchdog {
	bool	has_sign;	/* since the last look */
	bool	has_spoken;	/* since its start */
	bool	has_looked;
	int64_t	looked_ms;
	int64_t	silent_since_ms;
	bool	is_halfway;	/* of the limit */
	int64_t	halfway_cpu_ms;
};

enum watchdog_finding {
	WATCHDOG_WELL,
	WATCHDOG_MUTE,		/* it does nothing: it is stopped, or blocked */
	WATCHDOG_SPINS,		/* it computes, and never comes back to its
				 * loop */
};

/* The worker has given a sign of life. */
void	watchdog_note_sign(struct watchdog *);
/* How long the worker had given no sign at the last look. */
int64_t	watchdog_silence_ms(const struct watchdog *);
/* `cpu_ms`: processor time of the worker since its start; negative: unknown. */
enum watchdog_finding watchdog_look(struct watchdog *, int64_t limit_ms,
	    int64_t now_ms, int64_t cpu_ms);

#endif

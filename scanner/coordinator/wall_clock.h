/*
 * wall_clock: was the clock of this machine set? Signatures and certificates
 * are judged by it. The wall clock is compared with a clock that cannot be set
 * and that also runs while the machine sleeps. It is pure: it reads no clock.
 */
#ifndef MXCENSUS_COORDINATOR_WALL_CLOCK_H
#define MXCENSUS_COORDINATOR_WALL_CLOCK_H

#include <stdint.h>

/* NTP steps by less than this, and such a step changes no verdict. */
#define WALL_CLOCK_STEP_MS	60000

struct wall_clock {
	int64_t	offset_ms;	/* wall clock minus time since boot, at the last
				 * look */
};

void	wall_clock_init(struct wall_clock *, int64_t wall_ms, int64_t boot_ms);
/* Returns by how much the clock was set since the last look; 0 if by no more
 * than WALL_CLOCK_STEP_MS. */
int64_t	wall_clock_look(struct wall_clock *, int64_t wall_ms,
	    int64_t boot_ms);

#endif

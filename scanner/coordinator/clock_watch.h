/*
 * clock_watch: looks whether somebody has set the clock of this machine
 * (wall_clock.h), and keeps it in mind until other workers take over: what the
 * present ones have validated meanwhile may be wrong.
 */
#ifndef MXCENSUS_COORDINATOR_CLOCK_WATCH_H
#define MXCENSUS_COORDINATOR_CLOCK_WATCH_H

#include <stdbool.h>

#include "scanner/coordinator/wall_clock.h"

struct clock_watch {
	struct wall_clock clock;
	int64_t		 step_ms;	/* it was set by so much */
	bool		 was_set;	/* and nothing has followed yet */
};

void	clock_watch_init(struct clock_watch *);
/* Was it set since the last look? */
bool	clock_watch_look(struct clock_watch *);
/* Other workers take over: a line, and `was_set` is false again. */
void	clock_watch_tell(struct clock_watch *);

#endif

/*
 * clock_watch: looks whether somebody has set the clock of this machine
 * (wall_clock.h), and remembers it until other workers take over: what the
 * present workers have validated since then may be wrong.
 */
#ifndef MXCENSUS_COORDINATOR_CLOCK_WATCH_H
#define MXCENSUS_COORDINATOR_CLOCK_WATCH_H

#include <stdbool.h>

#include "scanner/coordinator/wall_clock.h"

struct clock_watch {
	struct wall_clock clock;
	int64_t		 step_ms;	/* by how much it was set */
	bool		 was_set;	/* and no other workers have taken over
					 * yet */
};

void	clock_watch_init(struct clock_watch *);
/* Was it set since the last look? */
bool	clock_watch_look(struct clock_watch *);
/* Other workers take over: writes a line, and clears `was_set`. */
void	clock_watch_tell(struct clock_watch *);

#endif

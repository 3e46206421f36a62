/*
 * clock_watch: notices if the clock of this machine was set (wall_clock.h), and
 * remembers it until other workers take over: what the present workers have
 * validated since then may be wrong.
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
/* Was the clock set since the last look? */
bool	clock_watch_look(struct clock_watch *);
/* Call it when other workers take over. It writes a message and clears
 * `was_set`. */
void	clock_watch_tell(struct clock_watch *);

#endif

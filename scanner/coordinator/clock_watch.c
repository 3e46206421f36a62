#include "scanner/coordinator/clock_watch.h"

#include <math.h>

#include "scanner/base/clock.h"
#include "scanner/base/log.h"

void
clock_watch_init(struct clock_watch *watch)
{
	wall_clock_init(&watch->clock, clock_wall_ms(), clock_boot_ms());
}

bool
clock_watch_look(struct clock_watch *watch)
{
	int64_t step_ms = wall_clock_look(&watch->clock, clock_wall_ms(),
	    clock_boot_ms());

	if (step_ms == 0)
		return false;
	watch->was_set = true;
	watch->step_ms = step_ms;
	return true;
}

void
clock_watch_tell(struct clock_watch *watch)
{
	double seconds = (double)watch->step_ms / 1000;

	watch->was_set = false;
	log_line("the clock of this machine was set %s by %.0f s: other "
	    "workers take over, and check it first", seconds < 0 ? "back" : "forward",
	    fabs(seconds));
}

#include "scanner/coordinator/wall_clock.h"

void
wall_clock_init(struct wall_clock *clock, int64_t wall_ms, int64_t boot_ms)
{
	clock->offset_ms = wall_ms - boot_ms;
}

int64_t
wall_clock_look(struct wall_clock *clock, int64_t wall_ms, int64_t boot_ms)
{
	int64_t step_ms = wall_ms - boot_ms - clock->offset_ms;

	clock->offset_ms += step_ms;
	return step_ms > WALL_CLOCK_STEP_MS || step_ms < -WALL_CLOCK_STEP_MS
	    ? step_ms : 0;
}

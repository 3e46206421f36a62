#include "scanner/worker/absence.h"

#include "scanner/base/clock.h"

#define LOOK_SECONDS	0.5
#define GAP_MS		2000

/* clock_ms differs from CLOCK_BOOTTIME by a constant. */
static const struct absence_clocks of_system = {
	clock_monotonic_ms, clock_ms,
};

static bool
is_gap(const struct absence *absence)
{
	return absence->clocks.boottime_ms() - absence->looked_at > GAP_MS;
}

static void
on_look(struct ev_loop *ev, ev_timer *timer, int revents)
{
	struct absence *absence = timer->data;

	(void)ev;
	(void)revents;
	if (is_gap(absence))
		absence->ended_at = absence->clocks.monotonic_ms();
	absence->looked_at = absence->clocks.boottime_ms();
}

void
absence_start(struct absence *absence, struct ev_loop *ev,
    const struct absence_clocks *clocks)
{
	absence->clocks = clocks != NULL ? *clocks : of_system;
	absence->ev = ev;
	absence->looked_at = absence->clocks.boottime_ms();
	absence->ended_at = INT64_MIN;
	ev_timer_init(&absence->timer, on_look, LOOK_SECONDS, LOOK_SECONDS);
	absence->timer.data = absence;
	ev_timer_start(ev, &absence->timer);
}

void
absence_stop(struct absence *absence)
{
	ev_timer_stop(absence->ev, &absence->timer);
}

/* Something that starts in the millisecond in which an absence ends may have
 * started before it, since the monotonic clock stops in between. */
bool
absence_since(const struct absence *absence, int64_t started_monotonic_ms)
{
	return is_gap(absence) || started_monotonic_ms <= absence->ended_at;
}

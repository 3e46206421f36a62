#include "scanner/coordinator/crew/watchdog.h"

void
watchdog_note_sign(struct watchdog *watchdog)
{
	watchdog->has_sign = true;
	watchdog->has_spoken = true;
}

int64_t
watchdog_silence_ms(const struct watchdog *watchdog)
{
	return watchdog->looked_ms - watchdog->silent_since_ms;
}

static bool
was_away(const struct watchdog *watchdog, int64_t now_ms)
{
	return !watchdog->has_looked ||
	    now_ms - watchdog->looked_ms > WATCHDOG_GAP_MS;
}

enum watchdog_finding
watchdog_look(struct watchdog *watchdog, int64_t limit_ms, int64_t now_ms,
    int64_t cpu_ms)
{
	bool starts_again = was_away(watchdog, now_ms) || watchdog->has_sign;
	int64_t silent_ms;

	watchdog->has_looked = true;
	watchdog->has_sign = false;
	watchdog->looked_ms = now_ms;
	if (starts_again) {
		watchdog->silent_since_ms = now_ms;
		watchdog->is_halfway = false;
		return WATCHDOG_WELL;
	}
	if (!watchdog->has_spoken)
		limit_ms *= WATCHDOG_START_FACTOR;
	silent_ms = now_ms - watchdog->silent_since_ms;
	/* What it did just after its last sign says nothing: it may have been
	 * stopped later. */
	if (silent_ms >= limit_ms / 2 && !watchdog->is_halfway) {
		watchdog->is_halfway = true;
		watchdog->halfway_cpu_ms = cpu_ms;
	}
	if (silent_ms < limit_ms)
		return WATCHDOG_WELL;
	return watchdog->halfway_cpu_ms >= 0 && cpu_ms -
	    watchdog->halfway_cpu_ms >= WATCHDOG_SPIN_MS
	    ? WATCHDOG_SPINS : WATCHDOG_MUTE;
}

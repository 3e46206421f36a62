#include "scanner/coordinator/pause.h"

#include <stdio.h>

/* The look when the grace has passed is never left out. */
static void
set_next_look(struct pause *pause, int64_t now_ms)
{
	int64_t last_ms = pause->begun_ms + pause->grace_ms - pause->used_ms;

	pause->next_look_ms = now_ms + pause->wait_ms;
	if (pause->next_look_ms > last_ms)
		pause->next_look_ms = last_ms;
	pause->wait_ms *= 2;
	if (pause->wait_ms > PAUSE_WAIT_MOST_MS)
		pause->wait_ms = PAUSE_WAIT_MOST_MS;
}

bool
pause_begin(struct pause *pause, const char *reason, int64_t grace_ms,
    int64_t now_ms)
{
	if (pause->is_active)
		return true;
	if (pause->used_ms >= grace_ms)
		return false;
	snprintf(pause->reason, sizeof pause->reason, "%s", reason);
	pause->is_active = true;
	pause->begun_ms = now_ms;
	pause->grace_ms = grace_ms;
	if (pause->wait_ms == 0)
		pause->wait_ms = PAUSE_WAIT_FIRST_MS;
	set_next_look(pause, now_ms);
	return true;
}

void
pause_cancel(struct pause *pause, int64_t now_ms)
{
	int64_t paused_ms = pause->is_active ? now_ms - pause->begun_ms : 0;

	pause->ended_ms += paused_ms;
	pause->used_ms += paused_ms;
	pause->is_active = false;
}

void
pause_end(struct pause *pause, int64_t now_ms)
{
	if (!pause->is_active)
		return;
	pause_cancel(pause, now_ms);
	pause->events.over(pause->events.tag, now_ms - pause->begun_ms);
}

void
pause_tick(struct pause *pause, int64_t now_ms)
{
	if (!pause->is_active || now_ms < pause->next_look_ms)
		return;
	if (pause->events.look != NULL &&
	    pause->events.look(pause->events.tag)) {
		pause_end(pause, now_ms);
	} else if (now_ms - pause->begun_ms >=
	    pause->grace_ms - pause->used_ms) {
		pause_cancel(pause, now_ms);
		pause->events.passed(pause->events.tag);
	} else {
		set_next_look(pause, now_ms);
	}
}

void
pause_settle(struct pause *pause)
{
	if (!pause->is_active)
		pause->used_ms = pause->wait_ms = 0;
}

int64_t
pause_total_ms(const struct pause *pause, int64_t now_ms)
{
	return pause->ended_ms + (pause->is_active
	    ? now_ms - pause->begun_ms : 0);
}

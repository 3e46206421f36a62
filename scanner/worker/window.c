#include "scanner/worker/window.h"

#define TICK_SECONDS	0.1
#define LAG_MOST_MS	100.
#define LAG_LITTLE_MS	30.

unsigned
window_next(unsigned size, unsigned most, double lag_ms, bool is_full)
{
	unsigned least = most < WINDOW_LEAST ? most : WINDOW_LEAST;

	if (lag_ms > LAG_MOST_MS)
		size -= size / 4;
	else if (lag_ms < LAG_LITTLE_MS && is_full)
		size += size / 8 + 1;
	if (size < least)
		return least;
	return size > most ? most : size;
}

static void
on_tick(struct ev_loop *ev, ev_timer *watcher, int revents)
{
	struct window *window = watcher->data;
	/* Not the loop's own idea of now, which stands still in a turn. */
	ev_tstamp now = ev_time();
	double lag_ms = (now - window->last - TICK_SECONDS) * 1000;
	unsigned size;

	(void)ev;
	(void)revents;
	window->last = now;
	if (lag_ms < 0)
		lag_ms = 0;
	window->lag_ms = lag_ms > window->lag_ms ? lag_ms
	    : (3 * window->lag_ms + lag_ms) / 4;
	size = window_next(window->size, window->most, lag_ms,
	    window->is_full(window));
	if (size == window->size)
		return;
	window->size = size;
	window->changed(window);
}

void
window_start(struct window *window, struct ev_loop *ev, unsigned most,
    bool (*is_full)(struct window *), void (*changed)(struct window *))
{
	*window = (struct window){
		.last = ev_time(), .most = most, .is_full = is_full,
		.size = most < WINDOW_FIRST ? most : WINDOW_FIRST,
		.changed = changed,
	};
	ev_timer_init(&window->tick, on_tick, TICK_SECONDS, TICK_SECONDS);
	window->tick.data = window;
	ev_timer_start(ev, &window->tick);
}

void
window_stop(struct window *window, struct ev_loop *ev)
{
	ev_timer_stop(ev, &window->tick);
}

#include "scanner/worker/window.h"

#define TICK_SECONDS	0.1
#define TICKS_A_SECOND	10
#define LAG_MOST_MS	100.
#define LAG_LITTLE_MS	30.
#define HOLD_SECONDS	10
#define WORTH_IT	20	/* one more answer in this many */

static void
set_size(struct window_steer *steer, unsigned size)
{
	unsigned least = steer->most < WINDOW_LEAST ? steer->most
						    : WINDOW_LEAST;

	steer->size = size < least ? least : size > steer->most ? steer->most
								: size;
}

void
window_steer_init(struct window_steer *steer, unsigned most)
{
	*steer = (struct window_steer){ .most = most };
	set_size(steer, WINDOW_FIRST);
}

void
window_steer_lag(struct window_steer *steer, double lag_ms)
{
	if (lag_ms <= LAG_MOST_MS)
		return;
	set_size(steer, steer->size - steer->size / 4);
	steer->is_trying = false;
	steer->hold = HOLD_SECONDS;
}

void
window_steer_second(struct window_steer *steer, uint64_t answered,
    bool is_full, double lag_ms)
{
	bool was_trying = steer->is_trying;

	steer->is_trying = false;
	if (was_trying && answered < steer->before_answered +
	    steer->before_answered / WORTH_IT) {
		set_size(steer, steer->before);
		steer->hold = HOLD_SECONDS;
	} else if (steer->hold > 0) {
		steer->hold--;
	} else if (is_full && lag_ms < LAG_LITTLE_MS &&
	    steer->size < steer->most) {
		steer->before = steer->size;
		steer->before_answered = answered;
		steer->is_trying = true;
		set_size(steer, steer->size + steer->size / 4 + 1);
	}
}

static void
on_tick(struct ev_loop *ev, ev_timer *watcher, int revents)
{
	struct window *window = watcher->data;
	/* The loop's own time stands still during a turn, so it is not used. */
	ev_tstamp now = ev_time();
	double lag_ms = (now - window->last - TICK_SECONDS) * 1000;
	uint64_t answered;
	bool is_full;

	(void)ev;
	(void)revents;
	window->last = now;
	if (lag_ms < 0)
		lag_ms = 0;
	window->lag_ms = lag_ms > window->lag_ms ? lag_ms
	    : (3 * window->lag_ms + lag_ms) / 4;
	window_steer_lag(&window->steer, lag_ms);
	if (++window->ticks % TICKS_A_SECOND == 0) {
		window->look(window, &is_full, &answered);
		window_steer_second(&window->steer, answered -
		    window->answered, is_full, window->lag_ms);
		window->answered = answered;
	}
	if (window->steer.size == window->size)
		return;
	window->size = window->steer.size;
	window->changed(window);
}

void
window_start(struct window *window, struct ev_loop *ev, unsigned most,
    void (*look)(struct window *, bool *, uint64_t *),
    void (*changed)(struct window *))
{
	*window = (struct window){
		.last = ev_time(), .look = look, .changed = changed,
	};
	window_steer_init(&window->steer, most);
	window->size = window->steer.size;
	ev_timer_init(&window->tick, on_tick, TICK_SECONDS, TICK_SECONDS);
	window->tick.data = window;
	ev_timer_start(ev, &window->tick);
}

void
window_stop(struct window *window, struct ev_loop *ev)
{
	ev_timer_stop(ev, &window->tick);
}

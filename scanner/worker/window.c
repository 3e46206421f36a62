#include "scanner/worker/window.h"

#define LAG_MOST_MS	100.
#define LAG_LITTLE_MS	30.
/* Ticks. */
#define PERIOD_LEAST	4
#define PERIOD_RACING	2
#define PERIOD_MOST	30
#define HOLD		100	/* after a try in vain */
#define HOLD_LATE	10
#define WORTH_IT	20	/* one more answer in this many */
#define CLEAR		2	/* the same, of a try that need not go on */

static void
set_size(struct window_steer *steer, unsigned size)
{
	unsigned least = steer->most < WINDOW_LEAST ? steer->most
						    : WINDOW_LEAST;

	steer->size = size < least ? least : size > steer->most ? steer->most
								: size;
}

/* Starts to count again, after `settle` ticks. What would end the race is counted for
 * longer than what begins the next try. */
static void
begin_count(struct window_steer *steer, unsigned settle)
{
	unsigned least = steer->is_racing && !steer->is_trying ? PERIOD_RACING
							       : PERIOD_LEAST;

	steer->settle = settle;
	steer->period = settle < least ? least : settle;
	steer->ticks = steer->full_ticks = 0;
	steer->answered = 0;
}

void
window_steer_init(struct window_steer *steer, unsigned most)
{
	*steer = (struct window_steer){ .most = most, .is_racing = true };
	set_size(steer, WINDOW_FIRST);
	begin_count(steer, 0);
}

void
window_steer_late(struct window_steer *steer)
{
	set_size(steer, steer->size - steer->size / 4);
	if (steer->is_trying)
		steer->is_racing = false;
	steer->hold = steer->is_racing ? HOLD_LATE : HOLD;
	steer->is_trying = false;
	begin_count(steer, 0);
}

/* A full window is answered once in a round trip. */
static unsigned
round_trip(const struct window_steer *steer, double rate)
{
	double ticks = rate > 0 ? steer->size / rate : PERIOD_MOST;

	return ticks < PERIOD_MOST ? (unsigned)ticks + 1 : PERIOD_MOST;
}

static void
try_larger(struct window_steer *steer, double rate)
{
	unsigned settle = round_trip(steer, rate);

	steer->is_trying = true;
	steer->before = steer->size;
	steer->before_rate = rate;
	set_size(steer, steer->size + (steer->is_racing ? steer->size
							: steer->size / 4 + 1));
	begin_count(steer, settle);
}

/* Returns to the size before the try. */
static void
end_try(struct window_steer *steer, unsigned hold)
{
	steer->is_trying = false;
	steer->hold = hold;
	set_size(steer, steer->before);
}

static double
rate_of(const struct window_steer *steer)
{
	return (double)steer->answered / steer->ticks;
}

/* Does the larger window bring one more answer in `share`? */
static bool
brings(const struct window_steer *steer, int share)
{
	return rate_of(steer) >= steer->before_rate +
	    steer->before_rate / share;
}

static void
judge(struct window_steer *steer, bool is_in_time)
{
	double rate = rate_of(steer);
	bool was_full = steer->full_ticks > steer->ticks / 2;

	if (steer->is_trying && !was_full) {
		/* There was too little to do to draw a conclusion. */
		end_try(steer, 0);
	} else if (steer->is_trying && !brings(steer, WORTH_IT)) {
		steer->is_racing = false;
		end_try(steer, HOLD);
	} else {
		steer->is_trying = false;
		if (was_full && is_in_time && steer->hold == 0 &&
		    steer->size < steer->most) {
			try_larger(steer, rate);
			return;
		}
	}
	begin_count(steer, 0);
}

/* With twice the places there may be twice the answers. If the loop is late,
 * some of them are of the time before. */
static bool
is_clear(const struct window_steer *steer, bool is_in_time)
{
	return steer->is_racing && steer->is_trying && is_in_time &&
	    steer->ticks >= PERIOD_RACING && brings(steer, CLEAR);
}

void
window_steer_tick(struct window_steer *steer, uint64_t answered, bool is_full,
    bool is_in_time)
{
	if (steer->hold > 0)
		steer->hold--;
	if (steer->settle > 0) {
		steer->settle--;
		return;
	}
	steer->answered += answered;
	steer->full_ticks += is_full;
	if (++steer->ticks == steer->period || is_clear(steer, is_in_time))
		judge(steer, is_in_time);
}

static void
on_tick(struct ev_loop *ev, ev_timer *watcher, int revents)
{
	struct window *window = watcher->data;
	/* The loop's own time stands still during a turn, so it is not used. */
	ev_tstamp now = ev_time();
	double lag_ms = (now - window->last - WINDOW_TICK_SECONDS) * 1000;
	struct window_view view;

	(void)ev;
	(void)revents;
	window->last = now;
	if (lag_ms < 0)
		lag_ms = 0;
	window->lag_ms = lag_ms > window->lag_ms ? lag_ms
	    : (3 * window->lag_ms + lag_ms) / 4;
	window->look(window, &view);
	if (lag_ms > LAG_MOST_MS || view.dropped > window->dropped)
		window_steer_late(&window->steer);
	else
		window_steer_tick(&window->steer, view.answered -
		    window->answered, view.is_full,
		    window->lag_ms < LAG_LITTLE_MS);
	window->answered = view.answered;
	window->dropped = view.dropped;
	if (window->steer.size == window->size)
		return;
	window->size = window->steer.size;
	window->changed(window);
}

void
window_start(struct window *window, struct ev_loop *ev, unsigned most,
    void (*look)(struct window *, struct window_view *),
    void (*changed)(struct window *))
{
	*window = (struct window){
		.last = ev_time(), .look = look, .changed = changed,
	};
	window_steer_init(&window->steer, most);
	window->size = window->steer.size;
	ev_timer_init(&window->tick, on_tick, WINDOW_TICK_SECONDS,
	    WINDOW_TICK_SECONDS);
	window->tick.data = window;
	ev_timer_start(ev, &window->tick);
}

void
window_stop(struct window *window, struct ev_loop *ev)
{
	ev_timer_stop(ev, &window->tick);
}

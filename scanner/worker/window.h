/*
 * window: bounds how many names are under way at a time. The worker owns it. It
 * calls changed() from the loop.
 *
 * A window must have room for what is answered during a round trip. How much
 * that is shows only if it grows: while it is full and the loop runs in time, it
 * grows for a try. Answers of a larger window come a round trip later, so the
 * try waits that long and counts then. The window stays larger if more was
 * answered, and shrinks back if not: something else is the limit, and a larger
 * window would only wait for it. Until the first try that brings nothing, it
 * doubles, and a try that brings half as much again is over at once; later it
 * grows by a quarter.
 *
 * If the loop runs late or the kernel drops packets, the window shrinks:
 * further questions would only wait and time out.
 */
#ifndef MXCENSUS_WORKER_WINDOW_H
#define MXCENSUS_WORKER_WINDOW_H

#include <ev.h>
#include <stdbool.h>
#include <stdint.h>

#define WINDOW_FIRST	200	/* the most to begin with */
#define WINDOW_LEAST	32

#define WINDOW_TICK_SECONDS	0.1

/* The steering, apart from the clock. Times are ticks. */
struct window_steer {
	unsigned	size, most;
	unsigned	hold;		/* until the next try */
	bool		is_racing;	/* no try was in vain yet */
	bool		is_trying;	/* it grew from `before` */
	unsigned	before;
	double		before_rate;	/* answers in a tick, with `before` */
	/* What is counted now. */
	unsigned	settle;		/* until it counts */
	unsigned	period;		/* counts for that long */
	unsigned	ticks, full_ticks;
	uint64_t	answered;
};

void	window_steer_init(struct window_steer *, unsigned most);
/* The loop ran late, or the kernel dropped packets: shrinks at once. */
void	window_steer_late(struct window_steer *);
/* At each tick: takes how much was answered since the last one, and whether the
 * window is full. It grows only while `is_in_time`. */
void	window_steer_tick(struct window_steer *, uint64_t answered,
	    bool is_full, bool is_in_time);

/* What a window is told at each tick. */
struct window_view {
	bool		is_full;
	uint64_t	answered, dropped;	/* so far */
};

struct window {
	ev_timer	 tick;
	ev_tstamp	 last;
	unsigned	 size;		/* names, or questions, at a time */
	double		 lag_ms;	/* how late the loop ran lately */
	struct window_steer steer;
	uint64_t	 answered, dropped;	/* until the last tick */
	/* look() fills the view. changed() is called when the size has
	 * changed. */
	void		(*look)(struct window *, struct window_view *);
	void		(*changed)(struct window *);
};

void	window_start(struct window *, struct ev_loop *, unsigned most,
	    void (*look)(struct window *, struct window_view *),
	    void (*changed)(struct window *));
void	window_stop(struct window *, struct ev_loop *);

#endif

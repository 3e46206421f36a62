/*
 * window: bounds how many names are under way at a time. The worker owns it. It
 * calls changed() from the loop.
 *
 * If the loop runs late, more questions would only wait and time out, so the
 * window shrinks. If the loop runs in time and the window is full, the window
 * grows for a try. It stays larger if more was answered in the next second, and
 * shrinks back if not: then something else is the limit, and a larger window
 * would only wait for it.
 */
#ifndef MXCENSUS_WORKER_WINDOW_H
#define MXCENSUS_WORKER_WINDOW_H

#include <ev.h>
#include <stdbool.h>
#include <stdint.h>

#define WINDOW_FIRST	200	/* the most to begin with */
#define WINDOW_LEAST	32

/* The steering, apart from the clock. */
struct window_steer {
	unsigned	size, most;
	unsigned	hold;		/* seconds until the next try */
	bool		is_trying;	/* it grew a second ago, from
					 * `before` */
	unsigned	before;
	uint64_t	before_answered;	/* answers in the second before
						 * that */
};

void	window_steer_init(struct window_steer *, unsigned most);
/* The loop ran this late: shrinks at once. */
void	window_steer_lag(struct window_steer *, double lag_ms);
/* Once a second: takes how much was answered in it, and whether the window was
 * full. */
void	window_steer_second(struct window_steer *, uint64_t answered,
	    bool is_full, double lag_ms);

struct window {
	ev_timer	 tick;
	ev_tstamp	 last;
	unsigned	 ticks;
	unsigned	 size;		/* names, or questions, at a time */
	double		 lag_ms;	/* how late the loop ran lately */
	struct window_steer steer;
	uint64_t	 answered;	/* answers until the last second */
	/* look() says whether the window is full, and how many answers came so
	 * far. changed() is called when the size has changed. */
	void		(*look)(struct window *, bool *is_full,
			    uint64_t *answered);
	void		(*changed)(struct window *);
};

void	window_start(struct window *, struct ev_loop *, unsigned most,
	    void (*look)(struct window *, bool *is_full, uint64_t *answered),
	    void (*changed)(struct window *));
void	window_stop(struct window *, struct ev_loop *);

#endif

/*
 * window: how many names are under way at a time.
 *
 * Where the loop comes late, questions would only wait, and time out: fewer of
 * them. Where it does not and the window is full, more are tried; they stay if
 * more was answered in the next second, and are taken back if not: then somebody
 * else is the limit, and a larger window would only wait for him.
 */
#ifndef MXCENSUS_WORKER_WINDOW_H
#define MXCENSUS_WORKER_WINDOW_H

#include <ev.h>
#include <stdbool.h>
#include <stdint.h>

#define WINDOW_FIRST	200	/* what it begins with, at the most */
#define WINDOW_LEAST	32

/* The steering, apart from the clock. */
struct window_steer {
	unsigned	size, most;
	unsigned	hold;		/* seconds without another try */
	bool		is_trying;	/* it grew a second ago, from: */
	unsigned	before;
	uint64_t	before_answered;	/* in the second before that */
};

void	window_steer_init(struct window_steer *, unsigned most);
/* The loop came so late: at once. */
void	window_steer_lag(struct window_steer *, double lag_ms);
/* Once a second: what was answered in it, and whether the window was full. */
void	window_steer_second(struct window_steer *, uint64_t answered,
	    bool is_full, double lag_ms);

struct window {
	ev_timer	 tick;
	ev_tstamp	 last;
	unsigned	 ticks;
	unsigned	 size;		/* names, or questions, at a time */
	double		 lag_ms;	/* how late the loop came, lately */
	struct window_steer steer;
	uint64_t	 answered;	/* until the last second */
	/* Is it full, and answers so far; and what to do when it has changed. */
	void		(*look)(struct window *, bool *is_full,
			    uint64_t *answered);
	void		(*changed)(struct window *);
};

void	window_start(struct window *, struct ev_loop *, unsigned most,
	    void (*look)(struct window *, bool *is_full, uint64_t *answered),
	    void (*changed)(struct window *));
void	window_stop(struct window *, struct ev_loop *);

#endif

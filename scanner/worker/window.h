/*
 * window: how many names are under way at a time. The loop says: where it comes
 * late, questions would only wait, and time out; where it does not and the window
 * is full, more of them are worth having.
 */
#ifndef MXCENSUS_WORKER_WINDOW_H
#define MXCENSUS_WORKER_WINDOW_H

#include <ev.h>
#include <stdbool.h>

struct window {
	ev_timer	 tick;
	ev_tstamp	 last;
	unsigned	 size;		/* names, or questions, at a time */
	unsigned	 most;		/* --window */
	double		 lag_ms;	/* how late the loop came, lately */
	/* Is the window full, and what is to be done when it has changed. */
	bool		(*is_full)(struct window *);
	void		(*changed)(struct window *);
};

/* Begins at WINDOW_FIRST, or `most`. */
#define WINDOW_FIRST	200
#define WINDOW_LEAST	32

void	window_start(struct window *, struct ev_loop *, unsigned most,
	    bool (*is_full)(struct window *), void (*changed)(struct window *));
void	window_stop(struct window *, struct ev_loop *);
/* The step of the steering, apart from the clock: the next size. */
unsigned window_next(unsigned size, unsigned most, double lag_ms, bool is_full);

#endif

/*
 * places: puts each question in flight into the window or, if it is late, into
 * a waiting room.
 *
 * The window bounds how much is asked at a time, and must have room for
 * questions that are answered soon. A question to a silent name server is in
 * flight for seconds, and a few of them would fill the window. So a late
 * question leaves it. If the waiting room is full, late questions stay in the
 * window: a resolver never asks more than both have room for.
 *
 * A question is late if it takes several times as long as answers usually do,
 * and after a second in any case. So the part of the window that silent servers
 * take depends only on their share of the questions, however fast the others
 * are.
 *
 * Nothing here reads a clock: callers pass the time, which never goes back.
 */
#ifndef MXCENSUS_DNS_RECURSIVE_PLACES_H
#define MXCENSUS_DNS_RECURSIVE_PLACES_H

#include <stdbool.h>
#include <stdint.h>

#include "scanner/base/list.h"

#define PLACES_LATE_MOST_MS	1000
#define PLACES_LATE_LEAST_MS	200
#define PLACES_LATE_TIMES	4	/* the usual time */

struct place {			/* embedded in the question */
	struct list	link;
	int64_t		since_ms;
	bool		is_late;
};

struct places {
	unsigned	window, room;		/* how many have room */
	unsigned	window_most;
	unsigned	in_window, in_room;	/* how many are there */
	double		usual_ms;		/* until an answer */
	struct list	soon, late;		/* places, oldest first */
};

/* The window has `window_most` places, until it is told otherwise. */
void	places_init(struct places *, unsigned window_most, unsigned room);
/* Sets the size of the window, up to window_most. */
void	places_set_window(struct places *, unsigned window);
static inline bool
places_has_free(const struct places *places)
{
	return places->in_window < places->window;
}
/* Takes a place in the window. */
void	places_take(struct places *, struct place *, int64_t now_ms);
/* Says that the question of this place is answered; it still has to leave. The
 * usual time slowly follows such answers. */
void	places_answered(struct places *, const struct place *,
	    int64_t now_ms);
void	places_leave(struct places *, struct place *);
/* Moves late questions into the waiting room while that has room. */
void	places_look(struct places *, int64_t now_ms);
/* Returns the place that was taken first, or NULL if there is none. */
struct place *places_oldest(const struct places *);
/* Returns when the next question may become late or reaches its deadline, or -1
 * if there is no question. */
int64_t	places_next_ms(const struct places *, int64_t deadline_ms);

#endif

/*
 * places: where the questions in flight stand: in the window, or, if they are
 * late, in a waiting room.
 *
 * The window bounds how much is asked at a time, and has to have room for what
 * is answered soon. A question to a silent name server is in flight for
 * seconds, and a few such questions would fill the window. So a late one leaves
 * it. If the waiting room is full, late questions stay in the window: a
 * resolver never asks more than both have room for.
 *
 * A question is late if it takes several times as long as answers usually do,
 * and after a second in any case. Silent servers then take a part of the window
 * that depends on their share alone, however fast the others are.
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
	unsigned	in_window, in_room;	/* how many are there */
	double		usual_ms;		/* until an answer */
	struct list	soon, late;		/* places, oldest first */
};

void	places_init(struct places *, unsigned window, unsigned room);
static inline bool
places_has_free(const struct places *places)
{
	return places->in_window < places->window;
}
/* Takes a place in the window. */
void	places_take(struct places *, struct place *, int64_t now_ms);
/* The question of this place is answered; it still has to leave. The usual time
 * follows such answers slowly. */
void	places_answered(struct places *, const struct place *,
	    int64_t now_ms);
void	places_leave(struct places *, struct place *);
/* Moves late questions into the waiting room while that has room. */
void	places_look(struct places *, int64_t now_ms);
/* The place that was taken first; NULL: there is none. */
struct place *places_oldest(const struct places *);
/* When the next question may be late or reaches its deadline; -1: there is no
 * question. */
int64_t	places_next_ms(const struct places *, int64_t deadline_ms);

#endif

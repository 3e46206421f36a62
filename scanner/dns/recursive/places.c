#include "scanner/dns/recursive/places.h"

#include <stddef.h>

#define WEIGHT (1. / 64)	/* of an answer, for the usual time */

void
places_init(struct places *places, unsigned window_most, unsigned room)
{
	*places = (struct places){
		.window = window_most, .window_most = window_most,
		.room = room,
		.usual_ms = PLACES_LATE_MOST_MS / PLACES_LATE_TIMES,
	};
	list_init(&places->soon);
	list_init(&places->late);
}

void
places_set_window(struct places *places, unsigned window)
{
	places->window = window < places->window_most ? window
						      : places->window_most;
}

void
places_take(struct places *places, struct place *place, int64_t now_ms)
{
	place->since_ms = now_ms;
	place->is_late = false;
	list_append(&places->soon, &place->link);
	places->in_window++;
}

void
places_answered(struct places *places, const struct place *place,
    int64_t now_ms)
{
	double took_ms = (double)(now_ms - place->since_ms);

	/* A single answer counts for a second at most. */
	if (took_ms > PLACES_LATE_MOST_MS)
		took_ms = PLACES_LATE_MOST_MS;
	places->usual_ms += (took_ms - places->usual_ms) * WEIGHT;
}

void
places_leave(struct places *places, struct place *place)
{
	list_remove(&place->link);
	if (place->is_late)
		places->in_room--;
	else
		places->in_window--;
}

static int64_t
late_ms(const struct places *places)
{
	double late = places->usual_ms * PLACES_LATE_TIMES;

	return late < PLACES_LATE_LEAST_MS ? PLACES_LATE_LEAST_MS
	    : late > PLACES_LATE_MOST_MS ? PLACES_LATE_MOST_MS
	    : (int64_t)late;
}

static struct place *
first_of(const struct list *list)
{
	return list_is_empty(list) ? NULL
	    : list_entry(list->next, struct place, link);
}

void
places_look(struct places *places, int64_t now_ms)
{
	int64_t late = late_ms(places);
	struct place *place;

	while (places->in_room < places->room &&
	    (place = first_of(&places->soon)) != NULL &&
	    now_ms - place->since_ms >= late) {
		places_leave(places, place);
		place->is_late = true;
		list_append(&places->late, &place->link);
		places->in_room++;
	}
}

struct place *
places_oldest(const struct places *places)
{
	struct place *place = first_of(&places->late);

	/* The oldest are moved first. */
	return place != NULL ? place : first_of(&places->soon);
}

int64_t
places_next_ms(const struct places *places, int64_t deadline_ms)
{
	const struct place *oldest = places_oldest(places);
	const struct place *soon = first_of(&places->soon);
	int64_t next_ms;

	if (oldest == NULL)
		return -1;
	next_ms = oldest->since_ms + deadline_ms;
	if (soon != NULL && places->in_room < places->room &&
	    soon->since_ms + late_ms(places) < next_ms)
		next_ms = soon->since_ms + late_ms(places);
	return next_ms;
}

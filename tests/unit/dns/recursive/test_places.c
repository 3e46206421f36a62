/* places: which questions take room in the window, in a world with its own
 * clock. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "scanner/dns/recursive/places.h"

#define MANY		100
#define DEADLINE	20000
#define AT_FIRST	PLACES_LATE_MOST_MS	/* what is late */

static struct place taken[MANY];

/* Questions that are asked one millisecond after the other, from 0 on. */
static void
begin(struct places *places, unsigned window, unsigned room, unsigned count)
{
	places_init(places, window, room);
	for (unsigned i = 0; i < count; i++)
		places_take(places, &taken[i], i);
}

/* So many answers, each after `took_ms`; they leave. */
static void
answer(struct places *places, unsigned count, int64_t took_ms)
{
	struct place place;

	while (count-- > 0) {
		places_take(places, &place, 0);
		places_answered(places, &place, took_ms);
		places_leave(places, &place);
	}
}

/* A question is late at its time, and not a millisecond before. */
static void
leaves_when_late(void **state)
{
	struct places places;

	(void)state;
	begin(&places, 2, 10, 2);
	assert_false(places_has_free(&places));
	places_look(&places, AT_FIRST - 1);
	assert_int_equal(places.in_room, 0);
	assert_false(places_has_free(&places));
	places_look(&places, AT_FIRST);
	assert_int_equal(places.in_room, 1);
	assert_int_equal(places.in_window, 1);
	assert_true(places_has_free(&places));
	assert_true(taken[0].is_late);
	assert_false(taken[1].is_late);
}

/* A full room: late questions stay in the window, and the oldest goes into the
 * room first once there is a place. */
static void
fills_the_room(void **state)
{
	struct places places;

	(void)state;
	begin(&places, 10, 3, 10);
	places_look(&places, DEADLINE / 2);
	assert_int_equal(places.in_room, 3);
	assert_int_equal(places.in_window, 7);
	assert_true(taken[2].is_late);
	assert_false(taken[3].is_late);
	places_leave(&places, &taken[1]);
	places_look(&places, DEADLINE / 2);
	assert_int_equal(places.in_room, 3);
	assert_int_equal(places.in_window, 6);
	assert_true(taken[3].is_late);
	/* One that leaves the window makes no place in the room. */
	places_leave(&places, &taken[9]);
	places_look(&places, DEADLINE / 2);
	assert_int_equal(places.in_room, 3);
	assert_int_equal(places.in_window, 5);
}

/* Without a room nothing leaves, as before there was one. */
static void
has_no_room(void **state)
{
	struct places places;

	(void)state;
	begin(&places, 5, 0, 5);
	places_look(&places, DEADLINE);
	assert_int_equal(places.in_window, 5);
	assert_ptr_equal(places_oldest(&places), &taken[0]);
	assert_int_equal(places_next_ms(&places, DEADLINE), DEADLINE);
}

/* The window follows what it is told, up to what there are sockets for; a
 * smaller one takes nothing away. */
static void
bounds_the_window(void **state)
{
	struct places places;

	(void)state;
	begin(&places, 10, 20, 10);
	assert_false(places_has_free(&places));
	places_set_window(&places, 4);
	assert_int_equal(places.in_window, 10);
	for (unsigned i = 0; i < 6; i++)
		places_leave(&places, &taken[i]);
	assert_false(places_has_free(&places));
	places_leave(&places, &taken[6]);
	assert_true(places_has_free(&places));
	places_set_window(&places, 4000);
	for (unsigned i = 0; i < 7; i++) {
		assert_true(places_has_free(&places));
		places_take(&places, &taken[i], 10 + i);
	}
	assert_false(places_has_free(&places));
}

/* The deadline is the same in window and room. */
static void
tells_what_is_next(void **state)
{
	struct places places;

	(void)state;
	begin(&places, 10, 2, 0);
	assert_null(places_oldest(&places));
	assert_int_equal(places_next_ms(&places, DEADLINE), -1);
	begin(&places, 10, 2, 4);
	assert_int_equal(places_next_ms(&places, DEADLINE), AT_FIRST);
	assert_int_equal(places_next_ms(&places, AT_FIRST / 2), AT_FIRST / 2);
	places_look(&places, AT_FIRST);
	assert_ptr_equal(places_oldest(&places), &taken[0]);
	assert_int_equal(places_next_ms(&places, DEADLINE), AT_FIRST + 1);
	places_look(&places, AT_FIRST + 1);
	/* The room is full, so only the deadline of the oldest is next. */
	assert_int_equal(places_next_ms(&places, DEADLINE), DEADLINE);
	places_leave(&places, &taken[0]);
	assert_int_equal(places_next_ms(&places, DEADLINE), AT_FIRST + 2);
	places_leave(&places, &taken[1]);
	places_leave(&places, &taken[2]);
	assert_ptr_equal(places_oldest(&places), &taken[3]);
}

/* What is late follows the usual time, within bounds. */
static void
follows_the_usual_time(void **state)
{
	static const struct { int64_t took_ms, late_ms; } rows[] = {
		{ 0, PLACES_LATE_LEAST_MS },
		{ 5, PLACES_LATE_LEAST_MS },
		{ 100, 100 * PLACES_LATE_TIMES },
		{ 150, 150 * PLACES_LATE_TIMES },
		{ 400, PLACES_LATE_MOST_MS },
		{ DEADLINE, PLACES_LATE_MOST_MS },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct places places;

		begin(&places, 10, 10, 0);
		answer(&places, 2000, rows[i].took_ms);
		places_take(&places, &taken[0], 0);
		/* Means of floating point numbers are nearly the value. */
		places_look(&places, rows[i].late_ms - 2);
		assert_int_equal(places.in_room, 0);
		places_look(&places, rows[i].late_ms + 1);
		assert_int_equal(places.in_room, 1);
	}
}

/* A few slow answers do not change what is late, and neither does a question
 * that leaves without an answer. */
static void
is_steady(void **state)
{
	struct places places;

	(void)state;
	begin(&places, 10, 10, 0);
	answer(&places, 2000, 100);
	answer(&places, 1, DEADLINE);
	for (unsigned i = 0; i < MANY; i++) {
		places_take(&places, &taken[i], 0);
		places_leave(&places, &taken[i]);
	}
	places_take(&places, &taken[0], 0);
	places_look(&places, 300);
	assert_int_equal(places.in_room, 0);
	places_look(&places, 500);
	assert_int_equal(places.in_room, 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(leaves_when_late),
		cmocka_unit_test(fills_the_room),
		cmocka_unit_test(has_no_room),
		cmocka_unit_test(bounds_the_window),
		cmocka_unit_test(tells_what_is_next),
		cmocka_unit_test(follows_the_usual_time),
		cmocka_unit_test(is_steady),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* pause: when it looks, when it is over and when it gives up, on a clock that is
 * made up. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "scanner/coordinator/pause.h"

#define COUNT(array) (sizeof (array) / sizeof (array)[0])
#define LOOKS_MAX 64

/* Trouble that is gone from `gone_at_ms` on. */
struct world {
	struct pause	pause;
	int64_t		now_ms, gone_at_ms;
	int64_t		looks[LOOKS_MAX];	/* when */
	size_t		look_count;
	unsigned	over, passed;
	int64_t		paused_ms;
};

static bool
look(void *tag)
{
	struct world *world = tag;

	assert_true(world->look_count < LOOKS_MAX);
	world->looks[world->look_count++] = world->now_ms;
	return world->now_ms >= world->gone_at_ms;
}

static void
over(void *tag, int64_t paused_ms)
{
	struct world *world = tag;

	assert_false(world->pause.is_active);
	world->over++;
	world->paused_ms = paused_ms;
}

static void
passed(void *tag)
{
	struct world *world = tag;

	assert_false(world->pause.is_active);
	world->passed++;
}

static void
make(struct world *world, int64_t gone_at_ms)
{
	*world = (struct world){ .gone_at_ms = gone_at_ms };
	world->pause.events = (struct pause_events){
		world, look, over, passed,
	};
}

/* Once a second, while it is active and until that time. */
static void
run_until(struct world *world, int64_t until_ms)
{
	while (world->pause.is_active && world->now_ms < until_ms) {
		world->now_ms += 1000;
		pause_tick(&world->pause, world->now_ms);
	}
}

static void
waits_grow(void **state)
{
	static const int64_t expected[] = {
		1000, 3000, 7000, 15000, 31000, 61000, 91000, 121000,
	};
	struct world world;

	(void)state;
	make(&world, 100000);
	assert_true(pause_begin(&world.pause, "full", 600000, 0));
	run_until(&world, 600000);
	assert_int_equal(world.look_count, COUNT(expected));
	for (size_t i = 0; i < COUNT(expected); i++)
		assert_int_equal(world.looks[i], expected[i]);
	assert_int_equal(world.over, 1);
	assert_int_equal(world.passed, 0);
	assert_int_equal(world.paused_ms, 121000);
	assert_int_equal(pause_total_ms(&world.pause, 900000), 121000);
}

/* The last look is when the grace passes; room that came then is not missed. */
static void
grace_passes(void **state)
{
	static const struct { int64_t gone_at_ms; unsigned over, passed; }
	rows[] = { { 10000, 1, 0 }, { 10001, 0, 1 } };

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct world world;

		make(&world, rows[i].gone_at_ms);
		assert_true(pause_begin(&world.pause, "full", 10000, 0));
		run_until(&world, 60000);
		assert_int_equal(world.over, rows[i].over);
		assert_int_equal(world.passed, rows[i].passed);
		assert_int_equal(world.now_ms, 10000);
		assert_int_equal(pause_total_ms(&world.pause, 90000), 10000);
	}
}

static void
no_grace_is_no_pause(void **state)
{
	struct world world;

	(void)state;
	make(&world, 0);
	assert_false(pause_begin(&world.pause, "full", 0, 5000));
	assert_false(world.pause.is_active);
	pause_tick(&world.pause, 6000);
	assert_int_equal(world.look_count + world.over + world.passed, 0);
}

/* A second report of the same trouble changes nothing. */
static void
begins_once(void **state)
{
	struct world world;

	(void)state;
	make(&world, 3000);
	assert_true(pause_begin(&world.pause, "first", 10000, 0));
	world.now_ms = 2000;
	assert_true(pause_begin(&world.pause, "second", 20000, 2000));
	assert_string_equal(world.pause.reason, "first");
	assert_int_equal(world.pause.grace_ms, 10000);
	run_until(&world, 60000);
	assert_int_equal(world.over, 1);
	assert_int_equal(world.paused_ms, 3000);
}

/* Trouble that comes back at once has the rest of the grace; trouble that comes
 * back after the run has continued has all of it. */
static void
grace_is_renewed_by_progress(void **state)
{
	(void)state;
	for (int settles = 0; settles < 2; settles++) {
		struct world world;

		make(&world, 1000);
		assert_true(pause_begin(&world.pause, "full", 10000, 0));
		run_until(&world, 60000);
		assert_int_equal(world.over, 1);
		if (settles)
			pause_settle(&world.pause);
		world.gone_at_ms = INT64_MAX;
		world.now_ms = 4000;
		assert_true(pause_begin(&world.pause, "full", 10000, 4000));
		run_until(&world, 60000);
		assert_int_equal(world.passed, 1);
		assert_int_equal(world.now_ms, settles ? 14000 : 13000);
		/* The waits went on, too. */
		assert_int_equal(world.looks[1], settles ? 5000 : 6000);
		assert_int_equal(pause_total_ms(&world.pause, 90000),
		    settles ? 11000 : 10000);
		assert_int_equal(pause_begin(&world.pause, "full", 10000,
		    world.now_ms), false);
	}
}

/* An active pause is not settled by what ends late. */
static void
active_stays_unsettled(void **state)
{
	struct world world;

	(void)state;
	make(&world, INT64_MAX);
	assert_true(pause_begin(&world.pause, "full", 10000, 0));
	pause_settle(&world.pause);
	pause_cancel(&world.pause, 9000);
	assert_int_equal(world.over + world.passed, 0);
	assert_true(pause_begin(&world.pause, "full", 10000, 9000));
	run_until(&world, 60000);
	assert_int_equal(world.now_ms, 10000);
}

/* The owner may find out by itself. */
static void
owner_ends_it(void **state)
{
	struct world world;

	(void)state;
	make(&world, 0);
	world.pause.events.look = NULL;
	pause_end(&world.pause, 500);
	assert_int_equal(world.over, 0);
	assert_true(pause_begin(&world.pause, "silence", 10000, 1000));
	world.now_ms = 1000;
	run_until(&world, 4000);
	assert_true(world.pause.is_active);
	assert_int_equal(pause_total_ms(&world.pause, 4000), 3000);
	pause_end(&world.pause, 5000);
	assert_int_equal(world.over, 1);
	assert_int_equal(world.paused_ms, 4000);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(waits_grow),
		cmocka_unit_test(grace_passes),
		cmocka_unit_test(no_grace_is_no_pause),
		cmocka_unit_test(begins_once),
		cmocka_unit_test(grace_is_renewed_by_progress),
		cmocka_unit_test(active_stays_unsettled),
		cmocka_unit_test(owner_ends_it),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* window: the steering, in a world with its own clock. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "scanner/worker/window.h"

#define SECOND		10	/* ticks */
#define TICKS_MAX	20000

/* A world in which each question of a full window is answered after a round
 * trip, and `limit` at most in a second. */
struct world {
	struct window_steer steer;
	double		 round_trip;	/* seconds */
	double		 limit;
	unsigned	 sizes[TICKS_MAX];	/* of the window at each tick */
	unsigned	 now;
};

static struct world world;

static void
begin(unsigned most, double round_trip, double limit)
{
	world = (struct world){ .round_trip = round_trip, .limit = limit };
	window_steer_init(&world.steer, most);
	world.sizes[0] = world.steer.size;
}

/* What a window of this size gets answered in a second. */
static double
rate_of(unsigned size)
{
	double rate = size / world.round_trip;

	return rate < world.limit ? rate : world.limit;
}

static void
pass(unsigned ticks)
{
	while (ticks-- > 0) {
		unsigned before = (unsigned)(world.round_trip * SECOND);
		double rate = world.now < before ? 0
		    : rate_of(world.sizes[world.now - before]);

		assert_true(world.now < TICKS_MAX - 1);
		window_steer_tick(&world.steer, (uint64_t)(rate / SECOND),
		    true, true);
		world.sizes[++world.now] = world.steer.size;
	}
}

static void
begins(void **state)
{
	static const struct { unsigned most, size; } rows[] = {
		{ 1, 1 }, { 10, 10 }, { 200, 200 }, { 4000, 200 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct window_steer steer;

		window_steer_init(&steer, rows[i].most);
		assert_int_equal(steer.size, rows[i].size);
	}
}

/* After 5 s it fills a round trip of 30 ms at 25,000 answers a second. */
static void
fills(void **state)
{
	(void)state;
	begin(4000, 0.030, 25000);
	pass(5 * SECOND);
	assert_true(rate_of(world.steer.size) >= 0.95 * 25000);
	assert_true(world.steer.size <= 4 * 750);
	/* If the same answers come after 1 ms, the first window is enough. */
	begin(4000, 0.001, 25000);
	pass(5 * SECOND);
	assert_int_equal(world.steer.size, 200);
}

/* 70,000 answers a second take 2,100 places at 30 ms, and the window is there
 * after 1.1 s. Until then few questions are not asked. */
static void
fills_soon(void **state)
{
	double asked = 0;

	(void)state;
	begin(4000, 0.030, 70000);
	for (int i = 0; i < 5 * SECOND; i++) {
		pass(1);
		asked += rate_of(world.sizes[world.now]) / SECOND;
		if (i > SECOND)
			assert_true(world.sizes[world.now] >= 2100);
	}
	assert_true(asked >= 0.85 * 5 * 70000);
}

/* In the race a try that seems to bring nothing for a tick goes on. */
static void
hesitates(void **state)
{
	struct window_steer steer;

	(void)state;
	window_steer_init(&steer, 4000);
	window_steer_tick(&steer, 1000, true, true);
	window_steer_tick(&steer, 1000, true, true);
	assert_int_equal(steer.size, 400);
	/* It settles; then one bad tick and three good ones. */
	window_steer_tick(&steer, 0, true, true);
	window_steer_tick(&steer, 500, true, true);
	for (int i = 0; i < 3; i++) {
		assert_int_equal(steer.size, 400);
		window_steer_tick(&steer, 1400, true, true);
	}
	assert_int_equal(steer.size, 800);
	/* A clear gain needs two ticks, and a loop in time. */
	for (int i = 0; i < 2; i++) {
		bool is_in_time = i == 0;

		window_steer_init(&steer, 4000);
		window_steer_tick(&steer, 1000, true, true);
		window_steer_tick(&steer, 1000, true, true);
		window_steer_tick(&steer, 2000, true, true);
		window_steer_tick(&steer, 2000, true, is_in_time);
		assert_int_equal(steer.size, 400);
		window_steer_tick(&steer, 2000, true, is_in_time);
		assert_int_equal(steer.size, is_in_time ? 800 : 400);
	}
	/* The twin: four bad ones. */
	window_steer_init(&steer, 4000);
	for (int i = 0; i < 2 + 1 + 4; i++) {
		assert_int_equal(steer.size, i < 2 ? 200 : 400);
		window_steer_tick(&steer, i < 2 ? 1000 : 500, true, true);
	}
	assert_int_equal(steer.size, 200);
}

/* As long as more places bring more answers there are more, up to the most,
 * also where a round trip is longer than any tick. */
static void
grows(void **state)
{
	static const double round_trips[] = { 0.01, 0.1, 0.3, 1, 2.5 };

	(void)state;
	for (size_t i = 0; i < sizeof round_trips / sizeof *round_trips; i++) {
		begin(4000, round_trips[i], 1e9);
		pass(40 * SECOND);
		assert_int_equal(world.steer.size, 4000);
	}
}

/* If something else is the limit, the window stays near the size that reaches
 * it. */
static void
stays(void **state)
{
	(void)state;
	begin(4000, 0.1, 5000);
	pass(30 * SECOND);
	assert_true(world.steer.size >= 400 && world.steer.size <= 1000);
	/* And does not creep up. */
	pass(1500 * SECOND);
	assert_true(world.steer.size <= 1000);
}

/* Without the limit it grows again, by quarters. */
static void
goes_on(void **state)
{
	(void)state;
	begin(4000, 0.1, 2000);
	pass(30 * SECOND);
	/* In the first tick nothing can be answered, so one try may seem to
	 * bring something. */
	assert_true(world.steer.size <= 400);
	world.limit = 20000;
	pass(60 * SECOND);
	assert_true(rate_of(world.steer.size) >= 0.95 * 20000);
}

static void
not_full(void **state)
{
	struct window_steer steer;

	(void)state;
	window_steer_init(&steer, 4000);
	for (int i = 0; i < 1000; i++)
		window_steer_tick(&steer, 1000, false, true);
	assert_int_equal(steer.size, 200);
	/* The twin. */
	for (int i = 0; i < 4; i++)
		window_steer_tick(&steer, 1000, true, true);
	assert_int_equal(steer.size, 400);
	/* The work ends: the try proves nothing, and is repeated. */
	for (int i = 0; i < 6; i++)
		window_steer_tick(&steer, 0, false, true);
	assert_int_equal(steer.size, 200);
	for (int i = 0; i < 4; i++)
		window_steer_tick(&steer, 1000, true, true);
	assert_int_equal(steer.size, 400);
}

/* It does not grow while the loop is somewhat late. */
static void
somewhat_late(void **state)
{
	struct window_steer steer;

	(void)state;
	window_steer_init(&steer, 4000);
	for (int i = 0; i < 1000; i++)
		window_steer_tick(&steer, 1000, true, false);
	assert_int_equal(steer.size, 200);
}

/* A late loop reduces the window by a quarter at once, and ends a try, but
 * never to zero. */
static void
late(void **state)
{
	(void)state;
	begin(4000, 0.01, 1e9);
	pass(2);
	assert_int_equal(world.steer.size, 400);
	window_steer_late(&world.steer);
	assert_int_equal(world.steer.size, 300);
	/* Not the size of before the try: that is over. */
	pass(9 * SECOND);
	assert_int_equal(world.steer.size, 300);
	for (int i = 0; i < 100; i++)
		window_steer_late(&world.steer);
	assert_int_equal(world.steer.size, WINDOW_LEAST);
	/* It comes back. */
	pass(100 * SECOND);
	assert_int_equal(world.steer.size, 4000);
}

/* If nothing was tried, it is not the window that made the loop late: it
 * doubles again a second later. */
static void
late_by_itself(void **state)
{
	(void)state;
	begin(4000, 0.01, 1e9);
	window_steer_late(&world.steer);
	assert_int_equal(world.steer.size, 150);
	pass(5 * SECOND);
	assert_int_equal(world.steer.size, 4000);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(begins), cmocka_unit_test(fills),
		cmocka_unit_test(fills_soon), cmocka_unit_test(hesitates),
		cmocka_unit_test(grows), cmocka_unit_test(stays),
		cmocka_unit_test(goes_on), cmocka_unit_test(not_full),
		cmocka_unit_test(somewhat_late), cmocka_unit_test(late),
		cmocka_unit_test(late_by_itself),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* window: the steering, apart from the clock. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "scanner/worker/window.h"

/* A second of a world that answers `rate` questions a second for each place in
 * the window, and `limit` at the most. */
static void
seconds(struct window_steer *steer, unsigned count, double rate,
    uint64_t limit)
{
	while (count-- > 0) {
		uint64_t answered = (uint64_t)(steer->size * rate);

		window_steer_second(steer, answered < limit ? answered : limit,
		    true, 0);
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

/* As long as more places bring more answers there are more, up to the most. */
static void
grows(void **state)
{
	struct window_steer steer;

	(void)state;
	window_steer_init(&steer, 4000);
	seconds(&steer, 1, 10, UINT64_MAX);
	assert_int_equal(steer.size, 251);
	seconds(&steer, 40, 10, UINT64_MAX);
	assert_int_equal(steer.size, 4000);
}

/* Where somebody else is the limit it stays near what reaches that. */
static void
stays(void **state)
{
	struct window_steer steer;

	(void)state;
	window_steer_init(&steer, 4000);
	seconds(&steer, 300, 10, 5000);
	assert_true(steer.size >= 400 && steer.size <= 800);
	/* And does not creep up. */
	seconds(&steer, 3000, 10, 5000);
	assert_true(steer.size <= 800);
}

static void
not_full(void **state)
{
	struct window_steer steer;

	(void)state;
	window_steer_init(&steer, 4000);
	for (int i = 0; i < 100; i++)
		window_steer_second(&steer, 1000, false, 0);
	assert_int_equal(steer.size, 200);
}

/* A late loop takes a quarter at once, and ends a try; it never stops all. */
static void
late(void **state)
{
	struct window_steer steer;

	(void)state;
	window_steer_init(&steer, 4000);
	seconds(&steer, 1, 10, UINT64_MAX);
	window_steer_lag(&steer, 50);
	assert_int_equal(steer.size, 251);
	window_steer_lag(&steer, 150);
	assert_int_equal(steer.size, 251 - 62);
	/* Not the size of before the try: that is over. */
	window_steer_second(&steer, 1, true, 0);
	assert_int_equal(steer.size, 189);
	for (int i = 0; i < 100; i++)
		window_steer_lag(&steer, 1000);
	assert_int_equal(steer.size, WINDOW_LEAST);
	/* It comes back. */
	seconds(&steer, 100, 10, UINT64_MAX);
	assert_int_equal(steer.size, 4000);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(begins), cmocka_unit_test(grows),
		cmocka_unit_test(stays), cmocka_unit_test(not_full),
		cmocka_unit_test(late),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* wall_clock: what counts as a clock that was set, on clocks that are made up. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "scanner/coordinator/wall_clock.h"

#define WALL	((int64_t)1795489200000)
#define YEAR	((int64_t)365 * 86400 * 1000)

static void
steps(void **state)
{
	static const struct { int64_t step, expected; } rows[] = {
		{ 0, 0 }, { 1, 0 }, { -1, 0 }, { 60000, 0 }, { -60000, 0 },
		{ 60001, 60001 }, { -60001, -60001 },
		{ 10 * YEAR, 10 * YEAR }, { -10 * YEAR, -10 * YEAR },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct wall_clock clock;

		wall_clock_init(&clock, WALL, 5000);
		assert_int_equal(wall_clock_look(&clock, WALL + 1000, 6000),
		    0);
		assert_true(wall_clock_look(&clock, WALL + 2000 +
		    rows[i].step, 7000) == rows[i].expected);
		/* It is reported once. */
		assert_int_equal(wall_clock_look(&clock, WALL + 3000 +
		    rows[i].step, 8000), 0);
		/* And when it is set back. */
		assert_true(wall_clock_look(&clock, WALL + 4000, 9000) ==
		    -rows[i].expected);
	}
}

/* A machine that sleeps, or a coordinator that was stopped: both clocks went
 * on. */
static void
sleep_is_no_step(void **state)
{
	struct wall_clock clock;

	(void)state;
	wall_clock_init(&clock, WALL, 5000);
	assert_int_equal(wall_clock_look(&clock, WALL + YEAR, 5000 + YEAR), 0);
}

/* A clock that is slowed down or sped up for days is not set. */
static void
drift_is_no_step(void **state)
{
	struct wall_clock clock;

	(void)state;
	wall_clock_init(&clock, WALL, 0);
	for (int64_t second = 1; second <= 86400; second++)
		assert_int_equal(wall_clock_look(&clock, WALL + 1001 * second,
		    1000 * second), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(steps),
		cmocka_unit_test(sleep_is_no_step),
		cmocka_unit_test(drift_is_no_step),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}

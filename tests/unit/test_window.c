/* window: the steps of the steering, apart from the clock. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "scanner/worker/window.h"

static void
steps(void **state)
{
	static const struct {
		const char	*what;
		unsigned	size, most;
		double		lag_ms;
		bool		is_full;
		unsigned	next;
	} rows[] = {
		{ "full and on time: an eighth more", 800, 4000, 0, true, 901 },
		{ "not full: enough as it is", 800, 4000, 0, false, 800 },
		{ "a little late: stays", 800, 4000, 60, true, 800 },
		{ "late: a quarter less", 800, 4000, 150, true, 600 },
		{ "late and not full: a quarter less", 800, 4000, 150, false,
		    600 },
		{ "never more than asked for", 3900, 4000, 0, true, 4000 },
		{ "never so few that nothing goes on", 40, 4000, 500, true,
		    WINDOW_LEAST },
		{ "a most below the least", 8, 8, 500, true, 8 },
		{ "grows from one", 1, 8, 0, true, 8 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		unsigned next = window_next(rows[i].size, rows[i].most,
		    rows[i].lag_ms, rows[i].is_full);

		if (next != rows[i].next)
			fail_msg("%s: %u", rows[i].what, next);
	}
}

/* From the first size to any most in a bounded number of steps, and down again. */
static void
reaches(void **state)
{
	unsigned size = WINDOW_FIRST, steps_up = 0, steps_down = 0;

	(void)state;
	while (size < 100000 && steps_up++ < 1000)
		size = window_next(size, 100000, 0, true);
	assert_int_equal(size, 100000);
	while (size > WINDOW_LEAST && steps_down++ < 1000)
		size = window_next(size, 100000, 1000, true);
	assert_int_equal(size, WINDOW_LEAST);
	assert_true(steps_down < steps_up);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(steps), cmocka_unit_test(reaches),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}

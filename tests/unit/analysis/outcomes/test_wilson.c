/* Wilson's interval at 95 %. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <math.h>

#include "analysis/outcomes/wilson.h"

#define ROWS_OF(rows) (sizeof (rows) / sizeof (rows)[0])

/* Of Newcombe, "Two-sided confidence intervals for the single proportion",
 * Statistics in Medicine 17 (1998), table I, method 3: to four digits. */
static void
newcombe(void **state)
{
	static const struct { uint64_t part, whole; double low, high; }
	rows[] = {
		{ 81, 263, .2553, .3662 }, { 15, 148, .0624, .1605 },
		{ 0, 20, .0000, .1611 }, { 1, 29, .0061, .1718 },
	};

	(void)state;
	for (size_t i = 0; i < ROWS_OF(rows); i++) {
		struct interval interval = wilson_interval(rows[i].part,
		    rows[i].whole);

		assert_true(fabs(interval.low - rows[i].low) < .00006);
		assert_true(fabs(interval.high - rows[i].high) < .00006);
	}
}

static void
ends(void **state)
{
	struct interval none = wilson_interval(0, 1000000);
	struct interval all = wilson_interval(1000000, 1000000);
	struct interval empty = wilson_interval(0, 0);

	(void)state;
	assert_true(none.low == 0 && none.high > 0);
	assert_true(all.high == 1 && all.low < 1);
	assert_true(empty.low == 0 && empty.high == 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(newcombe), cmocka_unit_test(ends),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* How long things took, in classes: what takes as long as a limit is in the class
 * of that limit, as a histogram of Prometheus has it (le: less or equal). */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "scanner/base/latency.h"

static void
limits(void **state)
{
	(void)state;
	for (size_t i = 0; i < LATENCY_CLASSES - 1; i++) {
		struct latency latency = { { 0 }, 0 };

		if (i > 0)
			assert_true(latency_limits_ms[i] >
			    latency_limits_ms[i - 1]);
		latency_note(&latency, latency_limits_ms[i]);
		assert_int_equal(latency.count[i], 1);
		latency_note(&latency, latency_limits_ms[i] + 1);
		assert_int_equal(latency.count[i], 1);
		assert_int_equal(latency.count[i + 1], 1);
		assert_int_equal(latency.sum_ms,
		    2 * latency_limits_ms[i] + 1);
		assert_int_equal(latency_count(&latency), 2);
	}
}

static void
sums(void **state)
{
	struct latency all = { { 0 }, 0 }, more = { { 0 }, 0 };

	(void)state;
	latency_note(&all, 0);
	latency_note(&more, 7);
	latency_note(&more, UINT32_MAX);
	latency_add(&all, &more);
	assert_int_equal(all.count[0], 1);
	assert_int_equal(all.count[1], 1);
	assert_int_equal(all.count[LATENCY_CLASSES - 1], 1);
	assert_int_equal(latency_count(&all), 3);
	assert_int_equal(all.sum_ms, 7 + (uint64_t)UINT32_MAX);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(limits),
		cmocka_unit_test(sums),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}

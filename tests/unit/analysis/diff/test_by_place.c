/* How two places see a host at an address (RULES V12). */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "analysis/diff/by_place.h"

static void
pairs(void **state)
{
	static const struct {
		enum sight	sights[PLACE_COUNT];
		bool		alike;
		enum seen_by	seen;
	} rows[] = {
		{ { SIGHT_ANSWERED, SIGHT_ANSWERED }, true, SEEN_ALIKE },
		{ { SIGHT_ANSWERED, SIGHT_ANSWERED }, false, SEEN_OTHERWISE },
		{ { SIGHT_FILTERED, SIGHT_FILTERED }, true, SEEN_ALIKE },
		/* The answer of a filter is less, whatever it says. */
		{ { SIGHT_FILTERED, SIGHT_ANSWERED }, true, SEEN_BY_NEW },
		{ { SIGHT_ANSWERED, SIGHT_MET }, false, SEEN_BY_OLD },
		{ { SIGHT_FILTERED, SIGHT_MET }, false, SEEN_BY_OLD },
		{ { SIGHT_NONE, SIGHT_ANSWERED }, false, SEEN_BY_NEW },
		/* Nobody was told. */
		{ { SIGHT_MET, SIGHT_FAILED }, true, SEEN_BY_NONE },
		{ { SIGHT_NONE, SIGHT_NONE }, false, SEEN_BY_NONE },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		if (seen_from(rows[i].sights, rows[i].alike) != rows[i].seen)
			fail_msg("row %zu", i);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(pairs) };

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}

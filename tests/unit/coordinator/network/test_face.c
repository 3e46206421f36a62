/* When a failing share makes a face of the network suspect (RULES F24). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "scanner/coordinator/network/face.h"

static void
nothing_is_suspect_before_a_failure(void **state)
{
	struct face face = { 0 };

	(void)state;
	assert_false(face_is_suspect(&face, 1000000));
	face_note(&face, 5, 0, 1000000);
	assert_false(face_is_suspect(&face, 1000000));
}

static void
half_of_the_items_suspect_and_less_do_not(void **state)
{
	struct face half = { 0 }, less = { 0 };

	(void)state;
	face_note(&half, 10, 10, 1000000);
	face_note(&less, 11, 10, 1000000);
	assert_true(face_is_suspect(&half, 1000000));
	assert_false(face_is_suspect(&less, 1000000));
}

/* The network went away after many successes. */
static void
nothing_succeeds_any_more(void **state)
{
	struct face face = { 0 }, twin = { 0 };
	int64_t later = 1000000 + FACE_QUIET_MS;

	(void)state;
	face_note(&face, 1000, 0, 1000000);
	face_note(&face, 0, 10, 1000001);
	assert_false(face_has_stalled(&face, later - 1));
	assert_true(face_has_stalled(&face, later));
	/* The twin: one item succeeds. */
	face_note(&twin, 1000, 0, 1000000);
	face_note(&twin, 0, 10, 1000001);
	face_note(&twin, 1, 0, 1000002);
	assert_false(face_has_stalled(&twin, later));
	/* Without a failure silence means nothing. */
	twin = (struct face){ 0 };
	face_note(&twin, 1000, 0, 1000000);
	assert_false(face_has_stalled(&twin, later));
}

static void
old_items_are_forgotten(void **state)
{
	struct face face = { 0 };

	(void)state;
	face_note(&face, 1000, 0, 1000000);
	face_note(&face, 0, 10, 1000000 + FACE_PERIOD_MS);
	/* The period before still counts. */
	assert_false(face_is_suspect(&face, 1000000 + FACE_PERIOD_MS));
	face_note(&face, 0, 10, 1000000 + 2 * FACE_PERIOD_MS);
	assert_true(face_is_suspect(&face, 1000000 + 2 * FACE_PERIOD_MS));
	/* After two periods of silence nothing counts. */
	assert_false(face_is_suspect(&face, 1000000 + 5 * FACE_PERIOD_MS));
}

static void
a_proof_holds_for_a_minute(void **state)
{
	struct face face = { 0 };
	int64_t proven = 1000000;

	(void)state;
	face_note(&face, 0, 10, proven);
	face_clear(&face, proven);
	face_note(&face, 0, 10, proven + FACE_CLEARED_MS - 1);
	assert_false(face_is_suspect(&face, proven + FACE_CLEARED_MS - 1));
	assert_true(face_is_suspect(&face, proven + FACE_CLEARED_MS));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_is_suspect_before_a_failure),
		cmocka_unit_test(half_of_the_items_suspect_and_less_do_not),
		cmocka_unit_test(nothing_succeeds_any_more),
		cmocka_unit_test(old_items_are_forgotten),
		cmocka_unit_test(a_proof_holds_for_a_minute),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* What run.json says of the lanes (RULES L10, L13). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "scanner/run/tally.h"

static const struct {
	uint64_t	agreed, disagreed, changed;
	bool		is_doubtful;
} rows[] = {
	{ 0, 0, 0, false },
	{ 0, 1, 0, false },		/* all of them, but only one */
	{ 2, 1, 0, false },
	{ 0, 99, 0, false },		/* still fewer than 100 */
	{ 99, 1, 0, false },		/* 1 %, and not more */
	{ 98, 2, 0, true },
	{ 0, 2, 98, true },
	{ 0, 0, 100, false },
	{ 990, 10, 0, false }, { 989, 11, 0, true },
};

static void
test_doubt(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		for (int group = 0; group < SAMPLE_GROUPS; group++) {
			struct lane_tally lanes = { 0 };
			enum sample_group other = !group;

			lanes.sampled[group][SAMPLE_AGREED] = rows[i].agreed;
			lanes.sampled[group][SAMPLE_DISAGREED] =
			    rows[i].disagreed;
			lanes.sampled[group][SAMPLE_CHANGED] = rows[i].changed;
			assert_int_equal(lane_tally_is_doubtful(&lanes, group),
			    rows[i].is_doubtful);
			/* The groups are judged apart. */
			assert_false(lane_tally_is_doubtful(&lanes, other));
			assert_int_equal(lane_tally_sampled(&lanes, group),
			    rows[i].agreed + rows[i].disagreed +
			    rows[i].changed);
		}
}

static void
assert_count(const json_t *object, const char *name, json_int_t wanted)
{
	assert_int_equal(json_integer_value(json_object_get(object, name)),
	    wanted);
}

static void
test_json(void **state)
{
	struct lane_tally lanes = {
		.domains = { .asked = 9000, .failed = 7 },
		.hosts = { .asked = 30, .failed = 2 },
	}, again;
	json_t *object, *hosts, *sampled, *differing;

	(void)state;
	lanes.domains.odd[ODDITY_TRUNCATED] = 5;
	lanes.hosts.odd[ODDITY_REFERRAL] = 3;
	lanes.sampled[SAMPLED_NAMES][SAMPLE_AGREED] = 197;
	lanes.sampled[SAMPLED_NAMES][SAMPLE_DISAGREED] = 3;
	lanes.sampled[SAMPLED_DIFFERING][SAMPLE_AGREED] = 1;
	lanes.sampled[SAMPLED_DIFFERING][SAMPLE_DISAGREED] = 2;
	lanes.sampled[SAMPLED_DIFFERING][SAMPLE_CHANGED] = 4;
	object = lane_tally_to_json(&lanes);
	assert_count(object, "asked_directly", 9000);
	assert_count(object, "servers_failed", 7);
	assert_count(json_object_get(object, "fell_back"), "truncated", 5);
	hosts = json_object_get(object, "hosts");
	assert_count(hosts, "asked_directly", 30);
	assert_count(hosts, "servers_failed", 2);
	assert_count(json_object_get(hosts, "fell_back"), "referral", 3);
	sampled = json_object_get(object, "sampled");
	differing = json_object_get(object, "sampled_delegation_differs");
	assert_count(sampled, "names", 200);
	assert_count(sampled, "agreed", 197);
	assert_count(sampled, "disagreed", 3);
	assert_count(sampled, "changed", 0);
	assert_true(json_is_true(json_object_get(sampled, "is_doubtful")));
	assert_count(differing, "names", 7);
	assert_count(differing, "changed", 4);
	assert_true(json_is_false(json_object_get(differing, "is_doubtful")));
	/* A restart continues from there. */
	memset(&again, 0xff, sizeof again);
	lane_tally_take_up(&again, object);
	assert_memory_equal(&again, &lanes, sizeof lanes);
	json_decref(object);
	/* An earlier version of the program has written none of this. */
	lane_tally_take_up(&again, NULL);
	lanes = (struct lane_tally){ 0 };
	assert_memory_equal(&again, &lanes, sizeof lanes);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_doubt), cmocka_unit_test(test_json),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}

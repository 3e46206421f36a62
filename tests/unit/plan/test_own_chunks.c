/* Which chunks of a plan are of which shard (RULES K15). */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <string.h>

#include "scanner/plan/plan.h"

/* Four ordinary chunks, then heavy sets of two, one and three chunks. */
static struct chunk chunks[] = {
	{ .items = 1 }, { .items = 2 }, { .items = 4 }, { .items = 8 },
	{ .items = 16, .set_id = 5 }, { .items = 32, .set_id = 5 },
	{ .items = 64, .set_id = 9 },
	{ .items = 128, .set_id = 2 }, { .items = 256, .set_id = 2 },
	{ .items = 512, .set_id = 2 },
};
#define CHUNKS (sizeof chunks / sizeof chunks[0])
#define ALL_NAMES 1023

static const struct plan plan = { .chunks = chunks, .chunk_count = CHUNKS };

static uint64_t
names_of(enum stage stage, uint64_t number, uint64_t count, bool own[])
{
	const struct options options = {
		.stage = stage, .shard = { number, count },
	};

	return plan_own_chunks(&plan, &options, own);
}

/* One shard has each chunk, and all chunks of a heavy set. */
static void
each_once(void **state)
{
	(void)state;
	for (uint64_t count = 1; count <= 12; count++) {
		unsigned owners[CHUNKS] = { 0 };
		uint64_t names = 0;

		for (uint64_t i = 1; i <= count; i++) {
			bool own[CHUNKS];

			names += names_of(STAGE_DOMAINS, i, count, own);
			for (size_t c = 0; c < CHUNKS; c++)
				owners[c] += own[c];
			assert_true(own[4] == own[5]);
			assert_true(own[7] == own[8] && own[8] == own[9]);
		}
		for (size_t c = 0; c < CHUNKS; c++)
			assert_int_equal(owners[c], 1);
		assert_int_equal(names, ALL_NAMES);
	}
}

/* Ordinary chunks go round, and so do heavy sets. */
static void
in_turn(void **state)
{
	bool own[CHUNKS];

	(void)state;
	assert_int_equal(names_of(STAGE_DOMAINS, 1, 3, own),
	    1 + 8 + 16 + 32);
	assert_int_equal(names_of(STAGE_DOMAINS, 2, 3, own), 2 + 64);
	assert_int_equal(names_of(STAGE_DOMAINS, 3, 3, own),
	    4 + 128 + 256 + 512);
}

/* A whole run asks all of them, later stages none. */
static void
of_other_stages(void **state)
{
	bool own[CHUNKS];

	(void)state;
	assert_int_equal(names_of(STAGE_ALL, 0, 0, own), ALL_NAMES);
	assert_int_equal(names_of(STAGE_PLAN, 0, 0, own), ALL_NAMES);
	assert_int_equal(names_of(STAGE_HOSTS, 1, 1, own), 0);
	assert_int_equal(names_of(STAGE_PROBES, 1, 1, own), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_once), cmocka_unit_test(in_turn),
		cmocka_unit_test(of_other_stages),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}

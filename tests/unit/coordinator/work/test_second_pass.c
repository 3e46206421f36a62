/* When failed items are asked again (RULES 9): never earlier than --retry-after after
 * their own failure, in the order in which they failed, and all of them. The clock is
 * the test's own. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>

#include "scanner/coordinator/work/second_pass.h"

#define RETRY_MS	((int64_t)30 * 60 * 1000)
#define CACHED_MS	60000	/* how long libunbound keeps what is bogus */
#define WAIT_MS		(RETRY_MS + CACHED_MS)
#define SLACK_MS	1000	/* what fails within a second is due together */
#define START_MS	((int64_t)1800000000000)
#define ITEMS		5000

static const struct options options = {
	.retry_after_ms = RETRY_MS, .workers = 2,
};

/* The name of an item is its number. */
static void
put(struct second_pass *pass, int number, int64_t failed_ms)
{
	char name[16];
	const struct host_item item = { .name = name, .state = ITEM_FAILED };

	snprintf(name, sizeof name, "%d", number);
	second_pass_put_host(pass, &options, &item, failed_ms);
}

/* Takes one batch; its items go on from `next`. Returns how many. */
static int
take(struct second_pass *pass, int64_t now_ms, int next)
{
	struct buffer input = { 0 };
	uint32_t count = second_pass_take_hosts(pass, &options, now_ms, &input);
	struct wire wire = { input.bytes, input.bytes + input.length, false };
	struct host_item item;

	for (uint32_t i = 0; i < count; i++) {
		assert_true(host_item_get(&wire, &item));
		assert_int_equal(atoi(item.name), next + (int)i);
		assert_int_equal(item.state, ITEM_FAILED);
	}
	assert_ptr_equal(wire.at, wire.end);
	buffer_fini(&input);
	return (int)count;
}

/* A minute is not enough, and --retry-after alone is not: what is cached then may be a
 * minute old. */
static void
waits_for_retry_after(void **state)
{
	struct second_pass pass;

	(void)state;
	second_pass_init(&pass);
	assert_true(second_pass_due_ms(&pass) == INT64_MAX);
	put(&pass, 0, START_MS);
	assert_true(second_pass_due_ms(&pass) == START_MS + WAIT_MS);
	assert_int_equal(take(&pass, START_MS + 60000, 0), 0);
	assert_int_equal(take(&pass, START_MS + RETRY_MS, 0), 0);
	assert_int_equal(take(&pass, START_MS + WAIT_MS - 1, 0), 0);
	assert_int_equal(take(&pass, START_MS + WAIT_MS, 0), 1);
	assert_int_equal(pass.line.count, 0);
	assert_true(second_pass_due_ms(&pass) == INT64_MAX);
	second_pass_fini(&pass);
}

/* Items that come all the time: those in line do not go early with the first, and do
 * not wait for those that come. Time passes in steps that are not of a second. */
static void
each_in_its_time(void **state)
{
	static int64_t failed_ms[ITEMS];
	struct second_pass pass;
	int put_count = 0, taken = 0;

	(void)state;
	second_pass_init(&pass);
	for (int64_t now_ms = START_MS; taken < ITEMS; now_ms += 700) {
		int count;

		for (int i = 0; i < 2 && put_count < ITEMS; i++) {
			failed_ms[put_count] = now_ms;
			put(&pass, put_count++, now_ms);
		}
		while ((count = take(&pass, now_ms, taken)) > 0)
			taken += count;
		for (int i = 0; i < taken; i++)
			assert_true(failed_ms[i] + WAIT_MS <= now_ms);
		if (taken < put_count)
			assert_true(failed_ms[taken] + WAIT_MS + SLACK_MS >
			    now_ms);
	}
	assert_int_equal(pass.line.count, 0);
	second_pass_fini(&pass);
}

/* The waits of a test need not be long. */
static void
short_wait(void **state)
{
	static const struct options hasty = {
		.retry_after_ms = 2000, .workers = 1,
	};
	const struct host_item item = { .name = "0", .state = ITEM_FAILED };
	struct second_pass pass;

	(void)state;
	second_pass_init(&pass);
	second_pass_put_host(&pass, &hasty, &item, START_MS);
	assert_true(second_pass_due_ms(&pass) == START_MS + 4000);
	second_pass_fini(&pass);
}

/* All failed at once: each worker gets an equal share, in batches of 64 to 1,024
 * items. */
static void
in_parts(void **state)
{
	struct second_pass pass;
	int64_t now_ms = START_MS + WAIT_MS;
	int taken = 0, count;

	(void)state;
	second_pass_init(&pass);
	for (int i = 0; i < ITEMS; i++)
		put(&pass, i, START_MS);
	assert_int_equal(take(&pass, now_ms, 0), 1024);
	for (taken = 1024; taken < ITEMS - 64; taken += count) {
		count = take(&pass, now_ms, taken);
		assert_in_range(count, 64, 1024);
	}
	while (taken < ITEMS) {
		count = take(&pass, now_ms, taken);
		assert_true(count > 0);
		taken += count;
	}
	assert_int_equal(take(&pass, now_ms, taken), 0);
	second_pass_fini(&pass);
}

/* The items of a batch that was lost have waited already. They only wait for those
 * before them. */
static void
lost_batch(void **state)
{
	struct second_pass pass;

	(void)state;
	second_pass_init(&pass);
	put(&pass, 0, START_MS);
	put(&pass, 1, ALREADY_DUE);
	assert_int_equal(take(&pass, START_MS, 0), 0);
	assert_int_equal(take(&pass, START_MS + WAIT_MS, 0), 2);
	put(&pass, 2, ALREADY_DUE);
	assert_int_equal(take(&pass, START_MS, 2), 1);
	second_pass_fini(&pass);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(waits_for_retry_after),
		cmocka_unit_test(each_in_its_time), cmocka_unit_test(in_parts),
		cmocka_unit_test(short_wait),
		cmocka_unit_test(lost_batch),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Which networks answered on port 25, and when none is a block (RULES F28). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "scanner/coordinator/network/reach.h"

/* Address `host` of network `network`: 10.x.y.host. */
static struct address
address_of(unsigned network, unsigned host)
{
	return (struct address){ .family = 4, .bytes = {
		10, (uint8_t)(network >> 8), (uint8_t)network, (uint8_t)host,
	} };
}

static void
note(struct reach *reach, unsigned network, unsigned host,
    enum reach_result result, int milliseconds)
{
	struct address address = address_of(network, host);

	reach_note(reach, &address, "mx.example", result, milliseconds);
}

static struct reach *
with_silent(unsigned networks)
{
	struct reach *reach = reach_new();

	for (unsigned i = 0; i < networks; i++)
		note(reach, i, 1, REACH_SILENT, 0);
	return reach;
}

static void
a_hundred_silent_networks_are_a_block(void **state)
{
	struct reach *few = with_silent(99), *many = with_silent(100);

	(void)state;
	assert_false(reach_is_blocked(few, -1));
	assert_true(reach_is_blocked(many, -1));
	assert_int_equal(reach_failed_networks(many), 100);
	reach_free(few);
	reach_free(many);
}

/* Are so many networks that answer and refuse too few, beside so many that are
 * silent? */
static bool
is_silent(unsigned answers, unsigned refuses, unsigned silent)
{
	struct reach *reach = with_silent(silent);
	bool is;

	for (unsigned i = 0; i < answers; i++)
		note(reach, 1000 + i, 1, REACH_ANSWERED, 0);
	for (unsigned i = 0; i < refuses; i++)
		note(reach, 2000 + i, 1, REACH_REFUSED, 1);
	is = reach_is_silent(reach);
	reach_free(reach);
	return is;
}

static void
a_hundred_are_silent_after_one_or_two_answers(void **state)
{
	(void)state;
	assert_true(is_silent(1, 0, 100));
	assert_true(is_silent(2, 0, 100));
	assert_true(is_silent(1, 1, 100));
	/* The twins. */
	assert_false(is_silent(2, 0, 99));
	assert_false(is_silent(0, 0, 100));
	assert_false(is_silent(3, 0, 100));
	assert_false(is_silent(2, 1, 100));
}

static void
a_hundred_addresses_of_one_network_are_not(void **state)
{
	struct reach *reach = reach_new();

	(void)state;
	for (unsigned i = 1; i <= 200; i++)
		note(reach, 7, i, REACH_SILENT, 0);
	assert_int_equal(reach_failed_networks(reach), 1);
	assert_false(reach_is_blocked(reach, -1));
	reach_free(reach);
}

static void
one_answer_is_enough(void **state)
{
	struct reach *reach = with_silent(150);

	(void)state;
	note(reach, 200, 1, REACH_ANSWERED, 0);
	assert_false(reach_is_blocked(reach, -1));
	/* It counts as answered, whatever comes later. */
	note(reach, 200, 1, REACH_SILENT, 0);
	assert_false(reach_is_blocked(reach, -1));
	reach_free(reach);
}

/* The refusals take from `least` to `most` milliseconds. */
static bool
is_blocked_by_refusals(int least, int most, int dns_ms)
{
	struct reach *reach = reach_new();
	bool blocked;

	for (unsigned i = 0; i < 120; i++)
		note(reach, i, 1, REACH_REFUSED, i % 2 == 0 ? least : most);
	blocked = reach_is_blocked(reach, dns_ms);
	reach_free(reach);
	return blocked;
}

static void
refusals_are_answers_unless_they_come_from_nearby(void **state)
{
	(void)state;
	/* All alike, and a tenth of the round trip is 10 ms. */
	assert_true(is_blocked_by_refusals(1, 2, 100));
	assert_true(is_blocked_by_refusals(9, 9, 100));
	/* As far away as name servers are. */
	assert_false(is_blocked_by_refusals(10, 10, 100));
	/* They differ. */
	assert_false(is_blocked_by_refusals(1, 9, 100));
	/* The round trip is unknown. */
	assert_false(is_blocked_by_refusals(1, 2, -1));
}

static void
known_servers_are_in_different_networks(void **state)
{
	struct reach *reach = reach_new();
	struct reach_server known[REACH_KNOWN_MAX];
	struct address second = address_of(1, 2);

	(void)state;
	note(reach, 1, 1, REACH_ANSWERED, 0);
	note(reach, 1, 2, REACH_ANSWERED, 0);
	assert_int_equal(reach_known(reach, known), 1);
	/* The latest one of its network. */
	assert_int_equal(address_compare(&known[0].address, &second), 0);
	assert_string_equal(known[0].sni, "mx.example");
	for (unsigned i = 2; i < 50; i++)
		note(reach, i, 1, REACH_ANSWERED, 0);
	assert_int_equal(reach_known(reach, known), REACH_KNOWN_MAX);
	reach_free(reach);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_hundred_silent_networks_are_a_block),
		cmocka_unit_test(
		    a_hundred_are_silent_after_one_or_two_answers),
		cmocka_unit_test(a_hundred_addresses_of_one_network_are_not),
		cmocka_unit_test(one_answer_is_enough),
		cmocka_unit_test(
		    refusals_are_answers_unless_they_come_from_nearby),
		cmocka_unit_test(known_servers_are_in_different_networks),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}

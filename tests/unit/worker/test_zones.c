/* Which zones a worker's direct lane may be used for: as their apex answers
 * (RULES L5), and while their files are fresh (L4); and their keys (L31). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "scanner/base/clock.h"
#include "scanner/dns/direct/secure.h"
#include "scanner/dns/lane.h"
#include "scanner/message/item.h"
#include "scanner/worker/worker.h"
#include "scanner/worker/zones.h"
#include "tests/unit/answer_builder.h"
#include "tests/unit/signed_parent.h"

static struct worker worker;
static struct lookup *asked[16];
static unsigned asked_count, done_count;

static void
take_lookup(struct lane *lane, struct lookup *lookup)
{
	(void)lane;
	asked[asked_count++] = lookup;
}

static void
drop_lookup(struct lane *lane, struct lookup *lookup)
{
	(void)lane;
	(void)lookup;
}

static struct lane lane = {
	LANE_RECURSIVE, take_lookup, drop_lookup,
};

/* In place of the lanes of a worker. */
struct lane *
worker_lane(const struct worker *of, enum ask ask)
{
	assert_ptr_equal(of, &worker);
	assert_int_equal(ask, ASK_DOMAIN);
	return &lane;
}

static void
on_done(void *tag)
{
	(void)tag;
	done_count++;
}

static struct zones *
open_zones(int64_t until_s, const char *first, const char *second)
{
	struct buffer items = { 0 };
	struct zones *zones;

	zone_item_put(&items, &(struct zone_item){ first, until_s });
	zone_item_put(&items, &(struct zone_item){ second, until_s });
	worker.ev = ev_loop_new(0);
	asked_count = done_count = 0;
	zones = zones_new(&worker, items.bytes, items.length);
	buffer_fini(&items);
	assert_non_null(zones);
	assert_false(zones_is_open(zones, "a.example"));
	zones_start(zones, on_done, NULL);
	return zones;
}

static void
close_zones(struct zones *zones)
{
	zones_free(zones);
	ev_loop_destroy(worker.ev);
}

static int64_t
tomorrow(void)
{
	return clock_wall_ms() / 1000 + 86400;
}

static void
answer(struct lookup *lookup, enum lookup_status status)
{
	lookup_new_answer(lookup)->status = status;
	lookup_end(lookup);
}

static void
test_answers(void **state)
{
	static const struct {
		enum lookup_status soa, dnskey;
		bool is_open;
	} cases[] = {
		{ LOOKUP_FOUND, LOOKUP_FOUND, true },
		{ LOOKUP_FOUND, LOOKUP_NODATA, true },
		{ LOOKUP_FOUND, LOOKUP_BOGUS, false },
		{ LOOKUP_BOGUS, LOOKUP_FOUND, false },
		{ LOOKUP_FOUND, LOOKUP_TIMEOUT, false },
		{ LOOKUP_TIMEOUT, LOOKUP_FOUND, false },
		{ LOOKUP_SERVFAIL, LOOKUP_SERVFAIL, false },
		{ LOOKUP_NODATA, LOOKUP_FOUND, false },
		{ LOOKUP_NXDOMAIN, LOOKUP_NXDOMAIN, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct zones *zones = open_zones(tomorrow(), "example",
		    "test");

		assert_int_equal(asked_count, 4);
		assert_int_equal(asked[0]->type, DNS_SOA);
		assert_int_equal(asked[1]->type, DNS_DNSKEY);
		answer(asked[1], cases[i].dnskey);
		assert_false(zones_is_open(zones, "a.example"));
		answer(asked[0], cases[i].soa);
		assert_int_equal(zones_is_open(zones, "a.example"),
		    cases[i].is_open);
		/* The other zone is not this one. */
		assert_false(zones_is_open(zones, "a.test"));
		assert_int_equal(done_count, 0);
		answer(asked[2], LOOKUP_FOUND);
		answer(asked[3], LOOKUP_FOUND);
		assert_true(zones_is_open(zones, "a.test"));
		assert_int_equal(done_count, 1);
		close_zones(zones);
	}
}

/* The smallest zone around a name has its delegation. */
static void
test_around(void **state)
{
	struct zones *zones = open_zones(tomorrow(), "uk", "co.uk");

	(void)state;
	for (unsigned i = 0; i < 4; i++)
		answer(asked[i], i < 2 ? LOOKUP_FOUND : LOOKUP_BOGUS);
	assert_true(zones_is_open(zones, "a.uk"));
	assert_true(zones_is_open(zones, "co.uk"));
	assert_false(zones_is_open(zones, "a.co.uk"));
	assert_false(zones_is_open(zones, "uk"));
	assert_false(zones_is_open(zones, "a.xuk"));
	close_zones(zones);
}

/* L4: what is too old is not even asked about. */
static void
test_age(void **state)
{
	struct zones *zones = open_zones(clock_wall_ms() / 1000 - 1, "example",
	    "test");

	(void)state;
	assert_int_equal(asked_count, 0);
	assert_int_equal(done_count, 1);
	assert_false(zones_is_open(zones, "a.example"));
	close_zones(zones);
}

/* The answer has the keys of signed_parent.h. */
static void
answer_keys(struct lookup *lookup, enum dnssec dnssec)
{
	struct buffer packet = { 0 };
	struct answer *answer;

	answer_begin(&packet, "example", DNS_DNSKEY, 0);
	buffer_append(&packet, parent_keys, sizeof parent_keys);
	packet.bytes[7] = 3;
	answer = lookup_new_answer(lookup);
	answer->status = LOOKUP_FOUND;
	answer->dnssec = dnssec;
	answer->packet = packet.bytes;
	answer->packet_length = packet.length;
	lookup_end(lookup);
}

/* L31: keys count if the recursive lane has validated them. */
static void
test_keys(void **state)
{
	struct zones *zones = open_zones(tomorrow(), "example", "test");
	const struct secure_keys *keys;
	const uint8_t *apex = NULL;

	(void)state;
	assert_null(zones_keys(zones, "a.example", &apex));
	answer_keys(asked[1], DNSSEC_SECURE);
	keys = zones_keys(zones, "a.example", &apex);
	assert_non_null(keys);
	assert_int_equal(keys->count, 2);
	assert_memory_equal(apex, "\7example", 9);
	assert_null(zones_keys(zones, "a.test", &apex));
	answer(asked[3], LOOKUP_NODATA);
	assert_null(zones_keys(zones, "a.test", &apex));
	close_zones(zones);

	zones = open_zones(tomorrow(), "example", "test");
	answer_keys(asked[1], DNSSEC_INSECURE);
	assert_null(zones_keys(zones, "a.example", &apex));
	close_zones(zones);
}

static void
test_malformed(void **state)
{
	(void)state;
	assert_null(zones_new(&worker, (const uint8_t *)"\1", 1));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_answers),
		cmocka_unit_test(test_around),
		cmocka_unit_test(test_age),
		cmocka_unit_test(test_keys),
		cmocka_unit_test(test_malformed),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}

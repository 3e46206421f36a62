/* Which zones a worker's direct lane may be used for: as their apex answers
 * (RULES L5), and while their files are fresh (L4); their keys (L31), and what
 * the digests of their files are worth (L44, L45). */
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
#include "tests/unit/zone_signer.h"

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
	LANE_RECURSIVE, NULL, take_lookup, drop_lookup,
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

/* Of the files of the two zones. */
static struct zonemd first_zonemd, second_zonemd;

static struct zones *
open_zones(int64_t until_s, const char *first, const char *second)
{
	struct buffer items = { 0 };
	struct zones *zones;

	zone_item_put(&items, &(struct zone_item){
	    first, until_s, first_zonemd });
	zone_item_put(&items, &(struct zone_item){
	    second, until_s, second_zonemd });
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

/* L4: a file that is too old is not even asked about. */
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

enum signature { UNSIGNED, GOOD, FORGED, EXPIRED };

/* Signed by a key that the answer to DNSKEY has. */
static void
make_zonemd(struct zonemd *zonemd, enum zonemd_state is,
    enum signature signature, const struct zone_signer *signer)
{
	static const uint8_t record[] = "\0\0\0\1\1\1a digest";
	struct rdata_list records = { .count = 0 };
	int64_t now_s = clock_wall_ms() / 1000;
	const struct signing signing = {
		.signer = signer, .name = "example", .ttl = 3600,
		.inception = now_s - 86400,
		.expiration = signature == EXPIRED ? now_s - 60
		    : now_s + 86400,
		.is_broken = signature == FORGED,
	};
	struct buffer counted = { 0 }, rrsig = { 0 };

	*zonemd = (struct zonemd){ .state = is, .ttl = 3600 };
	rdata_add(&records, record, sizeof record);
	zone_sign(&rrsig, &signing, "example", 63, &records);
	wire_put_bytes(&counted, record, sizeof record);
	memcpy(zonemd->records, counted.bytes, counted.length);
	zonemd->records_length = counted.length;
	counted.length = 0;
	wire_put_bytes(&counted, rrsig.bytes, rrsig.length);
	if (signature != UNSIGNED) {
		memcpy(zonemd->signatures, counted.bytes, counted.length);
		zonemd->signatures_length = counted.length;
	}
	rdata_fini(&records);
	buffer_fini(&counted);
	buffer_fini(&rrsig);
}

static void
answer_key(struct lookup *lookup, const struct zone_signer *signer)
{
	struct buffer packet = { 0 };
	struct rdata_list records = { .count = 0 };
	struct answer *answer;

	answer_begin(&packet, "example", DNS_DNSKEY, 0);
	rdata_add(&records, signer->dnskey.bytes, signer->dnskey.length);
	answer_set(&packet, DNS_ANSWER, "example", DNS_DNSKEY, 300, &records,
	    NULL);
	answer = lookup_new_answer(lookup);
	answer->status = LOOKUP_FOUND;
	answer->dnssec = DNSSEC_SECURE;
	answer->packet = packet.bytes;
	answer->packet_length = packet.length;
	lookup_end(lookup);
}

/* L44, L45: what the digest of the file is worth. */
static void
test_zonemd(void **state)
{
	static const struct {
		enum zonemd_state	 is;
		enum signature		 signature;
		bool			 is_open, vouches;
	} rows[] = {
		{ ZONEMD_MATCH, GOOD, true, true },
		{ ZONEMD_MATCH, UNSIGNED, true, false },
		{ ZONEMD_MATCH, FORGED, true, false },
		{ ZONEMD_MATCH, EXPIRED, true, false },
		{ ZONEMD_MISMATCH, GOOD, false, false },
		{ ZONEMD_MISMATCH, UNSIGNED, true, false },
		{ ZONEMD_MISMATCH, FORGED, true, false },
		{ ZONEMD_MISMATCH, EXPIRED, true, false },
		{ ZONEMD_UNSUPPORTED, GOOD, true, false },
		{ ZONEMD_ABSENT, GOOD, true, false },
	};
	struct zone_signer signer;

	(void)state;
	zone_signer_make(&signer, 13, 0, 257, 3);
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		/* The file of another zone, and a second one of the zone. */
		for (size_t second = 0; second < 2; second++) {
			uint32_t ttl = 86400;
			struct zones *zones;

			make_zonemd(&first_zonemd, rows[i].is,
			    rows[i].signature, &signer);
			if (second == 1) {
				second_zonemd = first_zonemd;
				first_zonemd = (struct zonemd){ 0 };
			}
			zones = open_zones(tomorrow(), "example",
			    second == 1 ? "example" : "test");
			assert_false(zones_vouches(zones, "a.example", &ttl));
			answer(asked[0], LOOKUP_FOUND);
			answer_key(asked[1], &signer);
			if (zones_is_open(zones, "a.example") !=
			    rows[i].is_open)
				fail_msg("row %zu %zu: open", i, second);
			if (zones_vouches(zones, "a.example", &ttl) !=
			    (rows[i].vouches && second == 0))
				fail_msg("row %zu %zu: vouches", i, second);
			assert_int_equal(ttl, rows[i].vouches && second == 0
			    ? 3600 : 86400);
			assert_false(zones_vouches(zones, "a.test", &ttl));
			close_zones(zones);
			first_zonemd = second_zonemd = (struct zonemd){ 0 };
		}
	}
	zone_signer_fini(&signer);
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
		cmocka_unit_test(test_zonemd),
		cmocka_unit_test(test_malformed),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}

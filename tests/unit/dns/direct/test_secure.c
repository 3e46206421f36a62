/* What makes an answer of a signed delegation secure (secure.h): RFC 4034, RFC
 * 4035 5.3, RULES L20, L22, L23, L24, L25, L26, L27, L28. Each case has a twin that differs in one fact. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "scanner/base/memory.h"
#include "scanner/dns/delegation.h"
#include "scanner/dns/direct/secure.h"
#include "tests/unit/zone_signer.h"

#define ZONE	"d.example"
#define SOA_MINIMUM 1800

static struct zone_signer signer;
static const uint16_t apex_types[] = { DNS_NS, DNS_SOA, DNS_MX, DNS_RRSIG,
	DNS_NSEC, DNS_DNSKEY, 0 };
static const uint16_t apex_without_mx[] = { DNS_NS, DNS_SOA, DNS_RRSIG,
	DNS_NSEC, DNS_DNSKEY, 0 };

static int
make_keys(void **state)
{
	(void)state;
	zone_signer_make(&signer, 13, 0, 257, 3);
	return 0;
}

static int
free_keys(void **state)
{
	(void)state;
	zone_signer_fini(&signer);
	return 0;
}

/* The keys of a response about DNSKEY with this one, and its DS. */
static enum oddity
read_keys(struct secure_keys *keys, struct secure_check *check)
{
	struct signing signing = { .signer = &signer, .name = ZONE };
	struct rdata_list rdata = { .count = 0 };
	struct buffer packet = { 0 }, ds = { 0 };
	struct delegation delegation = { .name = ZONE, .ds_ttl = 86400 };
	enum oddity oddity;

	answer_begin(&packet, ZONE, DNS_DNSKEY, 0);
	rdata_add(&rdata, signer.dnskey.bytes, signer.dnskey.length);
	answer_set(&packet, DNS_ANSWER, ZONE, DNS_DNSKEY, 3600, &rdata,
	    &signing);
	zone_signer_ds(&signer, ZONE, 2, &ds);
	delegation.ds = ds.bytes;
	delegation.ds_length = ds.length;
	oddity = secure_keys_read(keys, check, &delegation, packet.bytes,
	    packet.length);
	buffer_fini(&packet);
	buffer_fini(&ds);
	return oddity;
}

static const uint8_t zone[] = "\1d\7example";

/* Judges a packet about a name of the zone. */
static enum oddity
judge(struct buffer *packet, const char *name, uint16_t type, uint32_t *ttl)
{
	struct secure_keys keys;
	struct secure_check check = { .zone = zone, .now_s = SIGNER_NOW };
	struct exchange exchange = { .type = type };
	struct lookup lookup;
	enum oddity oddity;

	assert_int_equal(read_keys(&keys, &check), ODDITY_NONE);
	assert_int_equal(check.verifications, 1);
	assert_true(lookup_answered(&lookup, packet, name, type));
	exchange.name = lookup.name;
	exchange.zone = name_find(lookup.name, zone);
	oddity = secure_judge(&keys, &check, &exchange, lookup.answer, false,
	    ttl);
	lookup_answered_fini(&lookup);
	secure_keys_free(&keys);
	buffer_fini(packet);
	return oddity;
}

static enum oddity
judge_mx(const struct signing *signing)
{
	struct rdata_list rdata = { .count = 0 };
	struct buffer packet = { 0 };
	uint32_t ttl = 86400;

	answer_begin(&packet, ZONE, DNS_MX, 0);
	rdata_add_mx(&rdata, 10, "mx.example");
	answer_set(&packet, DNS_ANSWER, ZONE, DNS_MX, 3600, &rdata, signing);
	return judge(&packet, ZONE, DNS_MX, &ttl);
}

static void
signed_records_are_secure(void **state)
{
	struct signing signing = { .signer = &signer, .name = ZONE };

	(void)state;
	assert_int_equal(judge_mx(&signing), ODDITY_NONE);
	signing.is_broken = true;
	assert_int_equal(judge_mx(&signing), ODDITY_UNPROVEN);
	assert_int_equal(judge_mx(NULL), ODDITY_UNPROVEN);
}

static enum oddity
judge_no_mx(const uint16_t *types)
{
	struct signing signing = { .signer = &signer, .name = ZONE };
	struct rdata_list rdata = { .count = 0 };
	struct buffer packet = { 0 };
	uint32_t ttl = 86400;

	answer_begin(&packet, ZONE, DNS_MX, 0);
	rdata_add_soa(&rdata, ZONE, SOA_MINIMUM);
	answer_set(&packet, DNS_AUTHORITY, ZONE, DNS_SOA, 3600, &rdata,
	    &signing);
	rdata_add_nsec(&rdata, "a." ZONE, types);
	answer_set(&packet, DNS_AUTHORITY, ZONE, DNS_NSEC, 1800, &rdata,
	    &signing);
	return judge(&packet, ZONE, DNS_MX, &ttl);
}

static void
denial_at_the_apex_is_secure(void **state)
{
	(void)state;
	assert_int_equal(judge_no_mx(apex_without_mx), ODDITY_NONE);
	assert_int_equal(judge_no_mx(apex_types), ODDITY_UNPROVEN);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(signed_records_are_secure),
		cmocka_unit_test(denial_at_the_apex_is_secure),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, make_keys, free_keys);
}

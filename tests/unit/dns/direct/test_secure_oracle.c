/* Mutated answers of signed zones (RULES L20), before us and before ldns: what is
 * secure here has good signatures there, and what is denied here is denied
 * there. Each byte of an answer changes, by several bits. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <ldns/ldns.h>
#include <stdlib.h>
#include <string.h>

#include "scanner/base/memory.h"
#include "scanner/crypto/zone_digest.h"
#include "scanner/dns/answer.h"
#include "scanner/dns/delegation.h"
#include "scanner/dns/direct/secure.h"
#include "tests/unit/zone_signer.h"

#define ZONE	"d.example"
#define HEADER	12

static const uint8_t zone[] = "\1d\7example";

struct scenario {
	const char	*name;
	uint16_t	 type;
	unsigned	 rcode;
	void		(*put)(struct buffer *, const struct signing *);
};

struct tally {
	unsigned	 both, ours, theirs, neither;
};

/* Answers ***************************************************************** */

static void
put_mx(struct buffer *packet, const struct signing *signing)
{
	struct rdata_list rdata = { .count = 0 };

	rdata_add_mx(&rdata, 10, "mx." ZONE);
	rdata_add_mx(&rdata, 20, "mx.example");
	answer_set(packet, DNS_ANSWER, ZONE, DNS_MX, 3600, &rdata, signing);
	rdata_add_name(&rdata, "ns.example");
	answer_set(packet, DNS_AUTHORITY, ZONE, DNS_NS, 3600, &rdata, signing);
}

static void
put_alias(struct buffer *packet, const struct signing *signing)
{
	struct rdata_list rdata = { .count = 0 };

	rdata_add_name(&rdata, "b." ZONE);
	answer_set(packet, DNS_ANSWER, "a." ZONE, DNS_CNAME, 3600, &rdata,
	    signing);
	rdata_add(&rdata, "\300\0\2\1", 4);
	rdata_add(&rdata, "\300\0\2\2", 4);
	answer_set(packet, DNS_ANSWER, "b." ZONE, DNS_A, 3600, &rdata,
	    signing);
}

static void
put_soa(struct buffer *packet, const struct signing *signing)
{
	struct rdata_list rdata = { .count = 0 };

	rdata_add_soa(&rdata, ZONE, 3600);
	answer_set(packet, DNS_AUTHORITY, ZONE, DNS_SOA, 3600, &rdata, signing);
}

/* The apex, up to c.ZONE. */
static void
put_nsec(struct buffer *packet, const struct signing *signing)
{
	static const uint16_t types[] = { DNS_NS, DNS_SOA, DNS_RRSIG, DNS_NSEC,
		DNS_DNSKEY, 0 };
	struct rdata_list rdata = { .count = 0 };

	put_soa(packet, signing);
	rdata_add_nsec(&rdata, "c." ZONE, types);
	answer_set(packet, DNS_AUTHORITY, ZONE, DNS_NSEC, 3600, &rdata,
	    signing);
}

/* The record of a name, or one that covers just it. */
static void
put_nsec3(struct buffer *packet, const struct signing *signing,
    const char *name, bool covers, const uint16_t *types)
{
	static const char digits[] = "0123456789abcdefghijklmnopqrstuv";
	struct rdata_list rdata = { .count = 0 };
	struct buffer wire = { 0 };
	uint8_t hash[NSEC3_HASH_BYTES], next[NSEC3_HASH_BYTES];
	char owner[64];

	answer_name(&wire, name);
	nsec3_hash(wire.bytes, wire.length, 0, NULL, 0, hash);
	buffer_fini(&wire);
	memcpy(next, hash, sizeof next);
	/* A carry would need a hash that ends in zeros or ones. */
	next[NSEC3_HASH_BYTES - 1]++;
	hash[NSEC3_HASH_BYTES - 1] -= covers;
	for (int i = 0; i < 32; i++) {
		unsigned value = 0;

		for (int bit = 5 * i; bit < 5 * i + 5; bit++)
			value = value << 1 |
			    (hash[bit / 8] >> (7 - bit % 8) & 1U);
		owner[i] = digits[value];
	}
	strcpy(owner + 32, "." ZONE);
	rdata_add_nsec3(&rdata, 0, 0, next, types);
	answer_set(packet, DNS_AUTHORITY, owner, DNS_NSEC3, 3600, &rdata,
	    signing);
}

static const uint16_t apex_types[] = { DNS_NS, DNS_SOA, DNS_RRSIG,
	DNS_DNSKEY, 0 };
static const uint16_t host_types[] = { DNS_A, DNS_RRSIG, 0 };

static void
put_nsec3_of_type(struct buffer *packet, const struct signing *signing)
{
	put_soa(packet, signing);
	put_nsec3(packet, signing, ZONE, false, apex_types);
}

static void
put_nsec3_of_name(struct buffer *packet, const struct signing *signing)
{
	put_soa(packet, signing);
	put_nsec3(packet, signing, ZONE, false, apex_types);
	put_nsec3(packet, signing, "b." ZONE, true, host_types);
	put_nsec3(packet, signing, "*." ZONE, true, host_types);
}

static const struct scenario scenarios[] = {
	{ ZONE, DNS_MX, 0, put_mx },
	{ "a." ZONE, DNS_A, 0, put_alias },
	{ ZONE, DNS_MX, 0, put_nsec },
	{ "b." ZONE, DNS_MX, 3, put_nsec },
	{ ZONE, DNS_MX, 0, put_nsec3_of_type },
	{ "b." ZONE, DNS_MX, 3, put_nsec3_of_name },
};

/* Ours ******************************************************************** */

static bool
ours(const struct secure_keys *keys, const struct scenario *scenario,
    const struct buffer *packet)
{
	struct secure_check check = { .zone = zone, .now_s = SIGNER_NOW };
	struct exchange exchange = { .type = scenario->type };
	struct lookup lookup;
	uint32_t ttl = 86400;
	bool is_secure = lookup_answered(&lookup, packet, scenario->name,
	    scenario->type);

	exchange.name = lookup.name;
	is_secure = is_secure && secure_judge(keys, &check, &exchange,
	    lookup.answer, false, &ttl) == ODDITY_NONE;
	lookup_answered_fini(&lookup);
	return is_secure;
}

/* Of ldns ***************************************************************** */

/* The records of the section that belong to this one, or sign it. */
static ldns_rr_list *
set_of(const ldns_rr_list *section, const ldns_rr *record, bool signatures)
{
	ldns_rr_list *set = ldns_rr_list_new();

	for (size_t i = 0; i < ldns_rr_list_rr_count(section); i++) {
		ldns_rr *rr = ldns_rr_list_rr(section, i);
		bool is_signature = ldns_rr_get_type(rr) ==
		    LDNS_RR_TYPE_RRSIG;
		ldns_rr_type type = is_signature
		    ? ldns_rdf2rr_type(ldns_rr_rrsig_typecovered(rr))
		    : ldns_rr_get_type(rr);

		if (is_signature == signatures &&
		    type == ldns_rr_get_type(record) &&
		    ldns_dname_compare(ldns_rr_owner(rr),
		    ldns_rr_owner(record)) == 0)
			ldns_rr_list_push_rr(set, rr);
	}
	return set;
}

static bool
set_verifies(const ldns_rr_list *section, const ldns_rr *record,
    const ldns_rr_list *keys)
{
	ldns_rr_list *set = set_of(section, record, false);
	ldns_rr_list *signatures = set_of(section, record, true);
	bool verifies;

	/* ldns counts a record that comes twice; RFC 4034 6.3 does not. */
	ldns_rr_list_sort(set);
	for (size_t i = 1; i < ldns_rr_list_rr_count(set); i++)
		if (ldns_rr_compare(ldns_rr_list_rr(set, i - 1),
		    ldns_rr_list_rr(set, i)) == 0) {
			ldns_rr_list_set_rr(set, ldns_rr_list_rr(set,
			    ldns_rr_list_rr_count(set) - 1), i--);
			ldns_rr_list_pop_rr(set);
			ldns_rr_list_sort(set);
		}
	verifies = ldns_rr_list_rr_count(signatures) > 0 &&
	    ldns_verify_time(set, signatures, keys, SIGNER_NOW, NULL) ==
	    LDNS_STATUS_OK;
	if (ldns_rr_get_type(record) == LDNS_RR_TYPE_NS &&
	    ldns_rr_list_rr_count(signatures) == 0)
		verifies = true;
	ldns_rr_list_free(set);
	ldns_rr_list_free(signatures);
	return verifies;
}

static bool
section_verifies(const ldns_rr_list *section, const ldns_rr_list *keys)
{
	for (size_t i = 0; i < ldns_rr_list_rr_count(section); i++) {
		const ldns_rr *rr = ldns_rr_list_rr(section, i);

		if (ldns_rr_get_type(rr) != LDNS_RR_TYPE_RRSIG &&
		    !set_verifies(section, rr, keys))
			return false;
	}
	return true;
}

static ldns_rr_list *
of_type(const ldns_rr_list *section, ldns_rr_type type)
{
	ldns_rr_list *found = ldns_rr_list_new();

	for (size_t i = 0; i < ldns_rr_list_rr_count(section); i++)
		if (ldns_rr_get_type(ldns_rr_list_rr(section, i)) == type)
			ldns_rr_list_push_rr(found,
			    ldns_rr_list_rr(section, i));
	return found;
}

static bool
is_denied(const ldns_pkt *packet, const struct scenario *scenario)
{
	ldns_rr *asked = ldns_rr_list_rr(ldns_pkt_question(packet), 0);
	ldns_rr_list *authority = ldns_pkt_authority(packet);
	ldns_rr_list *nsec = of_type(authority, LDNS_RR_TYPE_NSEC);
	ldns_rr_list *nsec3 = of_type(authority, LDNS_RR_TYPE_NSEC3);
	ldns_rr_list *rrsig = of_type(authority, LDNS_RR_TYPE_RRSIG);
	ldns_status status;

	if (ldns_rr_list_rr_count(nsec) > 0)
		status = ldns_dnssec_verify_denial(asked, nsec, rrsig);
	else
		status = ldns_dnssec_verify_denial_nsec3(asked, nsec3, rrsig,
		    scenario->rcode == 3 ? LDNS_RCODE_NXDOMAIN
		    : LDNS_RCODE_NOERROR, scenario->type,
		    scenario->rcode == 0);
	ldns_rr_list_free(nsec);
	ldns_rr_list_free(nsec3);
	ldns_rr_list_free(rrsig);
	return status == LDNS_STATUS_OK;
}

static bool
theirs(const ldns_rr_list *keys, const struct scenario *scenario,
    const struct buffer *bytes)
{
	ldns_pkt *packet;
	bool is_secure;

	if (ldns_wire2pkt(&packet, bytes->bytes, bytes->length) !=
	    LDNS_STATUS_OK)
		return false;
	is_secure = section_verifies(ldns_pkt_answer(packet), keys) &&
	    section_verifies(ldns_pkt_authority(packet), keys) &&
	    (ldns_rr_list_rr_count(ldns_pkt_answer(packet)) > 0 ||
	    is_denied(packet, scenario));
	ldns_pkt_free(packet);
	return is_secure;
}

/* Both ******************************************************************** */

static void
compare(const struct secure_keys *keys, const ldns_rr_list *ldns_keys,
    const struct scenario *scenario, const struct buffer *packet,
    struct tally *tally)
{
	bool we = ours(keys, scenario, packet);

	if (we && theirs(ldns_keys, scenario, packet))
		tally->both++;
	else if (we)
		tally->ours++;
	else
		tally->neither++;
}

static void
mutate(const struct secure_keys *keys, const ldns_rr_list *ldns_keys,
    const struct scenario *scenario, struct buffer *packet,
    struct tally *tally)
{
	static const uint8_t flips[] = { 1, 0x20, 0x80, 0xff };
	/* Header and question are the exchange's. */
	size_t first = HEADER + strlen(scenario->name) + 2 + 4;

	compare(keys, ldns_keys, scenario, packet, tally);
	assert_int_equal(tally->both, 1);
	for (size_t at = first; at < packet->length; at++)
		for (size_t i = 0; i < sizeof flips; i++) {
			packet->bytes[at] ^= flips[i];
			compare(keys, ldns_keys, scenario, packet, tally);
			packet->bytes[at] ^= flips[i];
		}
	print_message("# %s %u: %u secure for both, %u for us alone, "
	    "%u fell back\n", scenario->name, scenario->type, tally->both,
	    tally->ours, tally->neither);
	assert_int_equal(tally->ours, 0);
	/* Owners and names in other case, and TTLs. */
	assert_true(tally->both > 8);
}

static void
ldns_agrees_with(uint8_t algorithm)
{
	struct zone_signer signer;
	struct signing signing = { .signer = &signer, .name = ZONE };
	struct secure_keys keys = { .count = 1 };
	ldns_rr_list *ldns_keys = ldns_rr_list_new();
	struct buffer record = { 0 };
	ldns_rr *key;
	size_t at = 0;

	zone_signer_make(&signer, algorithm, 1024, 256, 3);
	keys.keys[0].tag = signer.tag;
	keys.keys[0].algorithm = algorithm;
	keys.keys[0].key = zone_key_new(algorithm, signer.dnskey.bytes + 4,
	    signer.dnskey.length - 4);
	answer_begin(&record, ".", 1, 0);
	record.length = 12;
	answer_record(&record, DNS_ANSWER, ZONE, DNS_DNSKEY, 3600,
	    signer.dnskey.bytes, signer.dnskey.length);
	at = 12;
	assert_int_equal(ldns_wire2rr(&key, record.bytes, record.length, &at,
	    LDNS_SECTION_ANSWER), LDNS_STATUS_OK);
	ldns_rr_list_push_rr(ldns_keys, key);
	for (size_t i = 0; i < sizeof scenarios / sizeof scenarios[0]; i++) {
		struct tally tally = { 0 };
		struct buffer packet = { 0 };

		answer_begin(&packet, scenarios[i].name, scenarios[i].type,
		    scenarios[i].rcode);
		scenarios[i].put(&packet, &signing);
		mutate(&keys, ldns_keys, &scenarios[i], &packet, &tally);
		buffer_fini(&packet);
	}
	ldns_rr_list_deep_free(ldns_keys);
	buffer_fini(&record);
	secure_keys_free(&keys);
	zone_signer_fini(&signer);
}

static void
ldns_agrees_with_rsa(void **state)
{
	(void)state;
	ldns_agrees_with(8);
}

static void
ldns_agrees_with_p256(void **state)
{
	(void)state;
	ldns_agrees_with(13);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ldns_agrees_with_rsa),
		cmocka_unit_test(ldns_agrees_with_p256),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}

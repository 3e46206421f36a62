/* The rules of `mxcensus check`: for each its condition, its urgency and the
 * records that it publishes. Expected values are those of docs/rules.md and the
 * RFCs it names; the facts are made up for each row. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "parsers/mta_sts.h"
#include "scanner/base/log.h"
#include "scanner/commands/check/conditions.h"

#define COUNT(array) (sizeof (array) / sizeof (array)[0])
#define DAY INT64_C(86400000)
#define NOW INT64_C(1795489200000)	/* 2026-11-24T03:00:00Z */
#define SPKI "11223344556677889900aabbccddeeff11223344556677889900aabbccddeeff"
#define OLD "ffeeddccbbaa00998877665544332211ffeeddccbbaa00998877665544332211"

/* A domain with one host at one address, where all is well; each test spoils
 * one fact. */
struct world {
	struct check_domain	 domain;
	struct check_mx		 mx;
	struct check_host	 host;
	struct check_address	 address;
	struct check_session	 session;
	struct check_chain	 chain;
	struct check_certificate leaf, issuer;
	struct check_record	 record;
	struct check_policy	 policy;
	struct check_advice_list list;
};

static void
make_world(struct world *world)
{
	*world = (struct world){
		.leaf = { .sha256 = OLD, .spki_sha256 = SPKI,
		    .subject = "CN=mx", .issuer = "CN=Issuing", .san = "dns:mx.example.com",
		    .not_before = NOW - 30 * DAY, .not_after = NOW + 60 * DAY },
		.issuer = { .sha256 = OLD, .spki_sha256 = OLD,
		    .subject = "CN=Issuing", .issuer = "CN=Root", .san = "",
		    .is_ca = true, .not_before = NOW - 30 * DAY,
		    .not_after = NOW + 60 * DAY },
		.session = { .outcome = OUTCOME_TLS_ESTABLISHED,
		    .phase = PHASE_DONE, .tls_version = "TLSv1.3",
		    .cipher = "", .chain_error = "ok", .greeting = "",
		    .chain_trusted = true, .in_dates = true },
		.record = { .usage = 3, .selector = 1, .matching_type = 1,
		    .hex = SPKI, .is_usable = true, .unusable_reason = "",
		    .matches = true },
		.host = { .name = "mx.example.com", .bogus_text = "",
		    .tlsa_bogus_text = "", .canonical = "",
		    .tlsa_target = "", .wildcard_parent = "",
		    .tlsa_base = "mx.example.com", .rollover_ready = true,
		    .tlsa_status = TLSA_STATUS_USABLE },
		.mx = { .preference = 10, .tier = 1, .name = "mx.example.com" },
		.domain = { .name = "example.com",
		    .registrable = "example.com", .is_measured = true,
		    .bogus_text = "", .cname_target = "", .mx_count = 1,
		    .mta_sts_record = TXT_ABSENT, .tlsrpt_record = TXT_FOUND,
		    .reasons = "" },
		.policy = { .status = MTA_STS_VALID, .tlsrpt = TLSRPT_VALID,
		    .mode = MTA_STS_ENFORCE, .fault = -1,
		    .sts_target = "", .tlsrpt_target = "",
		    .txt = "v=STSv1; id=1;", .id = "1", .mx = "mx.example.com",
		    .tls_error = "", .max_age_s = 604800, .rua = "" },
	};
	world->chain.certificates[0] = &world->leaf;
	world->chain.certificates[1] = &world->issuer;
	world->chain.count = 2;
	world->chain.issuer = &world->issuer;
	world->session.chain = &world->chain;
	world->address = (struct check_address){ .text = "192.0.2.1" };
	world->address.mx = world->address.base = (struct check_result){
		.is_made = true, .outcome = OUTCOME_TLS_ESTABLISHED,
		.tls_class = TLS_CLASS_TLS, .session = &world->session,
		.name_match = true, .tlsa_status = TLSA_STATUS_USABLE,
		.dane = DANE_MATCH, .positions = "0",
	};
	world->host.addresses = &world->address;
	world->host.records = &world->record;
	world->mx.host = &world->host;
	world->domain.mx = &world->mx;
	for (int i = 0; i < SENDER_COUNT; i++)
		world->domain.outcomes[i] = (struct check_outcome){
			DELIVERY_AUTHENTICATED, DELIVERY_AUTHENTICATED,
			DELIVERY_AUTHENTICATED,
		};
}

/* Without TLSA: certificates count. */
static void
drop_tlsa(struct world *world)
{
	world->host.tlsa_status = TLSA_STATUS_ABSENT;
	world->host.records = NULL;
	world->host.rollover_ready = false;
	world->address.base.dane = DANE_NOT_APPLICABLE;
}

static void
enforce(struct world *world)
{
	world->domain.mta_sts_record = TXT_FOUND;
	world->domain.policy = &world->policy;
}

static void
fail_session(struct world *world, enum outcome outcome, enum tls_class class)
{
	world->session.outcome = outcome;
	world->session.chain = NULL;
	world->address.mx.outcome = world->address.base.outcome = outcome;
	world->address.mx.tls_class = world->address.base.tls_class = class;
	world->address.base.dane = DANE_NO_TLS;
}

static void
advise(struct world *world)
{
	check_advise(&world->domain, NOW, 25, &world->list);
}

static const struct check_advice *
find(const struct world *world, const char *id)
{
	for (size_t i = 0; i < world->list.count; i++)
		if (strcmp(world->list.items[i].id, id) == 0)
			return &world->list.items[i];
	return NULL;
}

/* The one that is said of that id. */
static const struct check_advice *
want(const struct world *world, const char *id, enum check_urgency urgency)
{
	const struct check_advice *advice = find(world, id);

	if (advice == NULL)
		fail_msg("%s is not said", id);
	if (advice->urgency != urgency)
		fail_msg("%s: %s", id, check_urgency_text(advice->urgency));
	return advice;
}

static void
want_lines(const struct check_lines *lines, size_t count,
    const char *const *texts)
{
	assert_int_equal(lines->count, count);
	for (size_t i = 0; i < count; i++)
		assert_string_equal(lines->items[i], texts[i]);
}

static void
want_replaced(const struct check_advice *advice, const char *owner,
    const char *type, const char *begins)
{
	assert_non_null(advice->replace.owner);
	assert_string_equal(advice->replace.owner, owner);
	assert_string_equal(advice->replace.type, type);
	assert_string_equal(advice->replace.begins, begins);
}

/* A row of one fact each ************************************************** */

#define SPOIL(name, statement)						\
	static void spoil_##name(struct world *world) { statement; }
SPOIL(nothing, (void)world)
SPOIL(measured, world->domain.is_measured = false)
SPOIL(bogus, world->domain.mx_status = MX_BOGUS; world->domain.mx_count = 0)
SPOIL(nxdomain, world->domain.mx_status = MX_NXDOMAIN;
    world->domain.mx_count = 0)
SPOIL(servfail, world->domain.mx_status = MX_SERVFAIL;
    world->domain.mx_count = 0)
SPOIL(null_mx, world->domain.mx_status = MX_NULL; world->domain.mx_count = 0;
    world->domain.tlsrpt_record = TXT_NOT_ASKED)
SPOIL(implicit, world->domain.mx_status = MX_IMPLICIT)
SPOIL(null_preference,
    world->domain.flags = 1u << DOMAIN_NULL_MX_PREFERENCE)
SPOIL(island, world->domain.mx_dnssec = DNSSEC_INSECURE;
    world->domain.flags = 1u << DOMAIN_SIGNED_INSECURE)
SPOIL(insecure, world->domain.mx_dnssec = DNSSEC_INSECURE)
SPOIL(localhost, world->mx.flags = 1u << MX_FLAG_IS_LOCALHOST)
SPOIL(tld, world->mx.flags = 1u << MX_FLAG_IS_TLD)
SPOIL(host_gone, world->host.status = HOST_NXDOMAIN;
    world->host.addresses = NULL)
SPOIL(host_empty, world->host.status = HOST_NO_ADDRESS)
SPOIL(host_bogus, world->host.status = HOST_BOGUS)
SPOIL(host_timeout, world->host.status = HOST_TIMEOUT)
SPOIL(host_special, world->host.status = HOST_SPECIAL_ADDRESS)
SPOIL(tlsa_bogus, world->host.tlsa_status = TLSA_STATUS_BOGUS)
SPOIL(tlsa_servfail, world->host.tlsa_status = TLSA_STATUS_SERVFAIL)
SPOIL(tlsa_timeout, world->host.tlsa_status = TLSA_STATUS_TIMEOUT)
SPOIL(tlsa_insecure, world->host.tlsa_status = TLSA_STATUS_INSECURE)
SPOIL(tlsa_stale, world->record.matches = false)
SPOIL(tlsa_alone, world->host.rollover_ready = false)
SPOIL(special, world->address.class = CLASS_SPECIAL)
SPOIL(not_allowed, world->address.class = CLASS_NOT_ALLOWED)
SPOIL(plain, drop_tlsa(world);
    fail_session(world, OUTCOME_STARTTLS_ABSENT, TLS_CLASS_NO_TLS))
SPOIL(plain_dane,
    fail_session(world, OUTCOME_STARTTLS_ABSENT, TLS_CLASS_NO_TLS))
SPOIL(plain_sts, drop_tlsa(world); enforce(world);
    fail_session(world, OUTCOME_STARTTLS_ABSENT, TLS_CLASS_NO_TLS))
SPOIL(stripped, drop_tlsa(world);
    fail_session(world, OUTCOME_STARTTLS_STRIPPED, TLS_CLASS_NO_TLS))
SPOIL(handshake, drop_tlsa(world);
    fail_session(world, OUTCOME_HANDSHAKE_FAILED, TLS_CLASS_NO_TLS))
SPOIL(undecodable, spoil_handshake(world);
    world->session.chain_error = "undecodable")
SPOIL(injected, drop_tlsa(world);
    fail_session(world, OUTCOME_PLAINTEXT_INJECTED, TLS_CLASS_UNDETERMINED))
SPOIL(unreached, fail_session(world, OUTCOME_CONNECT_TIMEOUT,
    TLS_CLASS_UNREACHABLE))
SPOIL(greylisted, fail_session(world, OUTCOME_TEMPORARY_REJECT,
    TLS_CLASS_UNDETERMINED))
SPOIL(silent, fail_session(world, OUTCOME_TIMEOUT, TLS_CLASS_UNDETERMINED))
SPOIL(legacy, world->address.mx.profile = PROFILE_LEGACY)
SPOIL(mismatch, world->address.base.dane = DANE_MISMATCH;
    world->record.matches = false)
SPOIL(hidden, world->address.base.dane = DANE_TA_NOT_PRESENTED)
SPOIL(over_anchor, world->address.base.dane = DANE_EXPIRED;
    world->leaf.not_after = NOW - DAY)
SPOIL(broken, world->address.base.dane = DANE_CHAIN_BROKEN)
SPOIL(named, world->address.base.dane = DANE_NAME_MISMATCH;
    world->domain.reasons = "dane:mx.example.com:name_mismatch")
/* RFC 7672 3.2.2: its name is the next hop's, so conclude gives no reason. */
SPOIL(next_hop, world->address.base.dane = DANE_NAME_MISMATCH)
SPOIL(other_reason, world->address.base.dane = DANE_NAME_MISMATCH;
    world->domain.reasons = "dane:mx.example.com:name_mismatch_not")
SPOIL(over, drop_tlsa(world); world->leaf.not_after = NOW - DAY;
    world->session.chain_error = "cert_has_expired")
SPOIL(over_enforced, spoil_over(world); enforce(world))
SPOIL(over_matched, world->leaf.not_after = NOW - DAY)
SPOIL(early, drop_tlsa(world); world->leaf.not_before = NOW + DAY)
SPOIL(ends_13, drop_tlsa(world); world->leaf.not_after = NOW + 14 * DAY - 1)
SPOIL(ends_14, drop_tlsa(world); world->leaf.not_after = NOW + 14 * DAY)
/* U4: usage 3 heeds no dates, U5: usage 2 does. */
SPOIL(ends_ee, world->leaf.not_after = NOW + DAY)
SPOIL(ends_ta, world->leaf.not_after = NOW + DAY; world->record.usage = 2)
SPOIL(no_issuer, drop_tlsa(world); world->session.chain_trusted = false;
    world->session.chain_error = "unable_to_get_issuer_cert_locally")
SPOIL(self_signed, drop_tlsa(world); world->session.chain_trusted = false;
    world->session.chain_error = "depth_zero_self_signed_cert")
SPOIL(private, drop_tlsa(world); world->session.chain_trusted = false;
    world->session.chain_error = "self_signed_cert_in_chain")
SPOIL(self_matched, world->session.chain_trusted = false;
    world->session.chain_error = "depth_zero_self_signed_cert")
SPOIL(other_name, drop_tlsa(world); world->address.mx.name_match = false)
SPOIL(weak, world->leaf.weak_key = true)
SPOIL(unlisted, enforce(world); world->policy.mx = "*.example.net")
SPOIL(unlisted_testing, spoil_unlisted(world);
    world->policy.mode = MTA_STS_TESTING)
SPOIL(multiple, enforce(world); world->policy.status = MTA_STS_MULTIPLE)
SPOIL(bad_record, enforce(world);
    world->policy.status = MTA_STS_INVALID_RECORD)
SPOIL(unfetched, enforce(world); world->policy.status = MTA_STS_FETCH_FAILED;
    world->policy.fault = MTA_STS_STATUS; world->policy.http_code = 404)
SPOIL(bad_policy, enforce(world);
    world->policy.status = MTA_STS_INVALID_POLICY)
SPOIL(testing, enforce(world); world->policy.mode = MTA_STS_TESTING)
SPOIL(testing_untrusted, spoil_testing(world);
    world->session.chain_trusted = false;
    world->session.chain_error = "self_signed_cert_in_chain")
SPOIL(testing_aside, spoil_testing(world);
    world->address.mx.is_made = false)
SPOIL(signed, drop_tlsa(world))
SPOIL(none, enforce(world); world->policy.mode = MTA_STS_NONE;
    world->policy.mx = "")
SPOIL(sts_error, world->domain.mta_sts_record = TXT_ERROR)
SPOIL(naked, drop_tlsa(world))
SPOIL(no_reports, world->domain.tlsrpt_record = TXT_ABSENT)
SPOIL(bad_reports, world->domain.tlsrpt_record = TXT_INVALID)
SPOIL(refused, world->domain.outcomes[SENDER_DANE].first = DELIVERY_REFUSED)
SPOIL(unknown, world->domain.outcomes[SENDER_DANE].first =
    DELIVERY_UNDETERMINED)
/* A sender that demands a certificate of every domain says nothing about this
 * one. */
SPOIL(webpki, world->domain.outcomes[SENDER_WEBPKI].first = DELIVERY_REFUSED)

static const struct row {
	void		(*spoil)(struct world *);
	const char	*id;		/* NULL: nothing at all is said */
	enum check_urgency urgency;
	int		 status;
} rows[] = {
#define ROW(name, id, urgency, status)					\
	{ spoil_##name, id, URGENCY_##urgency, EXIT_##status }
	{ spoil_nothing, NULL, 0, EXIT_COMPLETE },
	ROW(measured, "opted-out", LATER, STOPPED),
	ROW(bogus, "mx-bogus", NOW, MEND),
	ROW(nxdomain, "nxdomain", MEND, MEND),
	ROW(servfail, "mx-servfail", LATER, STOPPED),
	{ spoil_null_mx, NULL, 0, EXIT_COMPLETE },
	ROW(implicit, "implicit-mx", SUGGESTION, COMPLETE),
	ROW(null_preference, "null-mx-preference", SUGGESTION, COMPLETE),
	ROW(island, "ds-missing", MEND, MEND),
	ROW(insecure, "mx-insecure", SUGGESTION, COMPLETE),
	ROW(localhost, "mx-is-localhost", MEND, MEND),
	ROW(tld, "mx-is-tld", MEND, MEND),
	ROW(host_gone, "host-nxdomain", MEND, MEND),
	ROW(host_empty, "host-no-address", MEND, MEND),
	ROW(host_bogus, "host-bogus", NOW, MEND),
	ROW(host_timeout, "host-timeout", LATER, STOPPED),
	ROW(host_special, "host-special", MEND, MEND),
	ROW(tlsa_bogus, "tlsa-bogus", NOW, MEND),
	ROW(tlsa_servfail, "tlsa-servfail", NOW, MEND),
	ROW(tlsa_timeout, "tlsa-timeout", LATER, STOPPED),
	ROW(tlsa_insecure, "tlsa-insecure", MEND, MEND),
	ROW(tlsa_stale, "tlsa-unmatched", SUGGESTION, COMPLETE),
	ROW(tlsa_alone, "tlsa-alone", SUGGESTION, COMPLETE),
	ROW(special, "special-address", MEND, MEND),
	ROW(plain, "no-starttls", MEND, MEND),
	ROW(plain_dane, "no-starttls", NOW, MEND),
	ROW(plain_sts, "no-starttls", NOW, MEND),
	ROW(stripped, "starttls-stripped", MEND, MEND),
	ROW(handshake, "handshake-failed", MEND, MEND),
	ROW(undecodable, "certificate-undecodable", MEND, MEND),
	ROW(injected, "starttls-injected", MEND, MEND),
	ROW(unreached, "not-reached", LATER, STOPPED),
	ROW(greylisted, "rejected", LATER, STOPPED),
	ROW(silent, "not-seen", LATER, STOPPED),
	ROW(not_allowed, "not-allowed", LATER, STOPPED),
	ROW(legacy, "legacy-tls", MEND, MEND),
	ROW(mismatch, "tlsa-mismatch", NOW, MEND),
	ROW(hidden, "tlsa-anchor-missing", NOW, MEND),
	ROW(over_anchor, "tlsa-anchor-expired", NOW, MEND),
	ROW(broken, "tlsa-chain-broken", NOW, MEND),
	ROW(named, "tlsa-name", NOW, MEND),
	{ spoil_next_hop, NULL, 0, EXIT_COMPLETE },
	{ spoil_other_reason, NULL, 0, EXIT_COMPLETE },
	ROW(over, "certificate-expired", MEND, MEND),
	ROW(over_enforced, "certificate-expired", NOW, MEND),
	{ spoil_over_matched, NULL, 0, EXIT_COMPLETE },
	ROW(early, "certificate-early", MEND, MEND),
	ROW(ends_13, "certificate-ends", MEND, MEND),
	ROW(ends_14, "no-protection", SUGGESTION, COMPLETE),
	{ spoil_ends_ee, NULL, 0, EXIT_COMPLETE },
	ROW(ends_ta, "certificate-ends", MEND, MEND),
	ROW(no_issuer, "missing-intermediate", MEND, MEND),
	ROW(self_signed, "self-signed", MEND, MEND),
	ROW(private, "untrusted", MEND, MEND),
	{ spoil_self_matched, NULL, 0, EXIT_COMPLETE },
	ROW(other_name, "certificate-name", MEND, MEND),
	ROW(weak, "weak-certificate", SUGGESTION, COMPLETE),
	{ enforce, NULL, 0, EXIT_COMPLETE },
	ROW(unlisted, "sts-unlisted", NOW, MEND),
	ROW(unlisted_testing, "sts-unlisted", MEND, MEND),
	ROW(multiple, "sts-multiple", MEND, MEND),
	ROW(bad_record, "sts-invalid-record", MEND, MEND),
	ROW(unfetched, "sts-fetch-failed", MEND, MEND),
	ROW(bad_policy, "sts-invalid-policy", MEND, MEND),
	ROW(testing, "sts-testing", SUGGESTION, COMPLETE),
	ROW(testing_untrusted, "sts-not-ready", SUGGESTION, MEND),
	ROW(testing_aside, "sts-not-ready", SUGGESTION, COMPLETE),
	ROW(signed, "tlsa-absent", SUGGESTION, COMPLETE),
	ROW(none, "sts-none", SUGGESTION, COMPLETE),
	ROW(sts_error, "sts-error", LATER, STOPPED),
	ROW(naked, "no-protection", SUGGESTION, COMPLETE),
	ROW(no_reports, "tlsrpt-absent", SUGGESTION, COMPLETE),
	ROW(bad_reports, "tlsrpt-invalid", MEND, MEND),
	ROW(refused, "refused", MEND, MEND),
	ROW(unknown, "undetermined", LATER, STOPPED),
	{ spoil_webpki, NULL, 0, EXIT_COMPLETE },
#undef ROW
};

static void
rules(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct row *row = &rows[i];
		struct world world;

		make_world(&world);
		row->spoil(&world);
		advise(&world);
		if (row->id == NULL && world.list.count > 0)
			fail_msg("row %zu: %s", i, world.list.items[0].id);
		if (row->id != NULL)
			(void)want(&world, row->id, row->urgency);
		if (check_advice_status(&world.list) != row->status)
			fail_msg("row %zu: %d", i,
			    check_advice_status(&world.list));
		check_advice_fini(&world.list);
	}
}

/* What is published ******************************************************* */

/* RFC 7672 3.1: 3 1 1 is SHA-256 of the leaf's SubjectPublicKeyInfo. */
static void
right_record(void **state)
{
	static const char *const right[] = {
		"_25._tcp.mx.example.com. 3600 IN TLSA 3 1 1 " SPKI,
	};
	static const char *const wrong[] = {
		"_25._tcp.mx.example.com. IN TLSA 3 1 1 " OLD,
	};
	const struct check_advice *advice;
	struct world world;

	(void)state;
	make_world(&world);
	spoil_mismatch(&world);
	world.record.hex = OLD;
	advise(&world);
	advice = want(&world, "tlsa-mismatch", URGENCY_NOW);
	want_lines(&advice->publish, 1, right);
	want_lines(&advice->remove, 1, wrong);
	want_lines(&advice->addresses, 1, (const char *const[]){ "192.0.2.1" });
	assert_string_equal(advice->host, "mx.example.com");
	check_advice_fini(&world.list);
}

/* Two addresses with one key are one thing to do; here the base is not the MX
 * name. */
static void
one_for_both(void **state)
{
	static const char *const right[] = {
		"_25._tcp.base.example.com. 3600 IN TLSA 3 1 1 " SPKI,
	};
	static const char *const both[] = { "192.0.2.1", "192.0.2.2" };
	struct check_address second;
	const struct check_advice *advice;
	struct world world;

	(void)state;
	make_world(&world);
	spoil_mismatch(&world);
	world.host.tlsa_base = "base.example.com";
	second = world.address;
	second.text = "192.0.2.2";
	world.address.next = &second;
	advise(&world);
	assert_int_equal(world.list.count, 1);
	advice = want(&world, "tlsa-mismatch", URGENCY_NOW);
	want_lines(&advice->addresses, 2, both);
	want_lines(&advice->publish, 1, right);
	check_advice_fini(&world.list);
}

/* U9: one address matches, the other shows another key. */
static void
differing(void **state)
{
	static const char *const right[] = {
		"_25._tcp.mx.example.com. 3600 IN TLSA 3 1 1 " OLD,
	};
	struct check_certificate leaf;
	struct check_session session;
	struct check_chain chain;
	struct check_address second;
	struct world world;

	(void)state;
	make_world(&world);
	second = world.address;
	leaf = world.leaf;
	chain = world.chain;
	session = world.session;
	leaf.spki_sha256 = OLD;
	chain.certificates[0] = &leaf;
	session.chain = &chain;
	second.text = "192.0.2.2";
	second.mx.session = second.base.session = &session;
	second.base.dane = DANE_MISMATCH;
	world.address.next = &second;
	advise(&world);
	want_lines(&want(&world, "tlsa-differs", URGENCY_MEND)->publish, 1,
	    right);
	assert_null(find(&world, "tlsa-mismatch"));
	check_advice_fini(&world.list);
}

/* RFC 7671 8.4: a second record of the CA that is presented. */
static void
second_record(void **state)
{
	static const char *const second[] = {
		"_25._tcp.mx.example.com. 3600 IN TLSA 2 1 1 " OLD,
	};
	struct world world;

	(void)state;
	make_world(&world);
	spoil_tlsa_alone(&world);
	advise(&world);
	want_lines(&want(&world, "tlsa-alone", URGENCY_SUGGESTION)->publish, 1,
	    second);
	check_advice_fini(&world.list);
	/* Not for a CA that is not trusted, nor for one that is not
	 * presented. */
	world.session.chain_trusted = false;
	advise(&world);
	assert_int_equal(want(&world, "tlsa-alone",
	    URGENCY_SUGGESTION)->publish.count, 0);
	check_advice_fini(&world.list);
	world.session.chain_trusted = true;
	world.chain.issuer = NULL;
	advise(&world);
	assert_int_equal(want(&world, "tlsa-alone",
	    URGENCY_SUGGESTION)->publish.count, 0);
	check_advice_fini(&world.list);
}

/* RFC 8461 3.1, 3.2: patterns and max_age stay, the host is added, the id
 * changes, and the old record is removed. */
static void
policy_text(void **state)
{
	static const char *const record[] = {
		"_mta-sts.example.com. 3600 IN TXT "
		    "\"v=STSv1; id=20261124030000Z;\"",
	};
	const struct check_advice *advice;
	struct world world;

	(void)state;
	make_world(&world);
	spoil_unlisted(&world);
	advise(&world);
	advice = want(&world, "sts-unlisted", URGENCY_NOW);
	want_lines(&advice->publish, 1, record);
	want_replaced(advice, "_mta-sts.example.com.", "TXT", "v=STSv1");
	assert_string_equal(buffer_text((struct buffer *)(uintptr_t)
	    &advice->policy), "version: STSv1\nmode: enforce\n"
	    "mx: *.example.net\nmx: mx.example.com\nmax_age: 604800\n");
	check_advice_fini(&world.list);
	/* No policy is enforced that was not tested first. */
	make_world(&world);
	spoil_naked(&world);
	advise(&world);
	advice = want(&world, "no-protection", URGENCY_SUGGESTION);
	assert_null(advice->replace.owner);
	assert_string_equal(buffer_text((struct buffer *)(uintptr_t)
	    &advice->policy), "version: STSv1\nmode: testing\n"
	    "mx: mx.example.com\nmax_age: 604800\n");
	check_advice_fini(&world.list);
}

/* An MX record that is removed, and the record that replaces it. */
static void
mx_records(void **state)
{
	static const char *const old[] = {
		"example.com. IN MX 10 mx.example.com.",
	};
	static const char *const canonical[] = {
		"example.com. 3600 IN MX 10 real.example.net.",
	};
	static const char *const named[] = {
		"mail.example.com. 3600 IN A 192.0.2.1",
		"example.com. 3600 IN MX 10 mail.example.com.",
	};
	const struct check_advice *advice;
	struct world world;

	(void)state;
	make_world(&world);
	world.host.canonical = "real.example.net";
	advise(&world);
	advice = want(&world, "mx-is-cname", URGENCY_MEND);
	want_lines(&advice->publish, 1, canonical);
	want_lines(&advice->remove, 1, old);
	check_advice_fini(&world.list);
	make_world(&world);
	world.mx.flags = 1u << MX_FLAG_IS_ADDRESS;
	world.mx.name = "192.0.2.1";
	advise(&world);
	want_lines(&want(&world, "mx-is-address", URGENCY_MEND)->publish, 2,
	    named);
	check_advice_fini(&world.list);
}

/* Whose records they are ************************************************* */

/* RFC 7671 7: no other record may be beside the CNAME. The same for another
 * party's zone, who must be asked. */
static void
alias_of_tlsa(void **state)
{
	static const char *const right[] = {
		"dane.example.com. 3600 IN TLSA 3 1 1 " SPKI,
	};
	static const char *const wrong[] = {
		"dane.example.com. IN TLSA 3 1 1 " OLD,
	};
	const struct check_advice *advice;
	struct world world;

	(void)state;
	make_world(&world);
	spoil_mismatch(&world);
	world.record.hex = OLD;
	world.host.tlsa_target = "dane.example.com";
	advise(&world);
	advice = want(&world, "tlsa-mismatch", URGENCY_NOW);
	want_lines(&advice->publish, 1, right);
	want_lines(&advice->remove, 1, wrong);
	assert_null(advice->ask);
	assert_non_null(strstr(advice->text, "_25._tcp.mx.example.com is an "
	    "alias (CNAME) of dane.example.com"));
	check_advice_fini(&world.list);
	world.host.tlsa_target = "dane.example.net";
	advise(&world);
	advice = want(&world, "tlsa-mismatch", URGENCY_NOW);
	assert_string_equal(advice->ask, "dane.example.net");
	assert_non_null(strstr(advice->text, "Ask whoever runs the zone of "
	    "dane.example.net"));
	check_advice_fini(&world.list);
	/* Not below the registrable domain, though the text ends so. */
	world.host.tlsa_target = "badexample.com";
	advise(&world);
	assert_string_equal(want(&world, "tlsa-mismatch", URGENCY_NOW)->ask,
	    "badexample.com");
	check_advice_fini(&world.list);
}

/* RFC 4592: the wildcard has the records, whether it is above the host (then it
 * has the host's addresses, too) or below it. */
static void
wildcard_of_tlsa(void **state)
{
	static const char *const below[] = {
		"*._tcp.mx.example.com. 3600 IN TLSA 3 1 1 " SPKI,
	};
	static const char *const below_old[] = {
		"*._tcp.mx.example.com. IN TLSA 3 1 1 " OLD,
	};
	static const char *const above[] = {
		"*.example.com. 3600 IN TLSA 3 1 1 " SPKI,
	};
	const struct check_advice *advice;
	struct world world;

	(void)state;
	make_world(&world);
	spoil_mismatch(&world);
	world.record.hex = OLD;
	world.host.wildcard_parent = "_tcp.mx.example.com";
	advise(&world);
	advice = want(&world, "tlsa-mismatch", URGENCY_NOW);
	want_lines(&advice->publish, 1, below);
	want_lines(&advice->remove, 1, below_old);
	check_advice_fini(&world.list);
	world.host.wildcard_parent = "example.com";
	world.host.is_wildcard = true;
	advise(&world);
	advice = want(&world, "tlsa-mismatch", URGENCY_NOW);
	want_lines(&advice->publish, 1, above);
	check_advice_fini(&world.list);
}

/* RFC 4592 2.2.1: a record below a name makes the name exist, and the wildcard
 * does not answer for it any more. */
static void
below_a_wildcard(void **state)
{
	static const char *const whole[] = {
		"_25._tcp.mx.example.com. 3600 IN TLSA 3 1 1 " SPKI,
		"mx.example.com. 3600 IN A 192.0.2.1",
	};
	const struct check_advice *advice;
	struct world world;

	(void)state;
	make_world(&world);
	drop_tlsa(&world);
	world.host.is_wildcard = true;
	advise(&world);
	want_lines(&want(&world, "tlsa-absent", URGENCY_SUGGESTION)->publish,
	    2, whole);
	check_advice_fini(&world.list);
	/* The domain's own MX records are a wildcard's. */
	world.domain.mx_is_wildcard = true;
	world.domain.tlsrpt_record = TXT_ABSENT;
	advise(&world);
	advice = want(&world, "tlsrpt-absent", URGENCY_SUGGESTION);
	assert_int_equal(advice->publish.count, 0);
	assert_non_null(strstr(advice->text, "come from a wildcard"));
	advice = want(&world, "no-protection", URGENCY_SUGGESTION);
	assert_int_equal(advice->publish.count + advice->policy.length, 0);
	check_advice_fini(&world.list);
}

/* A record may be for the key of an address that was not seen. */
static void
unseen_address(void **state)
{
	struct check_address second = { .text = "192.0.2.2" };
	const struct check_advice *advice;
	struct world world;

	(void)state;
	make_world(&world);
	spoil_tlsa_stale(&world);
	advise(&world);
	assert_int_equal(want(&world, "tlsa-unmatched",
	    URGENCY_SUGGESTION)->remove.count, 1);
	check_advice_fini(&world.list);
	world.address.next = &second;
	advise(&world);
	advice = want(&world, "tlsa-unmatched", URGENCY_SUGGESTION);
	assert_int_equal(advice->remove.count, 0);
	assert_non_null(strstr(advice->text, "Not every address of "
	    "mx.example.com showed a certificate"));
	check_advice_fini(&world.list);
}

/* Two hosts share the records at the end of their aliases: the one does not
 * remove the record of the other's key. */
static void
shared_alias(void **state)
{
	struct check_record mine, theirs;
	struct check_host second;
	struct check_mx both[2];
	const struct check_advice *advice;
	struct world world;

	(void)state;
	make_world(&world);
	world.host.tlsa_target = "dane.example.com";
	mine = world.record;
	theirs = world.record;
	theirs.hex = OLD;
	theirs.matches = false;
	mine.next = &theirs;
	world.host.records = &mine;
	advise(&world);
	assert_int_equal(want(&world, "tlsa-unmatched",
	    URGENCY_SUGGESTION)->remove.count, 1);
	check_advice_fini(&world.list);
	second = world.host;
	second.name = second.tlsa_base = "mx2.example.com";
	world.record = theirs;
	world.record.matches = true;
	second.records = &world.record;
	both[0] = both[1] = world.mx;
	both[1].name = second.name;
	both[1].host = &second;
	world.domain.mx = both;
	world.domain.mx_count = 2;
	advise(&world);
	advice = find(&world, "tlsa-unmatched");
	assert_true(advice == NULL || advice->remove.count == 0);
	check_advice_fini(&world.list);
}

/* RFC 8461 3.1, RFC 8460 3: one record, whatever was there, at the end of the
 * aliases. */
static void
owners_of_txt(void **state)
{
	static const char *const right[] = {
		"sts.example.com. 3600 IN TXT \"v=STSv1; "
		    "id=20261124030000Z;\"",
	};
	static const char *const reports[] = {
		"rpt.example.net. 3600 IN TXT \"v=TLSRPTv1; "
		    "rua=mailto:tls-reports@example.com\"",
	};
	const struct check_advice *advice;
	struct world world;

	(void)state;
	make_world(&world);
	spoil_multiple(&world);
	world.domain.mta_sts_record = TXT_MULTIPLE;
	world.policy.sts_target = "sts.example.com";
	advise(&world);
	advice = want(&world, "sts-multiple", URGENCY_MEND);
	want_lines(&advice->publish, 1, right);
	want_replaced(advice, "sts.example.com.", "TXT", "v=STSv1");
	assert_null(advice->ask);
	check_advice_fini(&world.list);
	make_world(&world);
	enforce(&world);
	spoil_bad_reports(&world);
	world.policy.tlsrpt_target = "rpt.example.net";
	advise(&world);
	advice = want(&world, "tlsrpt-invalid", URGENCY_MEND);
	want_lines(&advice->publish, 1, reports);
	want_replaced(advice, "rpt.example.net.", "TXT", "v=TLSRPTv1");
	assert_string_equal(advice->ask, "rpt.example.net");
	check_advice_fini(&world.list);
	/* An alias that leads to nothing. */
	make_world(&world);
	spoil_no_reports(&world);
	world.domain.flags = 1u << DOMAIN_TLSRPT_ALIAS;
	advise(&world);
	advice = want(&world, "tlsrpt-absent", URGENCY_SUGGESTION);
	want_replaced(advice, "_smtp._tls.example.com.", "CNAME", "");
	check_advice_fini(&world.list);
	/* And no alias. */
	world.domain.flags = 0;
	advise(&world);
	assert_null(want(&world, "tlsrpt-absent",
	    URGENCY_SUGGESTION)->replace.owner);
	check_advice_fini(&world.list);
}

/* RFC 7505 3: the null MX alone, with preference 0. The domain may be an alias
 * (RFC 5321 5.1). */
static void
null_mx_alone(void **state)
{
	static const char *const right[] = { "example.com. 3600 IN MX 0 ." };
	static const char *const aliased[] = {
		"mail.example.net. 3600 IN MX 0 .",
	};
	const struct check_advice *advice;
	struct world world;

	(void)state;
	make_world(&world);
	spoil_null_preference(&world);
	advise(&world);
	advice = want(&world, "null-mx-preference", URGENCY_SUGGESTION);
	want_lines(&advice->publish, 1, right);
	want_replaced(advice, "example.com.", "MX", ".");
	check_advice_fini(&world.list);
	world.domain.cname_target = "mail.example.net";
	advise(&world);
	advice = want(&world, "null-mx-preference", URGENCY_SUGGESTION);
	want_lines(&advice->publish, 1, aliased);
	want_replaced(advice, "mail.example.net.", "MX", ".");
	assert_string_equal(advice->ask, "mail.example.net");
	check_advice_fini(&world.list);
}

/* No mail is lost: the last MX record is not removed, and one that a wildcard
 * gives is not there. */
static void
last_mx(void **state)
{
	static const char *const gone[] = {
		"example.com. IN MX 20 gone.example.com.",
	};
	const struct check_advice *advice;
	struct check_host nobody;
	struct check_mx both[2];
	struct world world;

	(void)state;
	make_world(&world);
	spoil_host_gone(&world);
	advise(&world);
	assert_int_equal(want(&world, "host-nxdomain",
	    URGENCY_MEND)->remove.count, 0);
	check_advice_fini(&world.list);
	make_world(&world);
	nobody = world.host;
	nobody.status = HOST_NXDOMAIN;
	nobody.addresses = NULL;
	nobody.name = "gone.example.com";
	both[0] = both[1] = world.mx;
	both[1].name = nobody.name;
	both[1].preference = 20;
	both[1].host = &nobody;
	world.domain.mx = both;
	world.domain.mx_count = 2;
	advise(&world);
	want_lines(&want(&world, "host-nxdomain", URGENCY_MEND)->remove, 1,
	    gone);
	check_advice_fini(&world.list);
	world.domain.mx_is_wildcard = true;
	advise(&world);
	advice = want(&world, "host-nxdomain", URGENCY_MEND);
	assert_int_equal(advice->remove.count + advice->publish.count, 0);
	check_advice_fini(&world.list);
}

/* Policies **************************************************************** */

/* Returns the policy for a host with that name; "" if there is none. The parser
 * must accept it (RFC 8461 3.2), and it must list the host that receives
 * mail. */
static void
want_policy(const char *host, const char *canonical, unsigned flags,
    const char *pattern, const char *listed)
{
	const struct check_advice *advice;
	struct mta_sts_policy policy;
	struct world world;
	char *text;

	make_world(&world);
	spoil_naked(&world);
	world.mx.name = world.host.name = host;
	world.mx.flags = flags;
	world.host.canonical = canonical;
	advise(&world);
	advice = want(&world, "no-protection", URGENCY_SUGGESTION);
	text = buffer_text((struct buffer *)(uintptr_t)&advice->policy);
	if (pattern[0] == '\0') {
		assert_string_equal(text, "");
		assert_int_equal(advice->publish.count, 0);
	} else {
		assert_true(mta_sts_policy_read(&policy, text, strlen(text)));
		assert_int_equal(policy.mode, MTA_STS_TESTING);
		assert_int_equal(policy.mx_count, 1);
		assert_string_equal(policy.mx[0], pattern);
		assert_true(mta_sts_pattern_matches(policy.mx[0], listed));
		mta_sts_policy_fini(&policy);
	}
	check_advice_fini(&world.list);
}

static void
listed_hosts(void **state)
{
	static const struct {
		const char *host, *canonical;
		unsigned flags;
		const char *pattern, *listed;
	} hosts[] = {
		{ "mx.example.com", "", 0, "mx.example.com",
		    "mx.example.com" },
		/* An underscore is in no Domain of RFC 5321 4.1.2. */
		{ "_dc-mx.a1b2.example.com", "", 0, "*.a1b2.example.com",
		    "_dc-mx.a1b2.example.com" },
		{ "mx._a.example.com", "", 0, "", "" },
		{ "192.0.2.1", "", 1u << MX_FLAG_IS_ADDRESS,
		    "mail.example.com", "mail.example.com" },
		{ "alias.example.com", "real.example.com", 0,
		    "real.example.com", "real.example.com" },
		{ "localhost", "", 1u << MX_FLAG_IS_LOCALHOST, "", "" },
		{ "com", "", 1u << MX_FLAG_IS_TLD, "", "" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(hosts); i++)
		want_policy(hosts[i].host, hosts[i].canonical, hosts[i].flags,
		    hosts[i].pattern, hosts[i].listed);
}

/* Nothing is enforced before every certificate is right (RFC 8461 4.2), and the
 * policy host is told of. */
static void
enforced_last(void **state)
{
	const struct check_advice *advice;
	struct world world;

	(void)state;
	make_world(&world);
	spoil_testing(&world);
	advise(&world);
	advice = want(&world, "sts-testing", URGENCY_SUGGESTION);
	assert_non_null(strstr(buffer_text((struct buffer *)(uintptr_t)
	    &advice->policy), "mode: enforce\n"));
	assert_null(find(&world, "sts-not-ready"));
	check_advice_fini(&world.list);
	world.address.mx.name_match = false;
	advise(&world);
	advice = want(&world, "sts-not-ready", URGENCY_SUGGESTION);
	assert_int_equal(advice->policy.length, 0);
	assert_non_null(strstr(advice->text, "mail to mx.example.com"));
	assert_null(find(&world, "sts-testing"));
	check_advice_fini(&world.list);
	make_world(&world);
	spoil_naked(&world);
	advise(&world);
	assert_non_null(strstr(want(&world, "no-protection",
	    URGENCY_SUGGESTION)->text, "mta-sts.example.com needs an address, "
	    "and there a web server with a certificate"));
	check_advice_fini(&world.list);
}

/* Keys and certificates *************************************************** */

/* A signed zone with a signed host: DANE first. */
static void
signed_first(void **state)
{
	static const char *const record[] = {
		"_25._tcp.mx.example.com. 3600 IN TLSA 3 1 1 " SPKI,
	};
	const struct check_advice *advice;
	struct world world;

	(void)state;
	make_world(&world);
	drop_tlsa(&world);
	world.domain.tlsrpt_record = TXT_ABSENT;
	advise(&world);
	assert_string_equal(world.list.items[0].id, "tlsa-absent");
	advice = &world.list.items[0];
	want_lines(&advice->publish, 1, record);
	assert_non_null(strstr(advice->compare, "openssl x509 -in CERTIFICATE "
	    "-noout -pubkey"));
	check_advice_fini(&world.list);
	/* Not where the MX RRset is not secure, nor the host (RFC 7672 2.2). */
	world.domain.mx_dnssec = DNSSEC_INSECURE;
	advise(&world);
	assert_null(find(&world, "tlsa-absent"));
	check_advice_fini(&world.list);
	world.domain.mx_dnssec = DNSSEC_SECURE;
	world.host.tlsa_status = TLSA_STATUS_ABSENT_INSECURE;
	advise(&world);
	assert_null(find(&world, "tlsa-absent"));
	check_advice_fini(&world.list);
}

/* Nor is a policy proposed that no certificate can be had for (RFC 8461 3.3). */
static void
no_policy_host(void **state)
{
	static const struct { const char *domain; bool has_policy; } names[] = {
		{ "example.com", true }, { "corp.local", false },
		{ "_a.example.com", false }, { "local.example.com", true },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(names); i++) {
		const struct check_advice *advice;
		struct world world;

		make_world(&world);
		spoil_naked(&world);
		world.domain.name = names[i].domain;
		advise(&world);
		advice = want(&world, "no-protection", URGENCY_SUGGESTION);
		assert_int_equal(advice->policy.length > 0,
		    names[i].has_policy);
		assert_int_equal(advice->publish.count,
		    names[i].has_policy ? 1 : 0);
		check_advice_fini(&world.list);
	}
}

static void
names_in_words(void **state)
{
	struct buffer text = { 0 };

	(void)state;
	check_put_names("dns:a.example dns:*.b.example ip:192.0.2.1", &text);
	assert_string_equal(buffer_text(&text),
	    "a.example, *.b.example, the address 192.0.2.1");
	buffer_fini(&text);
}

/* No advice to get a certificate that no CA issues. */
static void
certificates(void **state)
{
	static const struct { const char *host, *wanted; } names[] = {
		{ "mx.example.com", "Get one for mx.example.com from a "
		    "public CA" },
		{ "_dc-mx.a1b2.example.com", "No public CA issues one for "
		    "_dc-mx.a1b2.example.com, since an underscore is in no "
		    "host name: give the MX host another name, or get one "
		    "for *.a1b2.example.com" },
		{ "mx.corp.local", "No public CA issues one for "
		    "mx.corp.local: give the MX host a public name first" },
		{ "mx.local.example.com", "Get one for mx.local.example.com "
		    "from a public CA" },
		{ "mx._a.example.com", "No public CA issues one for "
		    "mx._a.example.com: give the MX host a public name "
		    "first" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(names); i++) {
		struct buffer text = { 0 };

		check_put_certificate(names[i].host, &text);
		assert_string_equal(buffer_text(&text), names[i].wanted);
		buffer_fini(&text);
	}
}

/* The table itself ******************************************************** */

/* A sentence has what its scope has, and {why} where there is one. */
static void
sentences(void **state)
{
	(void)state;
	for (size_t i = 0; i < check_rule_count; i++) {
		const struct check_rule *rule = &check_rules[i];
		bool is_of_domain = rule->scope == SCOPE_DOMAIN ||
		    rule->scope == SCOPE_REST;

		if ((strstr(rule->text, "{why}") != NULL) !=
		    (rule->why != NULL))
			fail_msg("%s: {why}", rule->id);
		if (is_of_domain && (strstr(rule->text, "{host}") != NULL ||
		    strstr(rule->text, "{target}") != NULL))
			fail_msg("%s: no host there", rule->id);
		for (size_t k = 0; k < i; k++)
			if (strcmp(check_rules[k].id, rule->id) == 0)
				fail_msg("%s: twice", rule->id);
	}
}

static void
order(void **state)
{
	struct world world;

	(void)state;
	make_world(&world);
	spoil_no_reports(&world);
	spoil_tlsa_timeout(&world);
	spoil_island(&world);
	world.address.base.dane = DANE_MISMATCH;
	advise(&world);
	for (size_t i = 1; i < world.list.count; i++)
		assert_true(world.list.items[i - 1].urgency <=
		    world.list.items[i].urgency);
	assert_string_equal(world.list.items[0].id, "tlsa-mismatch");
	assert_int_equal(check_advice_status(&world.list), EXIT_MEND);
	check_advice_fini(&world.list);
}

static void
want_when(int64_t then_ms, const char *wanted)
{
	struct buffer text = { 0 };

	check_put_when(&text, NOW, then_ms);
	assert_string_equal(buffer_text(&text), wanted);
	buffer_fini(&text);
}

/* What ended a day and a bit ago ended a day ago. */
static void
whens(void **state)
{
	(void)state;
	want_when(NOW - DAY - 1, "1 day ago");
	want_when(NOW - 2 * DAY + 1, "1 day ago");
	want_when(NOW - 2 * DAY, "2 days ago");
	want_when(NOW - DAY + 1, "23 hours ago");
	want_when(NOW - 1, "less than an hour ago");
	want_when(NOW + DAY, "in 1 day");
	want_when(NOW + 3 * DAY - 1, "in 2 days");
	want_when(NOW + DAY / 24, "in 1 hour");
	want_when(NOW + 1, "in less than an hour");
}

static void
days(void **state)
{
	(void)state;
	assert_int_equal(check_days(NOW, NOW), 0);
	assert_int_equal(check_days(NOW, NOW + DAY - 1), 0);
	assert_int_equal(check_days(NOW, NOW + DAY), 1);
	assert_int_equal(check_days(NOW, NOW - 1), -1);
	assert_int_equal(check_days(NOW, NOW - DAY), -1);
	assert_int_equal(check_days(NOW, NOW - DAY - 1), -2);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rules), cmocka_unit_test(right_record),
		cmocka_unit_test(one_for_both), cmocka_unit_test(differing),
		cmocka_unit_test(second_record), cmocka_unit_test(policy_text),
		cmocka_unit_test(mx_records), cmocka_unit_test(alias_of_tlsa),
		cmocka_unit_test(wildcard_of_tlsa),
		cmocka_unit_test(below_a_wildcard),
		cmocka_unit_test(unseen_address),
		cmocka_unit_test(shared_alias), cmocka_unit_test(owners_of_txt),
		cmocka_unit_test(null_mx_alone), cmocka_unit_test(last_mx),
		cmocka_unit_test(listed_hosts), cmocka_unit_test(enforced_last),
		cmocka_unit_test(signed_first), cmocka_unit_test(certificates),
		cmocka_unit_test(no_policy_host),
		cmocka_unit_test(names_in_words),
		cmocka_unit_test(sentences),
		cmocka_unit_test(order), cmocka_unit_test(days),
		cmocka_unit_test(whens),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}

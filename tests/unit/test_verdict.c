/* RULES 9, row by row and case by case; and what must hold for any facts. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/verdict.h"

#define ROWS_OF(rows) (sizeof (rows) / sizeof (rows)[0])
#define APART 1800000		/* --retry-after */
#define MOST 4			/* hosts, and pairs of a host, in a test */

/* Attempts **************************************************************** */

#define NEVER { false, OUTCOME_COUNT, PHASE_COUNT, 0 }
#define FIRST(o, p) { true, OUTCOME_##o, PHASE_##p, 0 }
#define SECOND(o, p) { true, OUTCOME_##o, PHASE_##p, APART }
#define SOON(o, p) { true, OUTCOME_##o, PHASE_##p, APART - 1 }

static void
attempts(void **state)
{
	static const struct {
		struct attempt_facts attempts[2];
		enum pair_class	 class;
		int		 attempt;
	} rows[] = {
		/* One attempt. */
		{ { FIRST(TLS_ESTABLISHED, DONE), NEVER }, PAIR_TLS, 0 },
		{ { FIRST(STARTTLS_ABSENT, EHLO), NEVER }, PAIR_NO_TLS, 0 },
		{ { FIRST(STARTTLS_STRIPPED, EHLO), NEVER }, PAIR_NO_TLS, 0 },
		{ { FIRST(STARTTLS_REFUSED, STARTTLS), NEVER }, PAIR_NO_TLS, 0 },
		{ { FIRST(HANDSHAKE_FAILED, HANDSHAKE), NEVER }, PAIR_NO_TLS, 0 },
		{ { FIRST(CONNECT_REFUSED, CONNECT), NEVER }, PAIR_UNDETERMINED, 0 },
		{ { FIRST(CONNECT_TIMEOUT, CONNECT), NEVER }, PAIR_UNDETERMINED, 0 },
		{ { FIRST(UNREACHABLE, CONNECT), NEVER }, PAIR_UNDETERMINED, 0 },
		{ { FIRST(SPECIAL_ADDRESS, CONNECT), NEVER }, PAIR_UNREACHABLE, 0 },
		{ { FIRST(REJECTED, GREETING), NEVER }, PAIR_UNDETERMINED, 0 },
		{ { FIRST(STARTTLS_TEMPORARY, STARTTLS), NEVER }, PAIR_UNDETERMINED,
		    0 },
		{ { NEVER, NEVER }, PAIR_UNDETERMINED, -1 },
		/* The latest that gave tls or no_tls. */
		{ { FIRST(TLS_ESTABLISHED, DONE), SECOND(TLS_ESTABLISHED, DONE) },
		    PAIR_TLS, 1 },
		{ { FIRST(TLS_ESTABLISHED, DONE), SECOND(STARTTLS_ABSENT, EHLO) },
		    PAIR_NO_TLS, 1 },
		{ { FIRST(STARTTLS_ABSENT, EHLO), SECOND(TLS_ESTABLISHED, DONE) },
		    PAIR_TLS, 1 },
		/* An attempt 2 that sees nothing leaves the first standing. */
		{ { FIRST(TLS_ESTABLISHED, DONE), SECOND(CONNECT_TIMEOUT, CONNECT) },
		    PAIR_TLS, 0 },
		{ { FIRST(TLS_ESTABLISHED, DONE), SECOND(TIMEOUT, GREETING) },
		    PAIR_TLS, 0 },
		{ { FIRST(TLS_ESTABLISHED, DONE),
		    SECOND(STARTTLS_TEMPORARY, STARTTLS) }, PAIR_TLS, 0 },
		/* Unreachable: twice, and apart. */
		{ { FIRST(CONNECT_REFUSED, CONNECT), SECOND(CONNECT_TIMEOUT, CONNECT) },
		    PAIR_UNREACHABLE, 1 },
		{ { FIRST(CONNECT_REFUSED, CONNECT), SOON(CONNECT_REFUSED, CONNECT) },
		    PAIR_UNDETERMINED, 1 },
		{ { FIRST(UNREACHABLE, CONNECT), SECOND(REJECTED, GREETING) },
		    PAIR_UNDETERMINED, 1 },
		{ { FIRST(REJECTED, GREETING), SECOND(UNREACHABLE, CONNECT) },
		    PAIR_UNDETERMINED, 1 },
		{ { FIRST(CONNECT_TIMEOUT, CONNECT), SECOND(TLS_ESTABLISHED, DONE) },
		    PAIR_TLS, 1 },
		/* No TLS if both say so. */
		{ { FIRST(STARTTLS_TEMPORARY, STARTTLS),
		    SECOND(STARTTLS_TEMPORARY, STARTTLS) }, PAIR_NO_TLS, 1 },
		{ { FIRST(CLOSED, HANDSHAKE), SECOND(RESET, HANDSHAKE) },
		    PAIR_NO_TLS, 1 },
		{ { FIRST(CLOSED, HANDSHAKE), SECOND(CLOSED, EHLO) },
		    PAIR_UNDETERMINED, 1 },
		{ { FIRST(RESET, GREETING), SECOND(RESET, GREETING) },
		    PAIR_UNDETERMINED, 1 },
		{ { FIRST(CLOSED, HANDSHAKE), SECOND(TLS_ESTABLISHED, DONE) },
		    PAIR_TLS, 1 },
		/* Never more than undetermined. */
		{ { FIRST(TEMPORARY_REJECT, GREETING),
		    SECOND(TEMPORARY_REJECT, GREETING) }, PAIR_UNDETERMINED, 1 },
		{ { FIRST(PROTOCOL_ERROR, EHLO), SECOND(PROTOCOL_ERROR, EHLO) },
		    PAIR_UNDETERMINED, 1 },
		{ { FIRST(PLAINTEXT_INJECTED, STARTTLS),
		    SECOND(PLAINTEXT_INJECTED, STARTTLS) }, PAIR_UNDETERMINED, 1 },
		{ { FIRST(TIMEOUT, GREETING), SECOND(TIMEOUT, GREETING) },
		    PAIR_UNDETERMINED, 1 },
		{ { FIRST(OPTED_OUT, CONNECT), NEVER }, PAIR_UNDETERMINED, 0 },
		{ { FIRST(PACED_OUT, CONNECT), SECOND(PACED_OUT, CONNECT) },
		    PAIR_UNDETERMINED, 1 },
		{ { FIRST(LOCAL_ERROR, CONNECT), SECOND(LOCAL_ERROR, CONNECT) },
		    PAIR_UNDETERMINED, 1 },
		{ { FIRST(WORKER_CRASHED, CONNECT), SECOND(WORKER_CRASHED, CONNECT) },
		    PAIR_UNDETERMINED, 1 },
	};

	(void)state;
	for (size_t i = 0; i < ROWS_OF(rows); i++) {
		struct combined got = verdict_combine(rows[i].attempts, APART);

		if (got.class != rows[i].class ||
		    got.attempt != rows[i].attempt)
			fail_msg("row %zu: class %d attempt %d", i, got.class,
			    got.attempt);
	}
}

static void
hosts(void **state)
{
	static const struct {
		enum host_status status;
		unsigned	 passes;
		enum pair_class	 class;
	} rows[] = {
		{ HOST_NO_ADDRESS, 1, PAIR_UNREACHABLE },
		{ HOST_NXDOMAIN, 1, PAIR_UNREACHABLE },
		{ HOST_INVALID_NAME, 1, PAIR_UNREACHABLE },
		{ HOST_SPECIAL_ADDRESS, 1, PAIR_UNREACHABLE },
		{ HOST_BOGUS, 1, PAIR_REFUSED },
		{ HOST_SERVFAIL, 2, PAIR_UNREACHABLE },
		{ HOST_TIMEOUT, 2, PAIR_UNREACHABLE },
		{ HOST_SERVFAIL, 1, PAIR_UNDETERMINED },
		{ HOST_TIMEOUT, 1, PAIR_UNDETERMINED },
		{ HOST_RESOLVER_CRASHED, 2, PAIR_UNDETERMINED },
		{ HOST_OPTED_OUT, 1, PAIR_UNDETERMINED },
		/* All of its addresses are of a family without a route. */
		{ HOST_USABLE, 1, PAIR_UNDETERMINED },
	};
	static const struct {
		enum tlsa_status status;
		unsigned	 passes;
		enum tlsa_class	 class;
	} tlsa[] = {
		{ TLSA_STATUS_ABSENT, 1, TLSA_CLASS_NONE },
		{ TLSA_STATUS_ABSENT_INSECURE, 1, TLSA_CLASS_NONE },
		{ TLSA_STATUS_INSECURE, 1, TLSA_CLASS_NONE },
		{ TLSA_STATUS_NOT_ASKED, 1, TLSA_CLASS_NONE },
		{ TLSA_STATUS_USABLE, 1, TLSA_CLASS_USABLE },
		{ TLSA_STATUS_UNUSABLE_ONLY, 1, TLSA_CLASS_UNUSABLE },
		{ TLSA_STATUS_BOGUS, 1, TLSA_CLASS_FAILING },
		{ TLSA_STATUS_SERVFAIL, 2, TLSA_CLASS_FAILING },
		{ TLSA_STATUS_TIMEOUT, 2, TLSA_CLASS_FAILING },
		{ TLSA_STATUS_SERVFAIL, 1, TLSA_CLASS_UNDETERMINED },
		{ TLSA_STATUS_TIMEOUT, 1, TLSA_CLASS_UNDETERMINED },
		{ TLSA_STATUS_RESOLVER_CRASHED, 2, TLSA_CLASS_UNDETERMINED },
	};

	(void)state;
	for (size_t i = 0; i < ROWS_OF(rows); i++)
		if (verdict_host_class(rows[i].status, rows[i].passes) !=
		    rows[i].class)
			fail_msg("host row %zu", i);
	for (size_t i = 0; i < ROWS_OF(tlsa); i++)
		if (verdict_tlsa_class(tlsa[i].status, tlsa[i].passes) !=
		    tlsa[i].class)
			fail_msg("tlsa row %zu", i);
}

/* One pair **************************************************************** */

/* A pair that does all well; the tables below take from that. */
static const struct pair_facts good = {
	.class = PAIR_TLS, .why = "rejected", .is_tls_1_2 = true,
	.chain_trusted = true, .in_dates = true, .name_match = true,
	.chain_error = "ok", .dane_class = PAIR_TLS, .dane_why = "rejected",
	.tlsa = TLSA_CLASS_NONE, .tlsa_status = "absent",
	.dane = DANE_NOT_APPLICABLE,
};

static struct pair_facts
pair_of(enum pair_class class, enum tlsa_class tlsa, enum dane_verdict dane)
{
	struct pair_facts pair = good;

	pair.class = pair.dane_class = class;
	pair.tlsa = tlsa;
	pair.dane = dane;
	if (tlsa == TLSA_CLASS_USABLE)
		pair.tlsa_status = "usable";
	if (tlsa == TLSA_CLASS_FAILING)
		pair.tlsa_status = "bogus";
	if (class == PAIR_NO_TLS)
		pair.why = pair.dane_why = "starttls_absent";
	return pair;
}

#define CLASSES(tls, no, gone, open, bogus) {				\
	DELIVERY_##tls, DELIVERY_##no, DELIVERY_##gone, DELIVERY_##open, \
	DELIVERY_##bogus }

/* The table of `dane`, as it stands in RULES 9. */
static void
dane_table(void **state)
{
	static const struct {
		enum tlsa_class	 tlsa;
		enum dane_verdict dane;
		bool		 mx_is_secure, next_hop;
		enum delivery	 cells[PAIR_CLASS_COUNT];
	} rows[] = {
#define ANY_TLS(t) CLASSES(t, REFUSED, UNREACHABLE, UNDETERMINED, REFUSED)
		{ TLSA_CLASS_NONE, DANE_NOT_APPLICABLE, true, false,
		    CLASSES(ENCRYPTED, CLEARTEXT, UNREACHABLE, UNDETERMINED,
		    REFUSED) },
		{ TLSA_CLASS_NONE, DANE_NOT_APPLICABLE, false, false,
		    CLASSES(ENCRYPTED, CLEARTEXT, UNREACHABLE, UNDETERMINED,
		    REFUSED) },
		{ TLSA_CLASS_USABLE, DANE_MATCH, true, false,
		    ANY_TLS(AUTHENTICATED) },
		{ TLSA_CLASS_USABLE, DANE_MATCH_TA_FROM_DNS, true, false,
		    ANY_TLS(AUTHENTICATED) },
		{ TLSA_CLASS_USABLE, DANE_MATCH, false, false,
		    ANY_TLS(AUTHENTICATED_INSECURE_MX) },
		{ TLSA_CLASS_USABLE, DANE_MISMATCH, true, true,
		    ANY_TLS(REFUSED) },
		{ TLSA_CLASS_USABLE, DANE_MISMATCH, false, false,
		    ANY_TLS(REFUSED) },
		{ TLSA_CLASS_USABLE, DANE_EXPIRED, true, true,
		    ANY_TLS(REFUSED) },
		{ TLSA_CLASS_USABLE, DANE_CHAIN_BROKEN, true, true,
		    ANY_TLS(REFUSED) },
		{ TLSA_CLASS_USABLE, DANE_TA_NOT_PRESENTED, true, true,
		    ANY_TLS(REFUSED) },
		/* RFC 7672 3.2.2: the next hop is a reference name, but only
		 * where the MX RRset is secure. */
		{ TLSA_CLASS_USABLE, DANE_NAME_MISMATCH, true, false,
		    ANY_TLS(REFUSED) },
		{ TLSA_CLASS_USABLE, DANE_NAME_MISMATCH, true, true,
		    ANY_TLS(AUTHENTICATED) },
		{ TLSA_CLASS_USABLE, DANE_NAME_MISMATCH, false, true,
		    ANY_TLS(REFUSED) },
		{ TLSA_CLASS_UNUSABLE, DANE_NONE_USABLE, true, false,
		    ANY_TLS(ENCRYPTED) },
		{ TLSA_CLASS_FAILING, DANE_NOT_APPLICABLE, true, false,
		    CLASSES(REFUSED, REFUSED, REFUSED, REFUSED, REFUSED) },
		{ TLSA_CLASS_UNDETERMINED, DANE_NOT_APPLICABLE, true, false,
		    CLASSES(UNDETERMINED, UNDETERMINED, UNDETERMINED,
		    UNDETERMINED, REFUSED) },
	};

	(void)state;
	for (size_t i = 0; i < ROWS_OF(rows); i++)
		for (int class = 0; class < PAIR_CLASS_COUNT; class++) {
			struct pair_facts pair = pair_of((enum pair_class)class,
			    rows[i].tlsa, rows[i].dane);
			enum delivery got = verdict_dane(&pair,
			    rows[i].mx_is_secure, rows[i].next_hop);

			if (got != rows[i].cells[class])
				fail_msg("row %zu class %d: %s", i, class,
				    delivery_texts.texts[got]);
		}
}

static void
other_tables(void **state)
{
	static const enum delivery opportunistic[] = CLASSES(ENCRYPTED,
	    CLEARTEXT, UNREACHABLE, UNDETERMINED, REFUSED);
	static const enum delivery fits[] = ANY_TLS(AUTHENTICATED);
	static const enum delivery fails[] = ANY_TLS(REFUSED);
	static const struct { bool tls, trusted, dates, name; } faults[] = {
		{ false, true, true, true }, { true, false, true, true },
		{ true, true, false, true }, { true, true, true, false },
	};

	(void)state;
	for (int class = 0; class < PAIR_CLASS_COUNT; class++) {
		struct pair_facts pair = pair_of((enum pair_class)class,
		    TLSA_CLASS_NONE, DANE_NOT_APPLICABLE);

		assert_int_equal(verdict_opportunistic(&pair),
		    opportunistic[class]);
		assert_int_equal(verdict_webpki(&pair), fits[class]);
		for (size_t i = 0; i < ROWS_OF(faults); i++) {
			pair.is_tls_1_2 = faults[i].tls;
			pair.chain_trusted = faults[i].trusted;
			pair.in_dates = faults[i].dates;
			pair.name_match = faults[i].name;
			assert_int_equal(verdict_webpki(&pair), fails[class]);
			assert_int_equal(verdict_opportunistic(&pair),
			    opportunistic[class]);
		}
	}
}

/* RULES 9, `dane_or_mta_sts`; P9. */
static void
dane_or_mta_sts(void **state)
{
	static const struct {
		enum tlsa_class	tlsa;
		enum delivery	dane, mta_sts, result;
	} rows[] = {
#define D(name) DELIVERY_##name
		{ TLSA_CLASS_NONE, D(ENCRYPTED), D(AUTHENTICATED), D(AUTHENTICATED) },
		{ TLSA_CLASS_NONE, D(ENCRYPTED), D(REFUSED), D(REFUSED) },
		{ TLSA_CLASS_NONE, D(CLEARTEXT), D(CLEARTEXT), D(CLEARTEXT) },
		{ TLSA_CLASS_USABLE, D(REFUSED), D(AUTHENTICATED), D(REFUSED) },
		{ TLSA_CLASS_USABLE, D(AUTHENTICATED), D(REFUSED), D(AUTHENTICATED) },
		{ TLSA_CLASS_USABLE, D(AUTHENTICATED_INSECURE_MX), D(AUTHENTICATED),
		    D(AUTHENTICATED) },
		{ TLSA_CLASS_USABLE, D(AUTHENTICATED_INSECURE_MX), D(ENCRYPTED),
		    D(AUTHENTICATED_INSECURE_MX) },
		{ TLSA_CLASS_USABLE, D(AUTHENTICATED_INSECURE_MX), D(REFUSED),
		    D(AUTHENTICATED_INSECURE_MX) },
		{ TLSA_CLASS_UNUSABLE, D(ENCRYPTED), D(AUTHENTICATED),
		    D(AUTHENTICATED) },
		{ TLSA_CLASS_UNUSABLE, D(ENCRYPTED), D(ENCRYPTED), D(ENCRYPTED) },
		{ TLSA_CLASS_UNUSABLE, D(ENCRYPTED), D(REFUSED), D(REFUSED) },
		{ TLSA_CLASS_UNUSABLE, D(REFUSED), D(CLEARTEXT), D(REFUSED) },
		{ TLSA_CLASS_FAILING, D(REFUSED), D(AUTHENTICATED), D(REFUSED) },
		{ TLSA_CLASS_UNDETERMINED, D(UNDETERMINED), D(AUTHENTICATED),
		    D(UNDETERMINED) },
	};

	(void)state;
	for (size_t i = 0; i < ROWS_OF(rows); i++) {
		struct pair_facts pair = pair_of(PAIR_TLS, rows[i].tlsa,
		    DANE_MATCH);

		if (verdict_dane_or(&pair, rows[i].dane, rows[i].mta_sts) !=
		    rows[i].result)
			fail_msg("row %zu", i);
	}
}

/* Domains ***************************************************************** */

/* A pair in a few letters: TLS class (t n g u b), then TLSA class and, of usable
 * ones, what they match (- none, m match, x mismatch, n name_mismatch, u
 * unusable, f failing, ? undetermined), then faults of the certificate (c), a
 * name of the next hop (h), of the policy list (l), the old profile (o). */
struct world {
	struct pair_facts   pairs[MOST][MOST];
	struct host_verdict hosts[MOST];
	struct mx_facts	    mxs[MOST];
	struct domain_facts domain;
};

static void
set_pair(struct world *world, size_t host, const char *letters, size_t length)
{
	static const char classes[] = "tngub";
	unsigned index = world->hosts[host].pair_count++;
	struct mx_facts *mx = &world->mxs[host];
	struct pair_facts *pair = &world->pairs[host][index];
	char tlsa = letters[1];

	assert_true(length >= 2 && index < MOST);
	*pair = pair_of((enum pair_class)(strchr(classes, letters[0]) -
	    classes), tlsa == '-' ? TLSA_CLASS_NONE
	    : strchr("mxn", tlsa) != NULL ? TLSA_CLASS_USABLE
	    : tlsa == 'u' ? TLSA_CLASS_UNUSABLE
	    : tlsa == 'f' ? TLSA_CLASS_FAILING : TLSA_CLASS_UNDETERMINED,
	    tlsa == 'm' ? DANE_MATCH : tlsa == 'x' ? DANE_MISMATCH
	    : tlsa == 'n' ? DANE_NAME_MISMATCH : DANE_NOT_APPLICABLE);
	for (size_t i = 2; i < length; i++) {
		switch (letters[i]) {
		case 'c':
			pair->chain_trusted = false;
			pair->chain_error = "depth_zero_self_signed_cert";
			break;
		case 'h':
			mx->next_hop_matches |= UINT64_C(1) << index;
			break;
		case 'l':
			mx->in_policy_list |= UINT64_C(1) << index;
			break;
		case 'o':
			pair->is_legacy = true;
			pair->is_tls_1_2 = false;
			break;
		default:
			fail_msg("%c", letters[i]);
		}
	}
}

/* Pairs of a host are joined by '+'; hosts of a tier by a space, tiers by '/'. A
 * host that begins with '!' is not in the MTA-STS policy. */
static void
make_world(struct world *world, const char *text)
{
	static const char *const names[MOST] = { "mx1", "mx2", "mx3", "mx4" };
	unsigned tier = 1;
	size_t count = 0;

	*world = (struct world){ .domain = { .mx_status = MX_FOUND,
	    .mx_dnssec = DNSSEC_SECURE, .attempts = 1, .is_probed = true } };
	while (*text != '\0') {
		struct mx_facts *mx = &world->mxs[count];

		assert_true(count < MOST);
		mx->tier = tier;
		mx->in_mta_sts = *text != '!';
		mx->host = &world->hosts[count];
		world->hosts[count].name = names[count];
		world->hosts[count].pairs = world->pairs[count];
		text += *text == '!';
		for (;;) {
			size_t length = strcspn(text, "+ /");

			set_pair(world, count, text, length);
			text += length;
			if (*text != '+')
				break;
			text++;
		}
		count++;
		tier += *text == '/';
		text += *text != '\0';
	}
	world->domain.mxs = world->mxs;
	world->domain.mx_count = count;
}

/* "first deliver worst" of a sender, in words. */
static void
assert_deliveries(const char *what, const struct deliveries *got,
    const char *expected)
{
	char text[128];

	snprintf(text, sizeof text, "%s %s %s",
	    delivery_texts.texts[got->first],
	    delivery_texts.texts[got->deliver],
	    delivery_texts.texts[got->worst]);
	if (strcmp(text, expected) != 0)
		fail_msg("%s: %s, not %s", what, text, expected);
}

#define THRICE(x) x " " x " " x
#define PARTIAL (1u << OUTCOMES_PARTIAL_DANE_FAILURE)
#define DIFFER (1u << OUTCOMES_ADDRESSES_DIFFER)
#define INSECURE (1u << OUTCOMES_INSECURE_MX)
#define WOULD_FAIL (1u << OUTCOMES_WOULD_FAIL)
#define LEGACY (1u << OUTCOMES_LEGACY_TLS)

static void
domain_cases(void **state)
{
	static const struct {
		const char	*world;
		enum sender	 sender;
		const char	*expected;
		unsigned	 flags;
	} rows[] = {
		/* The cases of RULES 9. */
		{ "tm/n-", SENDER_DANE, "authenticated authenticated cleartext", 0 },
		{ "tx/tm", SENDER_DANE, THRICE("authenticated"), PARTIAL },
		{ "tx tm", SENDER_DANE, THRICE("authenticated"), PARTIAL },
		{ "tx/um", SENDER_DANE, THRICE("undetermined"), 0 },
		{ "tm+tx", SENDER_DANE, THRICE("authenticated"), DIFFER },
		/* first: tier by tier, mixed within one. */
		{ "t- n-", SENDER_OPPORTUNISTIC, "mixed encrypted cleartext", 0 },
		{ "t-/n-", SENDER_OPPORTUNISTIC, "encrypted encrypted cleartext", 0 },
		{ "n-/t-", SENDER_OPPORTUNISTIC, "cleartext encrypted cleartext", 0 },
		{ "t-+n-", SENDER_OPPORTUNISTIC, "mixed encrypted cleartext", 0 },
		{ "u-/t-", SENDER_OPPORTUNISTIC, "undetermined encrypted encrypted",
		    0 },
		{ "u- t-", SENDER_OPPORTUNISTIC, THRICE("encrypted"), 0 },
		{ "g-/t-", SENDER_OPPORTUNISTIC, THRICE("encrypted"), 0 },
		{ "g-/u-", SENDER_OPPORTUNISTIC, THRICE("undetermined"), 0 },
		{ "g-", SENDER_OPPORTUNISTIC, THRICE("unreachable"), 0 },
		{ "b-/g-", SENDER_OPPORTUNISTIC, THRICE("refused"), 0 },
		{ "b-/t-", SENDER_OPPORTUNISTIC, THRICE("encrypted"), 0 },
		/* Nothing left: refused if any refused. */
		{ "gm/tx", SENDER_DANE, THRICE("refused"), 0 },
		{ "g-/g-", SENDER_DANE, THRICE("unreachable"), 0 },
		{ "nm", SENDER_DANE, THRICE("refused"), 0 },
		{ "tu", SENDER_DANE, THRICE("encrypted"), 0 },
		{ "nu", SENDER_DANE, THRICE("refused"), 0 },
		{ "tf", SENDER_DANE, THRICE("refused"), 0 },
		{ "gf", SENDER_DANE, THRICE("refused"), 0 },
		{ "t?", SENDER_DANE, THRICE("undetermined"), 0 },
		{ "t?/tm", SENDER_DANE, "undetermined authenticated authenticated",
		    0 },
		{ "tf/tm", SENDER_DANE, THRICE("authenticated"), PARTIAL },
		{ "b-/tm", SENDER_DANE, THRICE("authenticated"), 0 },
		{ "tn", SENDER_DANE, THRICE("refused"), 0 },
		{ "tnh", SENDER_DANE, THRICE("authenticated"), 0 },
		{ "tnh+tn", SENDER_DANE, THRICE("authenticated"), DIFFER },
		{ "t-", SENDER_WEBPKI, THRICE("authenticated"), 0 },
		{ "t-c/t-", SENDER_WEBPKI, THRICE("authenticated"), 0 },
		{ "t-c", SENDER_WEBPKI, THRICE("refused"), 0 },
		{ "t-c/u-", SENDER_WEBPKI, THRICE("undetermined"), 0 },
		{ "t-o", SENDER_WEBPKI, THRICE("refused"), LEGACY },
		{ "t-o", SENDER_OPPORTUNISTIC, THRICE("encrypted"), LEGACY },
	};

	(void)state;
	for (size_t i = 0; i < ROWS_OF(rows); i++) {
		struct reasons reasons = { 0 };
		struct verdict verdict;
		struct world world;

		make_world(&world, rows[i].world);
		verdict_of(&world.domain, &verdict, &reasons);
		assert_deliveries(rows[i].world,
		    &verdict.senders[rows[i].sender], rows[i].expected);
		if (verdict.flags != rows[i].flags)
			fail_msg("%s: flags %u", rows[i].world, verdict.flags);
		reasons_fini(&reasons);
	}
}

/* T12. */
static void
insecure_mx(void **state)
{
	static const struct {
		const char	*world;
		const char	*expected;
		unsigned	 flags;
	} rows[] = {
		{ "tm", THRICE("authenticated_insecure_mx"), 0 },
		{ "tx", THRICE("refused"), INSECURE },
		{ "nm", THRICE("refused"), INSECURE },
		{ "tnh", THRICE("refused"), INSECURE },
		{ "tu", THRICE("encrypted"), 0 },
		{ "t-", THRICE("encrypted"), 0 },
		{ "tm t-", "mixed authenticated_insecure_mx encrypted", 0 },
	};

	(void)state;
	for (size_t i = 0; i < ROWS_OF(rows); i++) {
		struct reasons reasons = { 0 };
		struct verdict verdict;
		struct world world;

		make_world(&world, rows[i].world);
		world.domain.mx_dnssec = DNSSEC_INSECURE;
		verdict_of(&world.domain, &verdict, &reasons);
		assert_deliveries(rows[i].world, &verdict.senders[SENDER_DANE],
		    rows[i].expected);
		assert_int_equal(verdict.flags, rows[i].flags);
		assert_int_equal(verdict.dane_domain, ANSWER_NO);
		assert_int_equal(verdict.dane_domain_all, ANSWER_NO);
		reasons_fini(&reasons);
	}
}

static void
mx_answers(void **state)
{
	static const struct {
		enum mx_status	 status;
		enum dnssec	 dnssec;
		unsigned	 attempts;
		bool		 is_probed;
		enum delivery	 delivery;
		enum answer_of_three dane;
	} rows[] = {
		{ MX_NXDOMAIN, DNSSEC_SECURE, 1, true, D(NO_MAIL), ANSWER_NO },
		{ MX_NO_MAIL, DNSSEC_SECURE, 1, true, D(NO_MAIL), ANSWER_NO },
		{ MX_NULL, DNSSEC_SECURE, 1, true, D(NO_MAIL), ANSWER_NO },
		{ MX_NULL, DNSSEC_SECURE, 1, false, D(NO_MAIL), ANSWER_NO },
		{ MX_BOGUS, DNSSEC_BOGUS, 1, true, D(REFUSED), ANSWER_NO },
		{ MX_SERVFAIL, DNSSEC_UNCHECKED, 2, true, D(UNREACHABLE),
		    ANSWER_UNDETERMINED },
		{ MX_TIMEOUT, DNSSEC_UNCHECKED, 2, true, D(UNREACHABLE),
		    ANSWER_UNDETERMINED },
		{ MX_SERVFAIL, DNSSEC_UNCHECKED, 1, true, D(UNDETERMINED),
		    ANSWER_UNDETERMINED },
		{ MX_TIMEOUT, DNSSEC_UNCHECKED, 1, true, D(UNDETERMINED),
		    ANSWER_UNDETERMINED },
		{ MX_RESOLVER_CRASHED, DNSSEC_UNCHECKED, 2, true,
		    D(UNDETERMINED), ANSWER_UNDETERMINED },
		{ MX_IMPLICIT, DNSSEC_SECURE, 1, false, D(NOT_PROBED),
		    ANSWER_UNDETERMINED },
		{ MX_IMPLICIT, DNSSEC_INSECURE, 1, false, D(NOT_PROBED),
		    ANSWER_NO },
		{ MX_FOUND, DNSSEC_INSECURE, 1, false, D(NOT_PROBED), ANSWER_NO },
	};

	(void)state;
	for (size_t i = 0; i < ROWS_OF(rows); i++) {
		struct domain_facts domain = {
			.mx_status = rows[i].status,
			.mx_dnssec = rows[i].dnssec,
			.attempts = rows[i].attempts,
			.is_probed = rows[i].is_probed,
			/* None of it depends on a policy. */
			.mta_sts = STS_UNDETERMINED,
		};
		struct reasons reasons = { 0 };
		struct verdict verdict;

		verdict_of(&domain, &verdict, &reasons);
		for (int s = 0; s < SENDER_COUNT; s++) {
			if (verdict.senders[s].first != rows[i].delivery ||
			    verdict.senders[s].deliver != rows[i].delivery ||
			    verdict.senders[s].worst != rows[i].delivery)
				fail_msg("row %zu sender %d", i, s);
		}
		assert_int_equal(verdict.dane_domain, rows[i].dane);
		assert_int_equal(verdict.dane_domain_all, rows[i].dane);
		assert_int_equal(reasons.count, rows[i].delivery ==
		    D(NO_MAIL) || rows[i].delivery == D(NOT_PROBED) ? 0
		    : SENDER_COUNT);
		reasons_fini(&reasons);
	}
}

static void
policies(void **state)
{
	static const struct {
		const char	*world;
		enum sts_policy	 mta_sts;
		enum list_entry_mode list;
		enum sender	 sender;
		const char	*expected;
		unsigned	 flags;
	} rows[] = {
#define S(name) SENDER_##name
		/* No policy, or one of mode `none`. */
		{ "t-c", STS_NO_POLICY, LISTED_NOT, S(MTA_STS),
		    THRICE("encrypted"), 0 },
		{ "t-c", STS_NONE, LISTED_NOT, S(MTA_STS),
		    THRICE("encrypted"), 0 },
		{ "t-", STS_ENFORCE, LISTED_NOT, S(MTA_STS),
		    THRICE("authenticated"), 0 },
		{ "t-c", STS_ENFORCE, LISTED_NOT, S(MTA_STS),
		    THRICE("refused"), 0 },
		{ "n-", STS_ENFORCE, LISTED_NOT, S(MTA_STS),
		    THRICE("refused"), 0 },
		{ "!t-", STS_ENFORCE, LISTED_NOT, S(MTA_STS),
		    THRICE("refused"), 0 },
		{ "!u-", STS_ENFORCE, LISTED_NOT, S(MTA_STS),
		    THRICE("refused"), 0 },
		{ "!t-/t-", STS_ENFORCE, LISTED_NOT, S(MTA_STS),
		    THRICE("authenticated"), 0 },
		{ "t-c", STS_TESTING, LISTED_NOT, S(MTA_STS),
		    THRICE("encrypted"), WOULD_FAIL },
		{ "!t-", STS_TESTING, LISTED_NOT, S(MTA_STS),
		    THRICE("encrypted"), WOULD_FAIL },
		{ "t-", STS_TESTING, LISTED_NOT, S(MTA_STS),
		    THRICE("encrypted"), 0 },
		{ "n-", STS_TESTING, LISTED_NOT, S(MTA_STS),
		    THRICE("cleartext"), WOULD_FAIL },
		{ "g-", STS_TESTING, LISTED_NOT, S(MTA_STS),
		    THRICE("unreachable"), 0 },
		/* Whether there is one is not known. */
		{ "t-", STS_UNDETERMINED, LISTED_NOT, S(MTA_STS),
		    THRICE("undetermined"), 0 },
		{ "g-", STS_UNDETERMINED, LISTED_NOT, S(MTA_STS),
		    THRICE("unreachable"), 0 },
		{ "b-", STS_UNDETERMINED, LISTED_NOT, S(MTA_STS),
		    THRICE("refused"), 0 },
		{ "t-", STS_UNDETERMINED, LISTED_NOT, S(OPPORTUNISTIC),
		    THRICE("encrypted"), 0 },
		{ "t-", STS_UNDETERMINED, LISTED_NOT, S(WEBPKI),
		    THRICE("authenticated"), 0 },
		{ "tm", STS_UNDETERMINED, LISTED_NOT, S(DANE_OR_MTA_STS),
		    THRICE("authenticated"), 0 },
		{ "tm/t-c", STS_UNDETERMINED, LISTED_NOT,
		    S(DANE_OR_MTA_STS), "authenticated authenticated "
		    "undetermined", 0 },
		{ "t-", STS_UNDETERMINED, LISTED_NOT, S(POLICY_LIST),
		    THRICE("encrypted"), 0 },
		/* One in mode none or testing would override the list. */
		{ "t-l", STS_UNDETERMINED, LISTED_ENFORCE, S(POLICY_LIST),
		    THRICE("undetermined"), 0 },
		{ "n-", STS_UNDETERMINED, LISTED_ENFORCE, S(POLICY_LIST),
		    THRICE("undetermined"), 0 },
		{ "g-", STS_UNDETERMINED, LISTED_ENFORCE, S(POLICY_LIST),
		    THRICE("unreachable"), 0 },
		{ "b-", STS_UNDETERMINED, LISTED_ENFORCE, S(POLICY_LIST),
		    THRICE("refused"), 0 },
		{ "t-", STS_UNDETERMINED, LISTED_ENFORCE, S(POLICY_LIST),
		    THRICE("undetermined"), 0 },
		/* P9. */
		{ "tx", STS_ENFORCE, LISTED_NOT, S(DANE_OR_MTA_STS),
		    THRICE("refused"), 0 },
		{ "t-", STS_ENFORCE, LISTED_NOT, S(DANE_OR_MTA_STS),
		    THRICE("authenticated"), 0 },
		{ "nu", STS_NO_POLICY, LISTED_NOT, S(DANE_OR_MTA_STS),
		    THRICE("refused"), 0 },
		/* The list goes by names of the certificate. */
		{ "t-", STS_NO_POLICY, LISTED_ENFORCE, S(POLICY_LIST),
		    THRICE("refused"), 0 },
		{ "t-l", STS_NO_POLICY, LISTED_ENFORCE, S(POLICY_LIST),
		    THRICE("authenticated"), 0 },
		{ "t-lc", STS_NO_POLICY, LISTED_ENFORCE, S(POLICY_LIST),
		    THRICE("refused"), 0 },
		{ "t-l+t-", STS_NO_POLICY, LISTED_ENFORCE, S(POLICY_LIST),
		    THRICE("authenticated"), 0 },
		{ "t-", STS_NO_POLICY, LISTED_TESTING, S(POLICY_LIST),
		    THRICE("encrypted"), WOULD_FAIL },
		{ "t-l", STS_NO_POLICY, LISTED_TESTING, S(POLICY_LIST),
		    THRICE("encrypted"), 0 },
		{ "t-l", STS_NO_POLICY, LISTED_NOT, S(POLICY_LIST),
		    THRICE("encrypted"), 0 },
		/* A valid MTA-STS policy overrides it. */
		{ "t-", STS_ENFORCE, LISTED_ENFORCE, S(POLICY_LIST),
		    THRICE("authenticated"), 0 },
		{ "t-", STS_TESTING, LISTED_ENFORCE, S(POLICY_LIST),
		    THRICE("encrypted"), 0 },
		{ "t-", STS_NONE, LISTED_ENFORCE, S(POLICY_LIST),
		    THRICE("encrypted"), 0 },
	};

	(void)state;
	for (size_t i = 0; i < ROWS_OF(rows); i++) {
		struct reasons reasons = { 0 };
		struct verdict verdict;
		struct world world;
		char what[64];

		make_world(&world, rows[i].world);
		world.domain.mta_sts = rows[i].mta_sts;
		world.domain.policy_list = rows[i].list;
		verdict_of(&world.domain, &verdict, &reasons);
		snprintf(what, sizeof what, "row %zu", i);
		assert_deliveries(what, &verdict.senders[rows[i].sender],
		    rows[i].expected);
		if (verdict.flags != rows[i].flags)
			fail_msg("%s: flags %u", what, verdict.flags);
		reasons_fini(&reasons);
	}
}

/* RULES 9, the last paragraph. */
static void
dane_domains(void **state)
{
	static const struct {
		const char	*world;
		enum answer_of_three best, all;
	} rows[] = {
		{ "tm", ANSWER_YES, ANSWER_YES },
		{ "t-", ANSWER_NO, ANSWER_NO },
		{ "tx", ANSWER_NO, ANSWER_NO },
		{ "nm", ANSWER_NO, ANSWER_NO },
		{ "tm tm", ANSWER_YES, ANSWER_YES },
		{ "tm t-", ANSWER_NO, ANSWER_NO },
		{ "tm+tx", ANSWER_NO, ANSWER_NO },
		{ "tm/t-", ANSWER_YES, ANSWER_NO },
		{ "t-/tm", ANSWER_NO, ANSWER_NO },
		/* What does not connect is not asked. */
		{ "tm gm", ANSWER_YES, ANSWER_YES },
		{ "tm+gm", ANSWER_YES, ANSWER_YES },
		{ "gm/tm", ANSWER_YES, ANSWER_YES },
		{ "gm", ANSWER_NO, ANSWER_NO },
		{ "gm/t-", ANSWER_NO, ANSWER_NO },
		{ "b-/tm", ANSWER_YES, ANSWER_YES },
		/* Undetermined, but where no match can make it yes. */
		{ "um", ANSWER_UNDETERMINED, ANSWER_UNDETERMINED },
		{ "tm um", ANSWER_UNDETERMINED, ANSWER_UNDETERMINED },
		{ "tx um", ANSWER_NO, ANSWER_NO },
		{ "tm/um", ANSWER_YES, ANSWER_UNDETERMINED },
		{ "u-", ANSWER_NO, ANSWER_NO },
		{ "t?", ANSWER_UNDETERMINED, ANSWER_UNDETERMINED },
		{ "n?", ANSWER_UNDETERMINED, ANSWER_UNDETERMINED },
		{ "tf", ANSWER_NO, ANSWER_NO },
		{ "tm/tf", ANSWER_YES, ANSWER_NO },
		{ "tu", ANSWER_NO, ANSWER_NO },
		{ "tnh", ANSWER_YES, ANSWER_YES },
		{ "tn", ANSWER_NO, ANSWER_NO },
	};

	(void)state;
	for (size_t i = 0; i < ROWS_OF(rows); i++) {
		struct reasons reasons = { 0 };
		struct verdict verdict;
		struct world world;

		make_world(&world, rows[i].world);
		verdict_of(&world.domain, &verdict, &reasons);
		if (verdict.dane_domain != rows[i].best ||
		    verdict.dane_domain_all != rows[i].all)
			fail_msg("%s: %d %d", rows[i].world,
			    verdict.dane_domain, verdict.dane_domain_all);
		reasons_fini(&reasons);
	}
}

/* Reasons ***************************************************************** */

static bool
has_reason(const struct reasons *reasons, enum sender sender, const char *host,
    const char *value)
{
	for (size_t i = 0; i < reasons->count; i++) {
		const struct reason *at = &reasons->items[i];

		if (at->sender == sender && strcmp(at->value, value) == 0 &&
		    strcmp(at->host != NULL ? at->host : "-", host) == 0)
			return true;
	}
	return false;
}

static unsigned
reasons_of(const struct reasons *reasons, enum sender sender)
{
	unsigned count = 0;

	for (size_t i = 0; i < reasons->count; i++)
		count += reasons->items[i].sender == sender;
	return count;
}

static void
what_kept(void **state)
{
	static const struct {
		const char	*world;
		enum sts_policy	 mta_sts;
		const char	*policy;
		enum dnssec	 mx_dnssec;
		enum sender	 sender;
		const char	*reasons;	/* "host value", by ';' */
		enum list_entry_mode list;
	} rows[] = {
		{ "t-", STS_NO_POLICY, "absent", DNSSEC_SECURE,
		    S(OPPORTUNISTIC), "", LISTED_NOT },
		{ "n-", STS_NO_POLICY, "absent", DNSSEC_SECURE,
		    S(OPPORTUNISTIC), "mx1 starttls_absent", LISTED_NOT },
		{ "t-+n-+n-", STS_NO_POLICY, "absent", DNSSEC_SECURE,
		    S(OPPORTUNISTIC), "mx1 starttls_absent", LISTED_NOT },
		{ "t-", STS_NO_POLICY, "absent", DNSSEC_SECURE, S(DANE),
		    "mx1 absent", LISTED_NOT },
		{ "g-", STS_NO_POLICY, "absent", DNSSEC_SECURE, S(DANE),
		    "mx1 rejected", LISTED_NOT },
		{ "tm", STS_NO_POLICY, "absent", DNSSEC_SECURE, S(DANE),
		    "", LISTED_NOT },
		{ "tx/tm", STS_NO_POLICY, "absent", DNSSEC_SECURE, S(DANE),
		    "mx1 mismatch", LISTED_NOT },
		{ "tf", STS_NO_POLICY, "absent", DNSSEC_SECURE, S(DANE),
		    "mx1 bogus", LISTED_NOT },
		{ "tm", STS_NO_POLICY, "absent", DNSSEC_INSECURE, S(DANE),
		    "- insecure", LISTED_NOT },
		{ "nm", STS_NO_POLICY, "absent", DNSSEC_SECURE, S(DANE),
		    "mx1 starttls_absent", LISTED_NOT },
		{ "t-", STS_NO_POLICY, "absent", DNSSEC_SECURE, S(MTA_STS),
		    "- absent", LISTED_NOT },
		{ "t-", STS_TESTING, "testing", DNSSEC_SECURE, S(MTA_STS),
		    "- testing", LISTED_NOT },
		{ "t-", STS_ENFORCE, "enforce", DNSSEC_SECURE, S(MTA_STS),
		    "", LISTED_NOT },
		{ "t-c", STS_ENFORCE, "enforce", DNSSEC_SECURE, S(MTA_STS),
		    "mx1 depth_zero_self_signed_cert", LISTED_NOT },
		{ "!t-", STS_ENFORCE, "enforce", DNSSEC_SECURE, S(MTA_STS),
		    "mx1 mx_not_in_policy", LISTED_NOT },
		{ "tm", STS_NO_POLICY, "absent", DNSSEC_SECURE,
		    S(DANE_OR_MTA_STS), "", LISTED_NOT },
		{ "t-", STS_NO_POLICY, "absent", DNSSEC_SECURE,
		    S(DANE_OR_MTA_STS), "- absent;mx1 absent", LISTED_NOT },
		{ "t-", STS_UNDETERMINED, "error", DNSSEC_SECURE,
		    S(DANE_OR_MTA_STS), "- error;mx1 absent", LISTED_NOT },
		{ "t-", STS_NO_POLICY, "absent", DNSSEC_SECURE,
		    S(POLICY_LIST), "", LISTED_NOT },
		{ "t-l", STS_NO_POLICY, "absent", DNSSEC_SECURE,
		    S(POLICY_LIST), "", LISTED_ENFORCE },
		{ "t-", STS_NO_POLICY, "absent", DNSSEC_SECURE,
		    S(POLICY_LIST), "mx1 name_mismatch", LISTED_ENFORCE },
		{ "t-l", STS_NO_POLICY, "absent", DNSSEC_SECURE,
		    S(POLICY_LIST), "- testing", LISTED_TESTING },
		{ "t-l", STS_NONE, "none", DNSSEC_SECURE,
		    S(POLICY_LIST), "- none", LISTED_ENFORCE },
		{ "t-l", STS_UNDETERMINED, "error", DNSSEC_SECURE,
		    S(POLICY_LIST), "- error", LISTED_ENFORCE },
		{ "t-o", STS_NO_POLICY, "absent", DNSSEC_SECURE, S(WEBPKI),
		    "mx1 legacy", LISTED_NOT },
	};

	(void)state;
	for (size_t i = 0; i < ROWS_OF(rows); i++) {
		char text[128], *at = text, *one;
		struct reasons reasons = { 0 };
		struct verdict verdict;
		struct world world;
		unsigned count = 0;

		make_world(&world, rows[i].world);
		world.domain.mta_sts = rows[i].mta_sts;
		world.domain.mta_sts_status = rows[i].policy;
		world.domain.policy_list = rows[i].list;
		world.domain.mx_dnssec = rows[i].mx_dnssec;
		verdict_of(&world.domain, &verdict, &reasons);
		snprintf(text, sizeof text, "%s", rows[i].reasons);
		while ((one = strsep(&at, ";")) != NULL && *one != '\0') {
			char *value = strchr(one, ' ');

			*value++ = '\0';
			if (!has_reason(&reasons, rows[i].sender, one, value))
				fail_msg("row %zu: no %s %s", i, one, value);
			count++;
		}
		if (reasons_of(&reasons, rows[i].sender) != count)
			fail_msg("row %zu: %u reasons", i,
			    reasons_of(&reasons, rows[i].sender));
		reasons_fini(&reasons);
	}
}

/* Any facts *************************************************************** */

static unsigned
dice(unsigned sides)
{
	return (unsigned)random() % sides;
}

static void
random_world(struct world *world, bool any_tlsa)
{
	static const char classes[] = "tttngub", tlsas[] = "--mmxnuf?";
	char text[128];
	size_t at = 0;
	unsigned hosts_count = 1 + dice(MOST - 1);

	for (unsigned h = 0; h < hosts_count; h++) {
		unsigned pairs = 1 + dice(MOST - 1);

		if (h > 0)
			text[at++] = dice(2) != 0 ? ' ' : '/';
		if (dice(4) == 0)
			text[at++] = '!';
		for (unsigned p = 0; p < pairs; p++) {
			if (p > 0)
				text[at++] = '+';
			text[at++] = classes[dice(sizeof classes - 1)];
			text[at++] = any_tlsa
			    ? tlsas[dice(sizeof tlsas - 1)] : '-';
			for (const char *c = "chlo"; *c != '\0'; c++)
				if (dice(4) == 0)
					text[at++] = *c;
		}
	}
	text[at] = '\0';
	make_world(world, text);
	world->domain.mx_dnssec = dice(3) != 0 ? DNSSEC_SECURE
					       : DNSSEC_INSECURE;
	world->domain.mta_sts = (enum sts_policy)dice(STS_UNDETERMINED + 1);
	world->domain.mta_sts_status = "status";
	world->domain.policy_list = (enum list_entry_mode)dice(
	    LISTED_ENFORCE + 1);
}

static void
assert_ordered(const struct verdict *verdict)
{
	for (int s = 0; s < SENDER_COUNT; s++) {
		const struct deliveries *got = &verdict->senders[s];
		bool usable = delivery_is_usable(got->worst);

		/* Neither the best nor the first is below the least. */
		if (usable && delivery_is_usable(got->deliver))
			assert_true(got->worst <= got->deliver);
		if (usable && delivery_is_usable(got->first))
			assert_true(got->worst <= got->first &&
			    got->first <= got->deliver);
		if (got->first == DELIVERY_MIXED)
			assert_true(got->worst < got->deliver ||
			    got->deliver == DELIVERY_UNDETERMINED ||
			    got->worst == DELIVERY_UNDETERMINED);
		assert_true(got->deliver != DELIVERY_MIXED &&
		    got->worst != DELIVERY_MIXED);
		/* The others are all three of one kind. */
		if (got->deliver == DELIVERY_REFUSED ||
		    got->deliver == DELIVERY_UNREACHABLE)
			assert_true(got->first == got->deliver &&
			    got->worst == got->deliver);
	}
	if (verdict->dane_domain_all == ANSWER_YES)
		assert_int_equal(verdict->dane_domain, ANSWER_YES);
	/* It asks nothing of a host that does not connect; a sender whose lookup
	 * of TLSA fails there does not come so far. */
	if (verdict->dane_domain == ANSWER_YES) {
		assert_int_equal(verdict->senders[SENDER_DANE].deliver,
		    DELIVERY_AUTHENTICATED);
		assert_true(verdict->senders[SENDER_DANE].first ==
		    DELIVERY_AUTHENTICATED ||
		    verdict->senders[SENDER_DANE].first ==
		    DELIVERY_UNDETERMINED);
	}
}

/* From something to the same or to undetermined; or to refused, where an enforced
 * policy does not list the host, whatever is found there. */
static void
assert_no_better(enum delivery before, enum delivery after)
{
	assert_true(after == before || after == DELIVERY_UNDETERMINED ||
	    (before == DELIVERY_UNREACHABLE && after == DELIVERY_REFUSED));
}

static void
properties(void **state)
{
	(void)state;
	srandom(9);
	for (int round = 0; round < 50000; round++) {
		struct reasons reasons = { 0 };
		struct verdict before, after;
		struct world world;
		size_t host;

		random_world(&world, round % 2 == 0);
		verdict_of(&world.domain, &before, &reasons);
		assert_ordered(&before);
		/* DANE is as opportunistic for a domain without TLSA. */
		if (round % 2 != 0)
			assert_memory_equal(&before.senders[SENDER_DANE],
			    &before.senders[SENDER_OPPORTUNISTIC],
			    sizeof before.senders[SENDER_DANE]);
		/* One pair more that is undetermined. */
		host = dice((unsigned)world.domain.mx_count);
		set_pair(&world, host, dice(2) != 0 ? "um" : "u-", 2);
		verdict_of(&world.domain, &after, &reasons);
		assert_ordered(&after);
		for (int s = 0; s < SENDER_COUNT; s++) {
			assert_no_better(before.senders[s].first,
			    after.senders[s].first);
			assert_no_better(before.senders[s].deliver,
			    after.senders[s].deliver);
			assert_no_better(before.senders[s].worst,
			    after.senders[s].worst);
		}
		assert_true(after.dane_domain == before.dane_domain ||
		    after.dane_domain == ANSWER_UNDETERMINED);
		assert_true(after.dane_domain_all == before.dane_domain_all ||
		    after.dane_domain_all == ANSWER_UNDETERMINED);
		reasons_fini(&reasons);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(attempts), cmocka_unit_test(hosts),
		cmocka_unit_test(dane_table), cmocka_unit_test(other_tables),
		cmocka_unit_test(dane_or_mta_sts),
		cmocka_unit_test(domain_cases), cmocka_unit_test(insecure_mx),
		cmocka_unit_test(mx_answers), cmocka_unit_test(policies),
		cmocka_unit_test(dane_domains), cmocka_unit_test(what_kept),
		cmocka_unit_test(properties),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}

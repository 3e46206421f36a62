/* What a session and TLSA records say about a host (RULES U10, T16, RULES 4,
 * 11), without a session, a socket or a table. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <string.h>

#include "scanner/worker/probe/judge.h"
#include "tests/unit/certificate_builder.h"

#define COUNT(array) (sizeof (array) / sizeof (array)[0])
#define MX	"mx.example.com"

/* The leaf that every session here shows. */
static struct chain chain;

static int
make_chain(void **state)
{
	const struct certificate_request request = {
		.common_name = MX, .names = "DNS:" MX,
		.key = builder_key("P-256", 1),
	};
	X509 *leaf[2] = { certificate_build(&request, NULL, NULL) };

	(void)state;
	chain_build(&chain, leaf);
	X509_free(leaf[0]);
	return 0;
}

static int
free_chain(void **state)
{
	(void)state;
	chain_fini(&chain);
	builder_fini();
	return 0;
}

/* DANE-EE of the whole certificate, by SHA-256: of the leaf, or of nothing. */
static void
add_record(struct tlsa_set *set, bool matches)
{
	uint8_t rdata[3 + SHA256_BYTES] = { 3, 0, 1 };

	if (matches)
		memcpy(rdata + 3, chain.certificates[0].sha256, SHA256_BYTES);
	tlsa_set_add(set, rdata, sizeof rdata);
}

/* T11: records that are gone have changed, and an answer that did not come has
 * not. */
static void
not_found_again(void **state)
{
	static const struct {
		enum tlsa_status status;
		unsigned	 flags;
	} rows[] = {
		{ TLSA_STATUS_ABSENT, 1u << RESULT_TLSA_CHANGED },
		{ TLSA_STATUS_ABSENT_INSECURE, 1u << RESULT_TLSA_CHANGED },
		{ TLSA_STATUS_INSECURE, 1u << RESULT_TLSA_CHANGED },
		{ TLSA_STATUS_SERVFAIL, 0 }, { TLSA_STATUS_TIMEOUT, 0 },
		{ TLSA_STATUS_BOGUS, 0 },
	};
	const struct probe_item item = { .action = PROBE_CONNECT, .sni = MX };

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct session session = {
			.smtp.outcome = OUTCOME_TLS_ESTABLISHED,
			.chain = chain, .measured_at = BUILDER_NOW * 1000,
		};
		const struct judged_host judged = {
			.host = { .name = MX, .tlsa_base = MX,
			    .judge_dane = true, .ask_again = true },
			.tlsa_status = rows[i].status, .has_changed = true,
		};
		struct host_judgement judgement;

		host_judge(&item, &session, &judged, &judgement);
		assert_int_equal(judgement.flags, rows[i].flags);
		assert_int_equal(judgement.dane.verdict, DANE_NOT_APPLICABLE);
		assert_true(judgement.has_confirmed && !judgement.confirmed);
	}
}

static void
confirmed(void **state)
{
	static const struct {
		const char	 *rule;
		bool		  matches, ask_again, has_changed;
		enum dane_verdict verdict;
		bool		  has_confirmed, confirmed;
		unsigned	  flags;
	} rows[] = {
		{ "a mismatch", false, false, false,
		    DANE_MISMATCH, false, false, 0 },
		{ "U10: again, of the same RRset", false, true, false,
		    DANE_MISMATCH, true, true, 0 },
		{ "U10: again, of another RRset", false, true, true,
		    DANE_MISMATCH, true, false, 1u << RESULT_TLSA_CHANGED },
		{ "U10: not again", true, true, false,
		    DANE_MATCH, true, false, 0 },
		{ "U10: not again, of another RRset", true, true, true,
		    DANE_MATCH, true, false, 1u << RESULT_TLSA_CHANGED },
		{ "T16: another RRset confirms nothing", false, false, true,
		    DANE_MISMATCH, false, false, 0 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct probe_item item = {
			.action = PROBE_CONNECT, .sni = MX, .measured_at = 7,
		};
		struct session session = {
			.smtp.outcome = OUTCOME_TLS_ESTABLISHED,
			.chain = chain, .measured_at = BUILDER_NOW * 1000,
		};
		struct judged_host judged = {
			.host = { .name = MX, .tlsa_base = MX,
			    .judge_dane = true,
			    .ask_again = rows[i].ask_again },
			.tlsa_status = TLSA_STATUS_USABLE,
			.has_changed = rows[i].has_changed,
		};
		struct host_judgement judgement;

		add_record(&judged.set, rows[i].matches);
		host_judge(&item, &session, &judged, &judgement);
		if (judgement.dane.verdict != rows[i].verdict ||
		    judgement.has_confirmed != rows[i].has_confirmed ||
		    judgement.confirmed != rows[i].confirmed ||
		    judgement.flags != rows[i].flags)
			fail_msg("%s", rows[i].rule);
		assert_int_equal(judgement.basis, BASIS_OWN);
		assert_false(judgement.has_reason);
		assert_int_equal(judgement.tls_class, outcome_tls_class(
		    OUTCOME_TLS_ESTABLISHED));
		assert_true(judgement.has_name_match && judgement.name_match);
		assert_int_equal(judgement.measured_at, BUILDER_NOW * 1000);
		tlsa_set_fini(&judged.set);
	}
}

/* Without a certificate, or without usable records, there is nothing to match. */
static void
not_matched(void **state)
{
	static const struct {
		const char	 *what;
		bool		  has_session, judge_dane;
		enum outcome	  outcome;
		enum tlsa_status  tlsa_status;
		enum dane_verdict verdict;
	} rows[] = {
		{ "no session", false, true, OUTCOME_CONNECT_REFUSED,
		    TLSA_STATUS_USABLE, DANE_NO_TLS },
		{ "no TLS", true, true, OUTCOME_STARTTLS_ABSENT,
		    TLSA_STATUS_USABLE, DANE_NO_TLS },
		{ "our own limit (U13)", true, true,
		    OUTCOME_HANDSHAKE_TOO_LARGE, TLSA_STATUS_USABLE,
		    DANE_UNDETERMINED },
		{ "none usable", true, true, OUTCOME_TLS_ESTABLISHED,
		    TLSA_STATUS_UNUSABLE_ONLY, DANE_NONE_USABLE },
		{ "none", true, true, OUTCOME_TLS_ESTABLISHED,
		    TLSA_STATUS_ABSENT, DANE_NOT_APPLICABLE },
		{ "insecure", true, true, OUTCOME_TLS_ESTABLISHED,
		    TLSA_STATUS_INSECURE, DANE_NOT_APPLICABLE },
		{ "another server name", true, false, OUTCOME_TLS_ESTABLISHED,
		    TLSA_STATUS_USABLE, DANE_NOT_APPLICABLE },
		{ "their twin", true, true, OUTCOME_TLS_ESTABLISHED,
		    TLSA_STATUS_USABLE, DANE_MATCH },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct probe_item item = {
			.action = rows[i].has_session ? PROBE_CONNECT
			    : PROBE_NONE,
			.outcome = rows[i].outcome, .sni = MX, .measured_at = 7,
		};
		const struct session session = {
			.smtp.outcome = rows[i].outcome, .chain = chain,
			.measured_at = BUILDER_NOW * 1000,
		};
		struct judged_host judged = {
			.host = { .name = MX, .tlsa_base = MX,
			    .judge_dane = rows[i].judge_dane },
			.tlsa_status = rows[i].tlsa_status,
		};
		struct host_judgement judgement;

		add_record(&judged.set, true);
		host_judge(&item, rows[i].has_session ? &session : NULL,
		    &judged, &judgement);
		if (judgement.dane.verdict != rows[i].verdict)
			fail_msg("%s", rows[i].what);
		assert_int_equal(judgement.has_reason, !rows[i].has_session);
		assert_int_equal(judgement.basis, rows[i].has_session
		    ? BASIS_OWN : BASIS_NONE);
		assert_int_equal(judgement.has_name_match,
		    rows[i].has_session);
		assert_int_equal(judgement.measured_at, rows[i].has_session
		    ? BUILDER_NOW * 1000 : 7);
		tlsa_set_fini(&judged.set);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(not_found_again),
		cmocka_unit_test(confirmed), cmocka_unit_test(not_matched),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, make_chain, free_chain);
}

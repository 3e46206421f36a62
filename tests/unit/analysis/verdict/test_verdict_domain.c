/* RULES 9, case by case: the result of mail for a domain. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "tests/unit/verdict_world.h"

#define ROWS_OF(rows) (sizeof (rows) / sizeof (rows)[0])

#define THRICE(x) x " " x " " x
#define PARTIAL (1u << VERDICT_FLAG_PARTIAL_DANE_FAILURE)
#define DIFFER (1u << VERDICT_FLAG_ADDRESSES_DIFFER)
#define INSECURE (1u << VERDICT_FLAG_INSECURE_MX)
#define WOULD_FAIL (1u << VERDICT_FLAG_WOULD_FAIL)
#define LEGACY (1u << VERDICT_FLAG_LEGACY_TLS)

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
		/* A truncated chain, and verdicts that do not depend on it. */
		{ "tk", SENDER_DANE, THRICE("undetermined"), 0 },
		{ "tk/tm", SENDER_DANE, "undetermined authenticated authenticated",
		    0 },
		{ "tk/nm", SENDER_DANE, THRICE("undetermined"), 0 },
		{ "tmk", SENDER_DANE, THRICE("authenticated"), 0 },
		{ "txk", SENDER_DANE, THRICE("refused"), 0 },
		{ "t-k", SENDER_WEBPKI, THRICE("undetermined"), 0 },
		{ "t-ok", SENDER_WEBPKI, THRICE("refused"), LEGACY },
		{ "t-k", SENDER_OPPORTUNISTIC, THRICE("encrypted"), 0 },
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
		/* The list is compared with names of the certificate. */
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
		/* Addresses that do not connect do not count. */
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

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(domain_cases), cmocka_unit_test(insecure_mx),
		cmocka_unit_test(mx_answers), cmocka_unit_test(policies),
		cmocka_unit_test(dane_domains),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* RULES 9: the reasons for the result of a sender. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "tests/unit/verdict_world.h"

#define ROWS_OF(rows) (sizeof (rows) / sizeof (rows)[0])

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
		{ "tk", STS_NO_POLICY, "absent", DNSSEC_SECURE, S(DANE),
		    "mx1 undetermined", LISTED_NOT },
		{ "t-k", STS_ENFORCE, "enforce", DNSSEC_SECURE, S(MTA_STS),
		    "mx1 chain_truncated", LISTED_NOT },
		{ "t-kl", STS_NO_POLICY, "absent", DNSSEC_SECURE,
		    S(POLICY_LIST), "mx1 chain_truncated", LISTED_ENFORCE },
		{ "t-k", STS_NO_POLICY, "absent", DNSSEC_SECURE,
		    S(POLICY_LIST), "mx1 name_mismatch", LISTED_ENFORCE },
		{ "t-ok", STS_NO_POLICY, "absent", DNSSEC_SECURE, S(WEBPKI),
		    "mx1 legacy", LISTED_NOT },
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

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_kept),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}

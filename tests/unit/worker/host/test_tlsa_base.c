/* RULES T1 to T4 and DS7 (RFC 7672 2.2.2, 2.2.3): the next question, for every
 * combination of results of the address lookups. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <string.h>

#include "scanner/worker/host/tlsa_base.h"

/* An answer by its letter: found, none (NODATA), gone (NXDOMAIN), failed,
 * late, bogus; then secure, insecure or unchecked; then '>' for an alias. */
static struct answer_facts
answer_of(const char *word)
{
	static const struct { char letter; enum lookup_status status; } s[] = {
		{ 'f', LOOKUP_FOUND }, { 'n', LOOKUP_NODATA },
		{ 'g', LOOKUP_NXDOMAIN }, { 'e', LOOKUP_SERVFAIL },
		{ 'l', LOOKUP_TIMEOUT }, { 'b', LOOKUP_BOGUS },
	};
	struct answer_facts answer = { .has_cname = word[2] == '>' };
	bool known = false;

	for (size_t i = 0; i < sizeof s / sizeof s[0]; i++)
		if (s[i].letter == word[0]) {
			answer.status = s[i].status;
			known = true;
		}
	assert_true(known);
	switch (word[1]) {
	case 's': answer.dnssec = DNSSEC_SECURE; break;
	case 'i': answer.dnssec = DNSSEC_INSECURE; break;
	case 'b': answer.dnssec = DNSSEC_BOGUS; break;
	case 'u': answer.dnssec = DNSSEC_UNCHECKED; break;
	default: fail_msg("%s", word);
	}
	return answer;
}

static void
begins(void **state)
{
	static const struct {
		const char	*rule, *ipv4, *ipv6;
		enum tlsa_next	 next, when_always;
		enum dnssec	 alias;
	} rows[] = {
#define BOTH(x) TLSA_ASK_##x, TLSA_ASK_##x
	{ "T1", "fs", "ns", BOTH(HOST), DNSSEC_UNCHECKED },
	{ "T1 dual", "fs", "fs", BOTH(HOST), DNSSEC_UNCHECKED },
	{ "T1 IPv6 alone", "ns", "fs", BOTH(HOST), DNSSEC_UNCHECKED },
	{ "T2", "fs>", "ns>", BOTH(EXPANDED), DNSSEC_SECURE },
	{ "T2 dual", "fs>", "fs>", BOTH(EXPANDED), DNSSEC_SECURE },
	{ "T2 IPv6 alone", "ns>", "fs>", BOTH(EXPANDED), DNSSEC_SECURE },
	{ "T3", "fi>", "ni>", BOTH(ALIAS), DNSSEC_UNCHECKED },
	{ "T3 dual", "fi>", "fi>", BOTH(ALIAS), DNSSEC_UNCHECKED },
	{ "T3 one family", "fs>", "fi>", BOTH(ALIAS), DNSSEC_SECURE },
	{ "T3 one family", "fi>", "fs>", BOTH(ALIAS), DNSSEC_SECURE },
	{ "T4", "fi", "ni", TLSA_ASK_NOTHING, TLSA_ASK_HOST,
	    DNSSEC_UNCHECKED },
	{ "T4 one family", "fs", "fi", TLSA_ASK_NOTHING, TLSA_ASK_HOST,
	    DNSSEC_UNCHECKED },
	/* T6: what the other family is does not matter where it has nothing. */
	{ "T6 NODATA", "fs", "ni", BOTH(HOST), DNSSEC_UNCHECKED },
	{ "T6 SERVFAIL", "fs", "eu", BOTH(HOST), DNSSEC_UNCHECKED },
	{ "T6 timeout", "lu", "fs", BOTH(HOST), DNSSEC_UNCHECKED },
	{ "T6 bogus", "bb", "fs", BOTH(HOST), DNSSEC_UNCHECKED },
	{ "T6 alias", "fs>", "bb", BOTH(EXPANDED), DNSSEC_SECURE },
	{ "T6 alias", "eu", "fs>", BOTH(EXPANDED), DNSSEC_SECURE },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct answer_facts answers[2] = { answer_of(rows[i].ipv4),
		    answer_of(rows[i].ipv6) };
		bool has_cname = answers[0].has_cname || answers[1].has_cname;

		if (tlsa_base_begin(answers, has_cname, false) !=
		    rows[i].next || tlsa_base_begin(answers, has_cname,
		    true) != rows[i].when_always ||
		    tlsa_base_alias_dnssec(answers) != rows[i].alias)
			fail_msg("%s: %s %s", rows[i].rule, rows[i].ipv4,
			    rows[i].ipv6);
	}
}

/* DS7: of a chain that does not validate as a whole the alias may still be
 * good, and of an insecure one it may be secure. */
static void
aliases(void **state)
{
	static const struct {
		const char *ipv4, *ipv6; enum dnssec dnssec;
	} rows[] = {
		{ "bb>", "bb>", DNSSEC_UNCHECKED },
		{ "bb", "bb", DNSSEC_UNCHECKED },
		{ "gi>", "gi>", DNSSEC_UNCHECKED },
		{ "gs>", "gs>", DNSSEC_SECURE },
		{ "ns>", "bb>", DNSSEC_SECURE },
		{ "eu", "ns>", DNSSEC_SECURE },
		{ "gs", "gs", DNSSEC_UNCHECKED },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct answer_facts answers[2] = { answer_of(rows[i].ipv4),
		    answer_of(rows[i].ipv6) };

		assert_int_equal(tlsa_base_alias_dnssec(answers),
		    rows[i].dnssec);
	}
}

/* RULES L15, L38: below a delegation without DS all is insecure. */
static void
insecure_aliases(void **state)
{
	static const struct {
		const char *ipv4, *ipv6; enum lane_kind lanes[2]; bool is_known;
	} rows[] = {
		{ "fi>", "ni>", { LANE_DIRECT, LANE_DIRECT }, true },
		{ "fi>", "ni>", { LANE_DIRECT, LANE_RECURSIVE }, true },
		{ "eu", "fi>", { LANE_RECURSIVE, LANE_DIRECT }, true },
		{ "fi>", "ni>", { LANE_RECURSIVE, LANE_RECURSIVE }, false },
		{ "fi", "ni", { LANE_DIRECT, LANE_DIRECT }, false },
		/* Below a delegation with DS the direct lane says secure. */
		{ "fs>", "fi", { LANE_DIRECT, LANE_RECURSIVE }, false },
		{ "fi>", "fs>", { LANE_RECURSIVE, LANE_DIRECT }, false },
		/* The alias came from the recursive lane. */
		{ "eu", "fi>", { LANE_DIRECT, LANE_RECURSIVE }, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct answer_facts answers[2] = { answer_of(rows[i].ipv4),
		    answer_of(rows[i].ipv6) };

		answers[0].lane = rows[i].lanes[0];
		answers[1].lane = rows[i].lanes[1];
		assert_int_equal(tlsa_base_alias_is_insecure(answers),
		    rows[i].is_known);
	}
}

static void
after_alias(void **state)
{
	static const struct {
		const char *alias; enum tlsa_next next, when_always;
	} rows[] = {
		{ "fs", BOTH(HOST) },
		{ "fi", TLSA_ASK_NOTHING, TLSA_ASK_HOST },
		/* Neither a denial nor a missing answer is an alias. */
		{ "ns", TLSA_ASK_NOTHING, TLSA_ASK_HOST },
		{ "gs", TLSA_ASK_NOTHING, TLSA_ASK_HOST },
		{ "bb", TLSA_ASK_NOTHING, TLSA_ASK_HOST },
		{ "eu", TLSA_ASK_NOTHING, TLSA_ASK_HOST },
		{ "lu", TLSA_ASK_NOTHING, TLSA_ASK_HOST },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct answer_facts alias = answer_of(rows[i].alias);

		assert_int_equal(tlsa_base_after_alias(alias.status,
		    alias.dnssec, false),
		    rows[i].next);
		assert_int_equal(tlsa_base_after_alias(alias.status,
		    alias.dnssec, true),
		    rows[i].when_always);
	}
}

/* RFC 7672 2.2.2: the first secure RRset decides, usable or not; an error ends
 * it and the name of the host is never tried. */
static void
after_expanded(void **state)
{
	static const struct {
		enum tlsa_status status; enum tlsa_next next;
	} rows[] = {
		{ TLSA_STATUS_USABLE, TLSA_TAKE },
		{ TLSA_STATUS_UNUSABLE_ONLY, TLSA_TAKE },
		{ TLSA_STATUS_BOGUS, TLSA_TAKE },
		{ TLSA_STATUS_SERVFAIL, TLSA_TAKE },
		{ TLSA_STATUS_TIMEOUT, TLSA_TAKE },
		{ TLSA_STATUS_ABSENT, TLSA_ASK_HOST },
		{ TLSA_STATUS_ABSENT_INSECURE, TLSA_ASK_HOST },
		{ TLSA_STATUS_INSECURE, TLSA_ASK_HOST },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		assert_int_equal(tlsa_base_after_expanded(rows[i].status),
		    rows[i].next);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(begins), cmocka_unit_test(aliases),
		cmocka_unit_test(insecure_aliases),
		cmocka_unit_test(after_alias),
		cmocka_unit_test(after_expanded),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* The MTA-STS record and policy: RFC 8461 3.1, 3.2, 4.1, RULES P1 to P7. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "parsers/mta_sts.h"

#define COUNT(array) (sizeof (array) / sizeof (array)[0])

#define ID32 "abcdefghijklmnopqrstuvwxyz012345"

static void
records(void **state)
{
	static const struct {
		const char *rule, *text, *id;	/* NULL: invalid */
	} rows[] = {
		{ "RFC 8461 3.1, example", "v=STSv1; id=20160831085700Z;",
		    "20160831085700Z" },
		{ "no space", "v=STSv1;id=1", "1" },
		{ "white space around ;", "v=STSv1; \t id=1 \t ; ", "1" },
		{ "blanks before the first ;", "v=STSv1 \t; id=1;", "1" },
		{ "32 characters", "v=STSv1; id=" ID32, ID32 },
		{ "an extension before", "v=STSv1; a.b_c-d=!x:y; id=Aa9;",
		    "Aa9" },
		{ "an extension behind", "v=STSv1; id=1; x=~", "1" },
		{ "the first id counts", "v=STSv1; id=1; id=2", "1" },
		{ "extension name of 32", "v=STSv1; id=1; " ID32 "=a", "1" },
		{ "P2, empty", "v=STSv1; id=;", NULL },
		{ "P2, 33 characters", "v=STSv1; id=" ID32 "6", NULL },
		{ "P2, hyphen", "v=STSv1; id=2016-08", NULL },
		{ "P2, underscore", "v=STSv1; id=a_b", NULL },
		{ "P2, a space inside", "v=STSv1; id=a b", NULL },
		{ "P2, 8-bit", "v=STSv1; id=\xc3\xa4", NULL },
		{ "no id", "v=STSv1; x=y", NULL },
		{ "keys are case-sensitive", "v=STSv1; ID=1", NULL },
		{ "nothing behind the version", "v=STSv1;", NULL },
		{ "white space alone behind it", "v=STSv1; ", NULL },
		{ "an empty field", "v=STSv1; id=1;; x=y", NULL },
		{ "two ; at the end", "v=STSv1; id=1;;", NULL },
		{ "no =", "v=STSv1; id=1; flag", NULL },
		{ "space before =", "v=STSv1; id =1", NULL },
		{ "space behind =", "v=STSv1; id= 1", NULL },
		{ "extension without value", "v=STSv1; id=1; x=", NULL },
		{ "extension with = in it", "v=STSv1; id=1; x=a=b", NULL },
		{ "extension with a space", "v=STSv1; id=1; x=a b", NULL },
		{ "extension name of 33", "v=STSv1; id=1; " ID32 "6=a", NULL },
		{ "extension name begins with -", "v=STSv1; id=1; -x=a", NULL },
		{ "a control byte", "v=STSv1; id=1; x=\001", NULL },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		size_t length = strlen(rows[i].text);
		char id[MTA_STS_ID_MAX + 1];
		bool good;

		assert_true(mta_sts_is_record(rows[i].text, length));
		good = mta_sts_record_read(rows[i].text, length, id);
		if (good != (rows[i].id != NULL) ||
		    (good && strcmp(id, rows[i].id) != 0))
			fail_msg("%s: %s", rows[i].rule, good ? id : "invalid");
	}
}

/* RFC 8461 3.1: what does not begin with "v=STSv1" and a delimiter (*WSP ";"
 * *WSP) is discarded. */
static void
other_records(void **state)
{
	static const char *const rows[] = {
		"", "v=STSv1", "v=STSv1 ", "v=STSv1 id=1;", "v=STSv2; id=1",
		"V=STSv1; id=1", "v=stsv1; id=1", " v=STSv1; id=1",
		"id=1; v=STSv1;", "v=spf1 -all", "v=STSv10; id=1",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		if (mta_sts_is_record(rows[i], strlen(rows[i])))
			fail_msg("%s", rows[i]);
	assert_false(mta_sts_is_record("v=STSv1;", 7));
}

#define HEAD "version: STSv1\nmode: enforce\n"
#define AGE "max_age: 604800\n"

static void
valid_policies(void **state)
{
	static const struct {
		const char *rule, *text;
		enum mta_sts_mode mode;
		uint64_t max_age_s;
		const char *mx;		/* joined by a space */
	} rows[] = {
		{ "RFC 8461 3.2, example",
		    "version: STSv1\nmode: enforce\nmx: mail.example.com\n"
		    "mx: *.example.net\nmx: backupmx.example.com\n"
		    "max_age: 604800\n", MTA_STS_ENFORCE, 604800,
		    "*.example.net backupmx.example.com mail.example.com" },
		{ "P4, CRLF", "version: STSv1\r\nmode: testing\r\nmx: a.b\r\n"
		    "max_age: 1\r\n", MTA_STS_TESTING, 1, "a.b" },
		{ "P4, LF and CRLF", "version: STSv1\nmode: testing\r\n"
		    "mx: a.b\nmax_age: 1", MTA_STS_TESTING, 1, "a.b" },
		{ "no white space", "version:STSv1\nmode:enforce\nmx:a.b\n"
		    "max_age:1\n", MTA_STS_ENFORCE, 1, "a.b" },
		{ "much white space", "version: \t STSv1 \t\nmode:  enforce \n"
		    "mx:\ta.b\t\nmax_age: 1 ", MTA_STS_ENFORCE, 1, "a.b" },
		{ "another order", AGE "mx: a.b\nmode: enforce\n"
		    "version: STSv1\n", MTA_STS_ENFORCE, 604800, "a.b" },
		{ "P6, none needs no mx", "version: STSv1\nmode: none\n" AGE,
		    MTA_STS_NONE, 604800, "" },
		{ "P6, none may have mx", "version: STSv1\nmode: none\nmx: a.b\n"
		    AGE, MTA_STS_NONE, 604800, "a.b" },
		{ "P6, two modes", HEAD "mode: none\nmx: a.b\n" AGE,
		    MTA_STS_ENFORCE, 604800, "a.b" },
		{ "P6, the second is not even looked at", HEAD "mode: what\n"
		    "version: STSv2\nmx: a.b\n" AGE "max_age: x\n",
		    MTA_STS_ENFORCE, 604800, "a.b" },
		{ "P6, two ages", HEAD "mx: a.b\nmax_age: 5\nmax_age: 6\n",
		    MTA_STS_ENFORCE, 5, "a.b" },
		{ "P6, unknown keys", HEAD "mx: a.b\nfoo: bar\nx-y.z_1: \xc3\xa4\n"
		    AGE, MTA_STS_ENFORCE, 604800, "a.b" },
		{ "keys are case-sensitive", HEAD "Mode: none\nmx: a.b\n" AGE,
		    MTA_STS_ENFORCE, 604800, "a.b" },
		{ "an mx twice", HEAD "mx: B.c\nmx: a.b\nmx: b.C\n" AGE,
		    MTA_STS_ENFORCE, 604800, "a.b b.c" },
		{ "max_age 0", HEAD "mx: a.b\nmax_age: 0\n", MTA_STS_ENFORCE, 0,
		    "a.b" },
		{ "the most", HEAD "mx: a.b\nmax_age: 31557600\n",
		    MTA_STS_ENFORCE, MTA_STS_MAX_AGE_MAX, "a.b" },
		{ "P5, over it", HEAD "mx: a.b\nmax_age: 31557601\n",
		    MTA_STS_ENFORCE, MTA_STS_MAX_AGE_MAX + 1, "a.b" },
		{ "P5, ten digits", HEAD "mx: a.b\nmax_age: 9999999999\n",
		    MTA_STS_ENFORCE, 9999999999, "a.b" },
		{ "survey, empty lines", HEAD "\nmx: a.b\n\r\n" AGE "\n\n",
		    MTA_STS_ENFORCE, 604800, "a.b" },
		{ "one label", HEAD "mx: a\nmx: *.com\n" AGE, MTA_STS_ENFORCE,
		    604800, "*.com a" },
		{ "digits and hyphens", HEAD "mx: 1-a--b.2\n" AGE,
		    MTA_STS_ENFORCE, 604800, "1-a--b.2" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct mta_sts_policy policy;
		char mx[256] = "";

		if (!mta_sts_policy_read(&policy, rows[i].text,
		    strlen(rows[i].text)))
			fail_msg("%s: invalid", rows[i].rule);
		for (size_t m = 0; m < policy.mx_count; m++) {
			strcat(mx, m > 0 ? " " : "");
			strcat(mx, policy.mx[m]);
		}
		if (policy.mode != rows[i].mode ||
		    policy.max_age_s != rows[i].max_age_s ||
		    strcmp(mx, rows[i].mx) != 0)
			fail_msg("%s: %s", rows[i].rule, mx);
		mta_sts_policy_fini(&policy);
	}
}

static void
invalid_policies(void **state)
{
	static const struct { const char *rule, *text; } rows[] = {
		{ "nothing", "" },
		{ "P6, no version", "mode: enforce\nmx: a.b\n" AGE },
		{ "another version", "version: STSv2\nmode: none\n" AGE },
		{ "version in lower case", "version: stsv1\nmode: none\n" AGE },
		{ "no mode", "version: STSv1\nmx: a.b\n" AGE },
		{ "another mode", "version: STSv1\nmode: report\nmx: a.b\n"
		    AGE },
		{ "mode in upper case", "version: STSv1\nmode: None\n" AGE },
		{ "P6, enforce without mx", HEAD AGE },
		{ "P6, testing without mx", "version: STSv1\nmode: testing\n"
		    AGE },
		{ "no max_age", HEAD "mx: a.b\n" },
		{ "max_age empty", HEAD "mx: a.b\nmax_age:\n" },
		{ "max_age negative", HEAD "mx: a.b\nmax_age: -1\n" },
		{ "max_age with a unit", HEAD "mx: a.b\nmax_age: 7d\n" },
		{ "max_age of 11 digits", HEAD "mx: a.b\n"
		    "max_age: 00000604800\n" },
		{ "no colon", HEAD "mx: a.b\nhello\n" AGE },
		{ "a space before the colon", HEAD "mx : a.b\n" AGE },
		{ "a space before the key", HEAD " mx: a.b\n" AGE },
		{ "no key", HEAD "mx: a.b\n: x\n" AGE },
		{ "a key of 33", HEAD "mx: a.b\n" ID32 "6: x\n" AGE },
		{ "mx empty", HEAD "mx:\n" AGE },
		{ "mx with a final dot", HEAD "mx: a.b.\n" AGE },
		{ "mx with an empty label", HEAD "mx: a..b\n" AGE },
		{ "mx begins with a dot", HEAD "mx: .a.b\n" AGE },
		{ "a star inside", HEAD "mx: a.*.b\n" AGE },
		{ "a star in a label", HEAD "mx: m*.b\n" AGE },
		{ "a star alone", HEAD "mx: *\n" AGE },
		{ "two stars", HEAD "mx: *.*.b\n" AGE },
		{ "an underscore", HEAD "mx: a_b.c\n" AGE },
		{ "a U-label", HEAD "mx: \xc3\xa4.b\n" AGE },
		{ "an address", HEAD "mx: [192.0.2.1]\n" AGE },
		{ "two in a line", HEAD "mx: a.b, c.d\n" AGE },
		{ "a label begins with -", HEAD "mx: a.-b\n" AGE },
		{ "a label ends with -", HEAD "mx: a-.b\n" AGE },
		{ "one bad mx among good", HEAD "mx: a.b\nmx: ?\n" AGE },
		{ "CR alone is no line end", "version: STSv1\rmode: none\r"
		    "max_age: 1\r" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct mta_sts_policy policy;

		if (mta_sts_policy_read(&policy, rows[i].text,
		    strlen(rows[i].text)))
			fail_msg("%s", rows[i].rule);
	}
}

/* RFC 8461 3.3: 64 KiB are enough for a policy, and no more is read (P3). */
static void
size_limit(void **state)
{
	static const char policy_text[] = HEAD "mx: a.b\n" AGE;
	char *text = malloc(MTA_STS_POLICY_MAX + 1);
	struct mta_sts_policy policy;

	(void)state;
	memset(text, '\n', MTA_STS_POLICY_MAX + 1);
	memcpy(text, policy_text, sizeof policy_text - 1);
	assert_true(mta_sts_policy_read(&policy, text, MTA_STS_POLICY_MAX));
	mta_sts_policy_fini(&policy);
	assert_false(mta_sts_policy_read(&policy, text,
	    MTA_STS_POLICY_MAX + 1));
	/* A NUL is no line end, and no white space. */
	text[sizeof policy_text - 1] = '\0';
	assert_false(mta_sts_policy_read(&policy, text, sizeof policy_text));
	free(text);
}

static void
patterns(void **state)
{
	static const struct {
		const char *rule, *pattern, *host;
		bool matches;
	} rows[] = {
		{ "P7", "*.x.com", "a.b.x.com", false },
		{ "P7", "*.x.com", "a.x.com", true },
		{ "P7", "*.x.com", "x.com", false },
		{ "RFC 8461 4.1", "*.example.com", "mail.example.com", true },
		{ "exact", "mail.example.com", "mail.example.com", true },
		{ "another", "mail.example.com", "mail.example.net", false },
		{ "a suffix is no match", "example.com", "mail.example.com",
		    false },
		{ "nor is a prefix", "mail.example.com", "mail.example", false },
		{ "not within a label", "*.x.com", "ax.com", false },
		{ "a top level", "*.com", "x.com", true },
		{ "one label", "*.com", "com", false },
		{ "escaped labels", "*.x.com", "a\\046b.x.com", true },
		{ "an empty label", "*.x.com", ".x.com", false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		if (mta_sts_pattern_matches(rows[i].pattern, rows[i].host) !=
		    rows[i].matches)
			fail_msg("%s: %s against %s", rows[i].rule,
			    rows[i].pattern, rows[i].host);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(records),
		cmocka_unit_test(other_records),
		cmocka_unit_test(valid_policies),
		cmocka_unit_test(invalid_policies),
		cmocka_unit_test(size_limit),
		cmocka_unit_test(patterns),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}

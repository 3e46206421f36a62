/* Policy lists: RULES 10 "Format", RFC 3339, RFC 8259, RFC 6901. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/policy/list.h"
#include "analysis/policy/repeated_keys.h"
#include "parsers/policy_list.h"
#include "scanner/base/buffer.h"

#define COUNT(array) (sizeof (array) / sizeof (array)[0])
#define PUBLISHED "datasets/samples/starttls-everywhere-policy-2020-05-20.json"
#define LABEL63 \
	"abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnopqrstuvwxyz0"

static void
names(void **state)
{
	static const struct { const char *name; bool is_name, is_pattern; } rows[] = {
		{ "example.com", true, true }, { "Mail.EXAMPLE.com", true, true },
		{ "1-a--b.x2", true, true }, { LABEL63 ".com", true, true },
		{ "xn--bcher-kva.example", true, true },
		{ ".example.com", false, true }, { ".com", false, false },
		{ "com", false, false }, { "hostname", false, false },
		{ "a.b", false, false }, { ".co.uk", false, true },
		{ "example.x1", true, true },
		{ "*.example.com", false, false }, { "*", false, false },
		{ "a.*.com", false, false }, { "..com", false, false },
		{ "", false, false }, { ".", false, false },
		{ "example.com.", false, false }, { "a..com", false, false },
		{ "-a.com", false, false }, { "a-.com", false, false },
		{ "a_b.com", false, false }, { "a b.com", false, false },
		{ "b\xc3\xbc" "cher.example", false, false },
		{ LABEL63 "1.com", false, false },
		{ "example.xn--p1ai", false, false },
		{ ".xn--p1ai", false, false },
		{ LABEL63 "." LABEL63 "." LABEL63 "." LABEL63, false, false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		if ((policy_list_name_fault(rows[i].name) == NULL) !=
		    rows[i].is_name || (policy_list_pattern_fault(
		    rows[i].name) == NULL) != rows[i].is_pattern)
			fail_msg("%s", rows[i].name);
}

static void
times(void **state)
{
	static const struct { const char *text; int64_t seconds; } rows[] = {
		/* RFC 3339 5.8. */
		{ "1985-04-12T23:20:50.52Z", 482196050 },
		{ "1996-12-19T16:39:57-08:00", 851042397 },
		{ "1990-12-31T23:59:60Z", 662688000 },
		{ "1990-12-31T15:59:60-08:00", 662688000 },
		{ "1937-01-01T12:00:27.87+00:20", -1041337173 },
		{ "1970-01-01T00:00:00Z", 0 },
		{ "1970-01-01t00:00:00z", 0 },
		{ "2000-02-29T00:00:00Z", 951782400 },
		{ "2000-03-01T00:00:00Z", 951868800 },
		{ "0000-01-01T00:00:00Z", -62167219200 },
		{ "9999-12-31T23:59:59Z", 253402300799 },
		{ "2020-05-20T10:25:12.710034-07:00", 1589995512 },
	};
	static const char *const bad[] = {
		"", "2020", "2020-05-20", "2020-05-20T10:25:12",
		"2020-05-20 10:25:12Z", "2020-5-20T10:25:12Z",
		"2020-00-20T10:25:12Z", "2020-13-20T10:25:12Z",
		"2020-05-00T10:25:12Z", "2020-05-32T10:25:12Z",
		"2019-02-29T10:25:12Z", "1900-02-29T10:25:12Z",
		"2020-05-20T24:25:12Z", "2020-05-20T10:60:12Z",
		"2020-05-20T10:25:61Z", "2020-05-20T10:25:12.Z",
		"2020-05-20T10:25:12+0700", "2020-05-20T10:25:12+24:00",
		"2020-05-20T10:25:12+07:60", "2020-05-20T10:25:12ZZ",
		"2020-05-20T10:25:12 Z", "-020-05-20T10:25:12Z",
	};
	int64_t seconds;

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		if (!policy_list_time(rows[i].text, &seconds) ||
		    seconds != rows[i].seconds)
			fail_msg("%s", rows[i].text);
	for (size_t i = 0; i < COUNT(bad); i++)
		if (policy_list_time(bad[i], &seconds))
			fail_msg("%s", bad[i]);
}

static void
on_repeated(void *tag, const char *pointer)
{
	buffer_printf(tag, "%s\n", pointer);
}

static void
repeated_keys(void **state)
{
	static const struct { const char *json, *pointers; } rows[] = {
		{ "{\"a\": 1, \"b\": 2}", "" },
		{ "{\"a\": 1, \"a\": 2, \"a\": 3}", "/a\n/a\n" },
		{ "{\"a\": {\"b\": [], \"b\": {}}, \"c\": [{}, {\"d\": null, "
		    "\"d\": -1.5e3}]}", "/a/b\n/c/1/d\n" },
		{ "[{\"a\": 1}, {\"a\": 1}]", "" },
		{ "{\"a/b\": 1, \"m~n\": 1, \"a/b\": 1, \"m~n\": 1}",
		    "/a~1b\n/m~0n\n" },
		{ "{\"ab\": 1, \"\\u0061\\u0062\": 1}", "/ab\n" },
		{ "{\"\\ud83d\\ude00\": 1, \"\xf0\x9f\x98\x80\": \"}\"}",
		    "/\xf0\x9f\x98\x80\n" },
		{ "{\"\\n\\\"\": 1, \"\\u000a\\u0022\": 1}", "/\n\"\n" },
		{ "{\"\": 1, \"\": 1}", "/\n" },
		{ "{\"a\": \"\\\"\", \"A\": [true, false, {}]}", "" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct buffer said = { 0 };

		repeated_keys_tell(rows[i].json, strlen(rows[i].json),
		    on_repeated, &said);
		assert_string_equal(buffer_text(&said), rows[i].pointers);
		buffer_fini(&said);
	}
}

/* Lists ******************************************************************* */

#define HEADING "\"timestamp\": \"2020-05-20T10:25:12Z\", " \
	"\"expires\": 1591205112, \"version\": \"0.1\""
#define GOOD "\"a.com\": {\"mode\": \"testing\", \"mxs\": [\"mx.a.com\"]}"
#define LIST(policies, aliases) "{" HEADING ", \"policies\": {" policies "}, " \
	"\"policy-aliases\": {" aliases "}}"

static char *
text_of(const struct policy_list_fault *faults, size_t count)
{
	struct buffer text = { 0 };

	for (size_t i = 0; i < count; i++)
		buffer_printf(&text, "%s: %s\n", faults[i].pointer,
		    faults[i].what);
	return buffer_text(&text);
}

static char *
faults_of(const struct policy_list *list)
{
	return text_of(list->faults, list->fault_count);
}

static void
faults(void **state)
{
	static const struct {
		const char *json, *faults;
		size_t policies;	/* that are read all the same */
	} rows[] = {
		{ LIST(GOOD, ""), "", 1 },
		{ LIST("", ""), "", 0 },
		{ "{\"author\": \"x\", " HEADING ", \"policies\": {}, "
		    "\"policy-aliases\": {}}", "", 0 },
		{ "{}", "/timestamp: missing\n/expires: missing\n"
		    "/version: missing\n/policies: missing\n", 0 },
		{ "[]", ": not an object\n", 0 },
		{ "{\"timestamp\": \"yesterday\", \"expires\": -1, "
		    "\"version\": 0.1, \"author\": 1, \"policies\": [], "
		    "\"policy-aliases\": null, \"x/y\": 0}",
		    "/x~1y: unknown key\n"
		    "/timestamp: neither an RFC 3339 time nor a number of "
		    "seconds\n"
		    "/expires: neither an RFC 3339 time nor a number of "
		    "seconds\n"
		    "/version: not \"0.1\"\n/author: not a string\n"
		    "/policy-aliases: not an object\n"
		    "/policies: not an object\n", 0 },
		{ "{\"timestamp\": 1.5, \"expires\": 0, \"version\": \"0.2\", "
		    "\"policies\": {}, \"policy-aliases\": {}}",
		    "/timestamp: neither an RFC 3339 time nor a number of "
		    "seconds\n"
		    "/version: not \"0.1\"\n", 0 },
		{ LIST(GOOD ", \"b.com\": {}", ""),
		    "/policies/b.com/mode: missing\n"
		    "/policies/b.com/mxs: missing\n", 1 },
		{ LIST(GOOD ", \"b.com\": 1, \"c.com\": null", ""),
		    "/policies/b.com: not an object\n"
		    "/policies/c.com: not an object\n", 1 },
		{ LIST("\"b.com\": {\"mode\": \"none\", \"mxs\": [], "
		    "\"reports\": 1}", ""),
		    "/policies/b.com/reports: unknown key\n"
		    "/policies/b.com/mode: neither testing nor enforce\n"
		    "/policies/b.com/mxs: empty\n", 0 },
		{ LIST("\"b.com\": {\"mode\": \"enforce\", \"mxs\": "
		    "[\"*.b.com\", 1, \".b.com\", \"mx.b.com\", "
		    "\"MX.b.com\", \"mx.b.xn--p1ai\", \"b com\"]}", ""),
		    "/policies/b.com/mxs/0: a wildcard: a suffix begins with a "
		    "dot\n/policies/b.com/mxs/1: not a string\n"
		    "/policies/b.com/mxs/4: twice\n"
		    "/policies/b.com/mxs/5: a hyphen in the top-level domain\n"
		    "/policies/b.com/mxs/6: not a host name\n", 0 },
		{ LIST("\"b.com\": {\"mode\": \"enforce\", \"mxs\": "
		    "\"mx.b.com\"}", ""),
		    "/policies/b.com/mxs: not an array\n", 0 },
		{ LIST("\".b.com\": {\"policy-alias\": \"x\"}, \"A.com\": "
		    "{\"policy-alias\": \"x\"}, " GOOD, "\"x\": {\"mode\": "
		    "\"enforce\", \"mxs\": [\"mx.x.com\"]}"),
		    "/policies/.b.com: not a host name\n"
		    "/policies/a.com: listed twice, in different case\n", 1 },
		{ LIST("\"b.com\": {\"policy-alias\": \"y\"}", "\"x\": "
		    "{\"mode\": \"enforce\", \"mxs\": [\"mx.x.com\"]}"),
		    "/policies/b.com/policy-alias: no such alias\n", 0 },
		{ LIST("\"b.com\": {\"policy-alias\": 1}", ""),
		    "/policies/b.com/policy-alias: not a string\n", 0 },
		{ LIST("\"b.com\": {\"policy-alias\": \"x\", \"mode\": "
		    "\"enforce\", \"mxs\": [], \"z\": 0}", "\"x\": "
		    "{\"mode\": \"enforce\", \"mxs\": [\"mx.x.com\"]}"),
		    "/policies/b.com/z: unknown key\n"
		    "/policies/b.com/mode: beside policy-alias\n"
		    "/policies/b.com/mxs: beside policy-alias\n", 0 },
		/* The alias exists, and has a fault itself. */
		{ LIST("\"b.com\": {\"policy-alias\": \"y\"}", "\"y\": "
		    "{\"policy-alias\": \"x\"}, \"x\": {\"mode\": "
		    "\"enforce\", \"mxs\": [\"mx.x.com\"]}"),
		    "/policy-aliases/y/policy-alias: an alias of an alias\n"
		    "/policy-aliases/y/mode: missing\n"
		    "/policy-aliases/y/mxs: missing\n", 0 },
		{ LIST(GOOD ", " GOOD, ""),
		    "/policies/a.com: a duplicate key\n", 1 },
		/* All repeated keys are reported, along with other faults. */
		{ LIST("\"b.com\": {\"mode\": \"none\", \"mode\": "
		    "\"testing\", \"mxs\": [\"mx.b.com\"], \"z\": 0}, " GOOD
		    ", " GOOD, ""),
		    "/policies/b.com/mode: a duplicate key\n"
		    "/policies/a.com: a duplicate key\n"
		    "/policies/b.com/z: unknown key\n", 1 },
		{ LIST("\"b.com\": {\"mode\": \"enforce\", \"mode\": "
		    "\"testing\", \"mxs\": [\"mx.b.com\"]}", ""),
		    "/policies/b.com/mode: a duplicate key\n", 1 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct policy_list list;
		bool good = policy_list_read(&list, rows[i].json,
		    strlen(rows[i].json));
		char *said = faults_of(&list);

		assert_string_equal(said, rows[i].faults);
		assert_int_equal(good, rows[i].faults[0] == '\0');
		assert_int_equal(list.policy_count, rows[i].policies);
		free(said);
		policy_list_fini(&list);
	}
}

#define EMPTY "{" HEADING ", \"policies\": {}, \"policy-aliases\": {}}"

/* RULES 10: only what EFF's reader accepts is a warning. Each row has its twin
 * without the fact. */
static void
warnings(void **state)
{
	static const struct { const char *json, *warnings, *faults; } rows[] = {
		{ EMPTY, "", "" },
		{ "{" HEADING ", \"policies\": {" GOOD "}}",
		    "/policy-aliases: missing: treated as empty\n", "" },
		{ "{" HEADING ", \"policies\": {" GOOD "}, "
		    "\"policy-aliases\": null}", "",
		    "/policy-aliases: not an object\n" },
		{ "{" HEADING ", \"policies\": {" GOOD "}, \"pinsets\": [], "
		    "\"policy-aliases\": {}}",
		    "/pinsets: not part of the format: ignored\n", "" },
		{ "{" HEADING ", \"policies\": {" GOOD "}, \"pins\": [], "
		    "\"policy-aliases\": {}}", "", "/pins: unknown key\n" },
		{ LIST("\"a.com\": {\"mode\": \"enforce\", \"mxs\": "
		    "[\"mx.a.com\"], \"report\": \"https://a.com\", "
		    "\"min-tls-version\": \"TLSv1.1\"}", ""),
		    "/policies/a.com/report: not part of the format: ignored\n"
		    "/policies/a.com/min-tls-version: not part of the format: "
		    "ignored\n", "" },
		{ LIST("\"a.com\": {\"policy-alias\": \"x\", \"report\": "
		    "1}", "\"x\": {\"mode\": \"enforce\", \"mxs\": "
		    "[\"mx.a.com\"], \"min-tls-version\": 1}"),
		    "/policy-aliases/x/min-tls-version: not part of the format: "
		    "ignored\n"
		    "/policies/a.com/report: not part of the format: ignored\n",
		    "" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct policy_list list;
		bool good = policy_list_read(&list, rows[i].json,
		    strlen(rows[i].json));
		char *said = text_of(list.warnings, list.warning_count);
		char *wrong = faults_of(&list);

		assert_string_equal(said, rows[i].warnings);
		assert_string_equal(wrong, rows[i].faults);
		assert_int_equal(good, rows[i].faults[0] == '\0');
		assert_int_equal(list.policy_count, i > 0);
		free(said);
		free(wrong);
		policy_list_fini(&list);
	}
}

/* Only an object that has policies is a list at all. */
static void
no_list(void **state)
{
	static const struct { const char *json; bool is_list; } rows[] = {
		{ "", false }, { "no JSON", false }, { "[]", false },
		{ "{}", false }, { "{" HEADING "}", false },
		{ "{\"policies\": {}}", true }, { "{\"policies\": []}", true },
		{ EMPTY, true },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct policy_list list;

		(void)policy_list_read(&list, rows[i].json,
		    strlen(rows[i].json));
		if (list.is_list != rows[i].is_list)
			fail_msg("%s", rows[i].json);
		policy_list_fini(&list);
	}
}

/* Seconds as well as RFC 3339, as far as its years go. */
static void
expiry(void **state)
{
	static const struct {
		const char	*text;
		bool		 is_time;
		int64_t		 seconds;
	} rows[] = {
		{ "\"2020-06-03T10:25:12.710055-07:00\"", true, 1591205112 },
		{ "1591205112", true, 1591205112 }, { "0", true, 0 },
		{ "253402300799", true, 253402300799 },
		{ "253402300800", false, 0 },
		{ "9223372036854775807", false, 0 }, { "-1", false, 0 },
		{ "1591205112.5", false, 0 }, { "\"1591205112\"", false, 0 },
		{ "null", false, 0 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct policy_list list;
		char text[160];

		snprintf(text, sizeof text, "{\"timestamp\": 0, \"expires\": "
		    "%s, \"version\": \"0.1\", \"policies\": {}, "
		    "\"policy-aliases\": {}}", rows[i].text);
		if (policy_list_read(&list, text, strlen(text)) !=
		    rows[i].is_time || list.has_expiry != rows[i].is_time ||
		    list.expires_s != rows[i].seconds)
			fail_msg("%s", rows[i].text);
		policy_list_fini(&list);
	}
}

/* A text that is not JSON has one fault, with its position. */
static void
syntax(void **state)
{
	static const char *const rows[] = {
		"", "{", "{\"a\": 1,}", "{} {}", "\"a\"", "{\"a\": \"\\u0000\"}",
		"{\n\"a\" 1}", "{\"a\": 1, \"a\": 2, 3}",
	};
	struct policy_list list;

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		assert_false(policy_list_read(&list, rows[i],
		    strlen(rows[i])));
		assert_int_equal(list.fault_count, 1);
		assert_string_equal(list.faults[0].pointer, "");
		assert_non_null(strstr(list.faults[0].what, "line "));
		policy_list_fini(&list);
	}
}

/* What people have done to a list: scan reads the first as it is (RFC 8259 8.1). */
static void
other_encodings(void **state)
{
	static const struct {
		const char	*bytes;
		size_t		 length;
		const char	*what;
	} rows[] = {
#define RAW(literal) literal, sizeof literal - 1
		{ RAW("\357\273\277" LIST("", "")), NULL },
		{ RAW("\357\273" LIST("", "")), "line 1: " },
		{ RAW("\037\213\010"), "gzip -dk" },
		{ RAW("\377\376{"), "iconv -f UTF-16" },
		{ RAW("\376\377"), "iconv -f UTF-16" },
		/* As scan says of an input (RULES I18). */
		{ RAW("{\0\n\0"), "iconv -f UTF-16LE" },
		{ RAW("\0{\0\n"), "iconv -f UTF-16BE" },
		{ RAW("\377\376\0\0{\0\0\0"), "iconv -f UTF-32" },
		{ RAW("PK\3\4"), "unzip" }, { RAW("{\n\n\n"), "line " },
	};
	struct policy_list list;

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		assert_true(policy_list_read(&list, rows[i].bytes,
		    rows[i].length) == (rows[i].what == NULL));
		assert_int_equal(list.fault_count, rows[i].what != NULL);
		if (rows[i].what != NULL)
			assert_non_null(strstr(list.faults[0].what,
			    rows[i].what));
		policy_list_fini(&list);
	}
}

static void
aliases(void **state)
{
	static const char text[] = LIST("\"B.com\": {\"policy-alias\": \"x\"}, "
	    GOOD, "\"x\": {\"mode\": \"enforce\", \"mxs\": [\".X.com\", "
	    "\"mx.y.com\"]}");
	const struct listed_policy *policy;
	struct policy_list list;

	(void)state;
	assert_true(policy_list_read(&list, text, strlen(text)));
	assert_int_equal(list.timestamp_s, 1589970312);
	assert_int_equal(list.expires_s, 1591205112);
	assert_string_equal(list.author, "");
	assert_int_equal(list.policy_count, 2);
	policy = &list.policies[0];
	assert_string_equal(policy->name, "b.com");
	assert_string_equal(policy->alias, "x");
	assert_int_equal(policy->mode, LIST_ENFORCE);
	assert_int_equal(policy->mxs.count, 2);
	assert_string_equal(policy->mxs.items[0], ".x.com");
	assert_string_equal(policy->mxs.items[1], "mx.y.com");
	assert_string_equal(list.policies[1].name, "a.com");
	assert_null(list.policies[1].alias);
	policy_list_fini(&list);
}

static char *
read_file(const char *path, size_t *length)
{
	FILE *file = fopen(path, "rb");
	char *text = malloc(1 << 20);

	assert_non_null(file);
	*length = fread(text, 1, 1 << 20, file);
	assert_true(*length > 0 && *length < 1 << 20);
	fclose(file);
	return text;
}

/* RULES 10: what is in the last list that was published. */
static void
published(void **state)
{
	size_t length, modes[2] = { 0 }, aliased = 0, exact = 0, suffixes = 0;
	char *text = read_file(PUBLISHED, &length), *said;
	struct policy_list list;
	bool good = policy_list_read(&list, text, length);

	(void)state;
	said = faults_of(&list);
	assert_string_equal(said, "");
	assert_true(good);
	assert_int_equal(list.timestamp_s, 1589995512);
	assert_int_equal(list.expires_s - list.timestamp_s, 14 * 86400);
	for (size_t i = 0; i < list.policy_count; i++) {
		const struct listed_policy *policy = &list.policies[i];

		if (policy->alias != NULL) {
			aliased++;
			continue;
		}
		modes[policy->mode]++;
		for (size_t m = 0; m < policy->mxs.count; m++)
			*(policy->mxs.items[m][0] == '.' ? &suffixes : &exact) += 1;
	}
	assert_int_equal(list.policy_count, 926);
	assert_int_equal(modes[LIST_ENFORCE], 361);
	assert_int_equal(modes[LIST_TESTING], 553);
	assert_int_equal(aliased, 12);
	assert_int_equal(list.alias_count, 4);
	assert_int_equal(exact, 1444);
	assert_int_equal(suffixes, 188);
	policy_list_fini(&list);
	free(said);
	free(text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names), cmocka_unit_test(times),
		cmocka_unit_test(repeated_keys), cmocka_unit_test(faults),
		cmocka_unit_test(warnings), cmocka_unit_test(no_list),
		cmocka_unit_test(expiry), cmocka_unit_test(syntax), cmocka_unit_test(aliases),
		cmocka_unit_test(other_encodings),
		cmocka_unit_test(published),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* run.json is a stranger's file: a member that differs from docs/schema.md is
 * refused, in words that name it, and is not used. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "scanner/run/run_json.h"

#define OTHER_FORMAT "format: not 2; another version of mxcensus made this "	\
	"run (docs/upgrade.md)"
#define ROWS_OF(rows) (sizeof (rows) / sizeof (rows)[0])
#define WHOLE "{\"format\": 2, \"state\": \"sealed\", \"started_at\": "	\
	"\"2026-11-24T03:00:00.250Z\", \"options\": {\"probing\": true, "	\
	"\"probe-implicit\": \"yes\", \"retry-after\": \"1800000ms\", "		\
	"\"level\": \"4\"}, \"inputs\": {\"records\": 5, \"duplicates\": 1, "	\
	"\"rejected\": 2, \"opted_out\": 0, \"files\": [{\"name\": \"a\", "	\
	"\"format\": \"zone\", \"records\": 5}, {\"records\": \"x\"}]}}"

static enum run_json_result
parse(struct run_json *run, const char *text)
{
	return run_json_parse(run, text, strlen(text));
}

static void
whole(void **state)
{
	struct run_json run = { 0 };
	struct run_input input;

	(void)state;
	assert_int_equal(parse(&run, WHOLE), RUN_JSON_READ);
	assert_int_equal(run.wrong, 0);
	assert_int_equal(run.missing, 0);
	assert_int_equal(run.state, RUN_SEALED);
	/* 2026-11-24T03:00:00.250Z */
	assert_int_equal(run.started_ms, INT64_C(1795489200250));
	assert_true(run.probing);
	assert_true(run.probe_implicit);
	assert_int_equal(run.retry_after_ms, 1800000);
	assert_int_equal(run.level, 4);
	assert_int_equal(run.records, 5);
	assert_int_equal(run.duplicates, 1);
	assert_int_equal(run.rejected, 2);
	assert_int_equal(run.opted_out, 0);
	assert_string_equal(run_json_option(&run, "level"), "4");
	assert_null(run_json_option(&run, "probing"));
	assert_null(run_json_option(&run, "ehlo"));
	assert_true(run_json_input(&run, 0, &input));
	assert_string_equal(input.name, "a");
	assert_string_equal(input.format, "zone");
	assert_int_equal(input.records, 5);
	assert_true(run_json_input(&run, 1, &input));
	assert_null(input.name);
	assert_null(input.format);
	assert_int_equal(input.records, 0);
	assert_false(run_json_input(&run, 2, &input));
	run_json_close(&run);
}

/* Files of --delegations come behind the inputs. Runs of before have none. */
static void
delegations(void **state)
{
	static const char text[] = "{\"format\": 2, \"state\": \"sealed\", \"inputs\": "
	    "{\"files\": [{\"name\": "
	    "\"a\", \"records\": 5}], \"delegations\": [{\"name\": "
	    "\"com\", \"delegated\": 3, \"bytes\": 9}]}}";
	struct run_json run = { 0 };
	struct run_input input;

	(void)state;
	assert_int_equal(parse(&run, text), RUN_JSON_READ);
	assert_true(run_json_input(&run, 0, &input));
	assert_string_equal(input.name, "a");
	assert_int_equal(input.records, 5);
	assert_false(input.is_delegations);
	assert_true(run_json_input(&run, 1, &input));
	assert_string_equal(input.name, "com");
	assert_int_equal(input.records, 3);
	assert_int_equal(input.bytes, 9);
	assert_true(input.is_delegations);
	assert_false(run_json_input(&run, 2, &input));
	run_json_close(&run);
}

/* Its twins have every name, and no plan yet. */
static void
sample(void **state)
{
	static const char whole_text[] = "{\"options\": {\"sample\": \"1\"}, "
	    "\"inputs\": {\"records\": 5, \"not_sampled\": 0}}";
	static const char text[] = "{\"options\": {\"sample\": \"3\"}, "
	    "\"inputs\": {\"records\": 5, \"not_sampled\": 9}}";
	static const char early[] = "{\"options\": {\"sample\": \"3\"}}";
	static const char hostile[] = "{\"options\": {\"sample\": \"3\"}, "
	    "\"inputs\": {\"not_sampled\": -9}}";
	struct run_json run = { 0 };
	struct run_sample drawn;

	(void)state;
	parse(&run, whole_text);
	assert_false(run_json_sample(&run, &drawn));
	parse(&run, "{}");
	assert_false(run_json_sample(&run, &drawn));
	parse(&run, text);
	assert_true(run_json_sample(&run, &drawn));
	assert_int_equal(drawn.one_of, 3);
	assert_int_equal(drawn.drawn, 5);
	assert_int_equal(drawn.not_drawn, 9);
	parse(&run, early);
	assert_true(run_json_sample(&run, &drawn));
	assert_int_equal(drawn.drawn, 0);
	assert_int_equal(drawn.not_drawn, 0);
	parse(&run, hostile);
	assert_true(run_json_sample(&run, &drawn));
	assert_int_equal(drawn.not_drawn, 0);
	run_json_close(&run);
}

/* Each is the whole file with one member otherwise. */
static void
wrong(void **state)
{
	static const struct {
		const char	*from, *to;
		enum run_member	 member;
		const char	*why;
	} rows[] = {
		{ "\"format\": 2", "\"format\": 1", RUN_MEMBER_FORMAT,
		    OTHER_FORMAT },
		{ "\"format\": 2", "\"format\": 3", RUN_MEMBER_FORMAT,
		    OTHER_FORMAT },
		{ "\"format\": 2", "\"format\": \"2\"", RUN_MEMBER_FORMAT,
		    OTHER_FORMAT },
		/* A run of 0.1.0. */
		{ "\"format\": 2, ", "", RUN_MEMBER_FORMAT, OTHER_FORMAT },
		{ "\"sealed\"", "\"open\"", RUN_MEMBER_STATE,
		    "state: neither measuring nor sealed" },
		{ "\"sealed\"", "\"sealed\\u001b\"", RUN_MEMBER_STATE,
		    "state: neither measuring nor sealed" },
		{ "\"sealed\"", "true", RUN_MEMBER_STATE,
		    "state: neither measuring nor sealed" },
		{ "\"state\"", "\"stat\"", RUN_MEMBER_STATE,
		    "state: neither measuring nor sealed" },
		{ "2026-11-24T03:00:00.250Z", "2026-11-31T03:00:00.250Z",
		    RUN_MEMBER_STARTED_AT, "started_at: not a time" },
		{ "2026-11-24T03:00:00.250Z", "", RUN_MEMBER_STARTED_AT,
		    "started_at: not a time" },
		{ ": true", ": \"yes\"", RUN_MEMBER_PROBING,
		    "options.probing: neither true nor false" },
		{ "\"yes\"", "\"maybe\"", RUN_MEMBER_PROBE_IMPLICIT,
		    "options.probe-implicit: neither yes nor no" },
		{ "\"yes\"", "true", RUN_MEMBER_PROBE_IMPLICIT,
		    "options.probe-implicit: neither yes nor no" },
		{ "1800000ms", "1800000", RUN_MEMBER_RETRY_AFTER,
		    "options.retry-after: not a number of ms" },
		{ "1800000ms", "-1ms", RUN_MEMBER_RETRY_AFTER,
		    "options.retry-after: not a number of ms" },
		{ "1800000ms", "30m", RUN_MEMBER_RETRY_AFTER,
		    "options.retry-after: not a number of ms" },
		{ "1800000ms", "9223372036854775808ms", RUN_MEMBER_RETRY_AFTER,
		    "options.retry-after: not a number of ms" },
		{ "\"4\"", "\"0\"", RUN_MEMBER_LEVEL,
		    "options.level: not from 1 to 9" },
		{ "\"4\"", "\"10\"", RUN_MEMBER_LEVEL,
		    "options.level: not from 1 to 9" },
		{ "\"4\"", "4", RUN_MEMBER_LEVEL,
		    "options.level: not from 1 to 9" },
		{ ": 5, \"duplicates\"", ": 5.0, \"duplicates\"",
		    RUN_MEMBER_RECORDS, "inputs.records: not a count" },
		{ ": 1,", ": -1,", RUN_MEMBER_DUPLICATES,
		    "inputs.duplicates: not a count" },
		{ "\"rejected\": 2", "\"rejected\": 9007199254740993",
		    RUN_MEMBER_REJECTED,
		    "inputs.rejected: not a count" },
		{ ": 0,", ": null,", RUN_MEMBER_OPTED_OUT,
		    "inputs.opted_out: not a count" },
	};
	struct run_json run = { 0 };

	(void)state;
	for (size_t i = 0; i < ROWS_OF(rows); i++) {
		const char *at = strstr(WHOLE, rows[i].from);
		char text[1024];

		assert_non_null(at);
		snprintf(text, sizeof text, "%.*s%s%s", (int)(at - WHOLE),
		    WHOLE, rows[i].to, at + strlen(rows[i].from));
		assert_int_equal(parse(&run, text), RUN_JSON_WRONG);
		assert_string_equal(run.why, rows[i].why);
		for (unsigned j = 0; j < RUN_MEMBER_COUNT; j++)
			assert_int_equal(run_json_has(&run,
			    (enum run_member)j), j != rows[i].member);
		assert_string_equal(run_json_check(&run, ~0u), rows[i].why);
		assert_null(run_json_check(&run, ~(1u << rows[i].member)));
	}
	run_json_close(&run);
}

/* A missing member is refused only by callers that need it. */
static void
missing(void **state)
{
	struct run_json run = { 0 };

	(void)state;
	assert_int_equal(parse(&run, "{\"format\": 2, \"state\": \"measuring\"}"),
	    RUN_JSON_READ);
	assert_int_equal(run.state, RUN_MEASURING);
	assert_null(run_json_check(&run, 1u << RUN_MEMBER_STATE));
	assert_string_equal(run_json_check(&run, RUN_MEMBERS_OF_A_VERDICT),
	    "started_at: not a time");
	assert_string_equal(run_json_check(&run, 1u << RUN_MEMBER_RECORDS),
	    "inputs.records: not a count");
	assert_int_equal(parse(&run, "{}"), RUN_JSON_WRONG);
	assert_int_equal(parse(&run, "[]"), RUN_JSON_WRONG);
	assert_int_equal(parse(&run, "{\"format\": 2, \"state\": \"sealed\", \"options\": "
	    "\"probing\"}"), RUN_JSON_WRONG);
	assert_string_equal(run.why, "options.probing: neither true nor false");
	assert_int_equal(parse(&run, "{\"format\": 2, "
	    "\"state\": \"sealed\", \"inputs\": []}"), RUN_JSON_WRONG);
	assert_string_equal(run.why, "inputs.records: not a count");
	run_json_close(&run);
}

static void
broken(void **state)
{
	static const char *const rows[] = {
		"", "{", "sealed", "{\"format\": 2, \"state\": \"sealed\"} x",
		/* Which of the two counts? */
		"{\"format\": 2, \"state\": \"sealed\", \"state\": \"measuring\"}",
		"{\"format\": 2, \"state\": \"sealed\", "
		    "\"options\": {\"level\": \"4\", \"level\": \"5\"}}",
		"{\"\033[2J\"}", "{\"format\": 2, \"state\": \"\xff\"}",
	};
	struct run_json run = { 0 };

	(void)state;
	for (size_t i = 0; i < ROWS_OF(rows); i++) {
		assert_int_equal(parse(&run, rows[i]), RUN_JSON_BROKEN);
		assert_null(run.root);
		assert_true(run.why[0] != '\0');
		for (const char *at = run.why; *at != '\0'; at++)
			assert_true(*at >= ' ' && *at <= '~');
	}
	assert_int_equal(run_json_parse(&run,
	    "{\"format\": 2, \"state\": \"sealed\"}\0", 33),
	    RUN_JSON_BROKEN);
	run_json_close(&run);
}

/* Files *********************************************************************/

static int folder;

static void
write_file(const char *text)
{
	int descriptor = openat(folder, RUN_JSON_FILE,
	    O_WRONLY | O_CREAT | O_TRUNC, 0666);

	assert_true(descriptor >= 0);
	assert_int_equal(write(descriptor, text, strlen(text)), strlen(text));
	close(descriptor);
}

static void
files(void **state)
{
	struct run_json run = { 0 };
	int descriptor;

	(void)state;
	assert_int_equal(run_json_read(&run, folder), RUN_JSON_UNREAD);
	assert_int_equal(errno, ENOENT);
	assert_string_equal(run.why, strerror(ENOENT));
	write_file(WHOLE);
	assert_int_equal(run_json_read(&run, folder), RUN_JSON_READ);
	assert_int_equal(run.text.length, strlen(WHOLE));
	assert_memory_equal(run.text.bytes, WHOLE, strlen(WHOLE));
	/* The bytes of the file do not outlive a change. */
	run_json_set(&run, "notes", json_string("another"));
	assert_int_equal(run.text.length, 0);
	/* 64 MiB are read, of spaces, and no byte more. */
	descriptor = openat(folder, RUN_JSON_FILE, O_WRONLY);
	assert_int_equal(ftruncate(descriptor, (64 << 20) + 1), 0);
	assert_int_equal(run_json_read(&run, folder), RUN_JSON_BROKEN);
	assert_string_equal(run.why, "too large");
	assert_int_equal(ftruncate(descriptor, 64 << 20), 0);
	assert_int_equal(run_json_read(&run, folder), RUN_JSON_BROKEN);
	assert_string_not_equal(run.why, "too large");
	close(descriptor);
	/* Nothing writes to the pipe. */
	assert_int_equal(unlinkat(folder, RUN_JSON_FILE, 0), 0);
	assert_int_equal(mkfifoat(folder, RUN_JSON_FILE, 0666), 0);
	assert_int_equal(run_json_read(&run, folder), RUN_JSON_UNREAD);
	assert_int_equal(unlinkat(folder, RUN_JSON_FILE, 0), 0);
	assert_int_equal(mkdirat(folder, RUN_JSON_FILE, 0777), 0);
	assert_int_equal(run_json_read(&run, folder), RUN_JSON_UNREAD);
	assert_int_equal(errno, EISDIR);
	assert_int_equal(unlinkat(folder, RUN_JSON_FILE, AT_REMOVEDIR), 0);
	run_json_close(&run);
}

/* What is written is read back. */
static void
writing(void **state)
{
	struct run_json run = { 0 }, again = { 0 };
	json_t *members = json_loads(WHOLE, 0, NULL);

	(void)state;
	assert_int_equal(mkdirat(folder, ".work", 0777), 0);
	assert_int_equal(mkdirat(folder, ".work/open", 0777), 0);
	json_object_del(members, "inputs");
	run_json_begin(&run, members);
	assert_int_equal(run.state, RUN_MEASURING);
	assert_int_equal(run.level, 4);
	assert_true(run_json_write(&run, folder));
	assert_int_equal(run_json_read(&again, folder), RUN_JSON_READ);
	assert_int_equal(again.state, RUN_MEASURING);
	assert_false(run_json_has(&again, RUN_MEMBER_RECORDS));
	run_json_set(&run, "inputs", json_pack("{s:i, s:i, s:i, s:i}",
	    "records", 7, "duplicates", 0, "rejected", 0, "opted_out", 0));
	run_json_set_state(&run, RUN_SEALED);
	assert_int_equal(run.records, 7);
	assert_int_equal(run.state, RUN_SEALED);
	assert_true(run_json_write(&run, folder));
	assert_int_equal(run_json_read(&again, folder), RUN_JSON_READ);
	assert_int_equal(again.state, RUN_SEALED);
	assert_int_equal(again.records, 7);
	assert_non_null(run_json_text(&again, "written_at"));
	assert_true(json_equal(again.root, run.root));
	/* Without the place for what is being written the older file stays. */
	assert_int_equal(unlinkat(folder, ".work/open", AT_REMOVEDIR), 0);
	run_json_set_state(&run, RUN_MEASURING);
	assert_false(run_json_write(&run, folder));
	assert_int_equal(errno, ENOENT);
	assert_int_equal(run_json_read(&again, folder), RUN_JSON_READ);
	assert_int_equal(again.state, RUN_SEALED);
	assert_int_equal(unlinkat(folder, ".work", AT_REMOVEDIR), 0);
	assert_int_equal(unlinkat(folder, RUN_JSON_FILE, 0), 0);
	run_json_close(&run);
	run_json_close(&again);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whole),
		cmocka_unit_test(delegations),
		cmocka_unit_test(sample), cmocka_unit_test(wrong),
		cmocka_unit_test(missing), cmocka_unit_test(broken),
		cmocka_unit_test(files), cmocka_unit_test(writing),
	};
	char path[] = "/tmp/run_json-XXXXXX";
	int failed;

	if (mkdtemp(path) == NULL)
		return 1;
	folder = open(path, O_RDONLY | O_DIRECTORY);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	close(folder);
	rmdir(path);
	return failed;
}

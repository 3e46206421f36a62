/* Lines for the operator: plain, with times, and as JSON. Hostile bytes never
 * reach a terminal, and JSON stays JSON (RFC 8259). */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <jansson.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "scanner/base/log.h"

#define COUNT(array) (sizeof (array) / sizeof (array)[0])

static char said[8192];
static FILE *file;
static int kept;

/* What is written to standard error goes to a file meanwhile. */
static void
begin(void)
{
	fflush(stderr);
	kept = dup(STDERR_FILENO);
	file = tmpfile();
	assert_non_null(file);
	assert_true(dup2(fileno(file), STDERR_FILENO) >= 0);
}

static const char *
end(void)
{
	size_t length;

	fflush(stderr);
	assert_true(dup2(kept, STDERR_FILENO) >= 0);
	close(kept);
	rewind(file);
	length = fread(said, 1, sizeof said - 1, file);
	said[length] = '\0';
	fclose(file);
	return said;
}

static const char *
said_of(enum log_form form, const char *text)
{
	begin();
	log_begin(form, "scan");
	log_line("%s", text);
	return end();
}

/* "2026-11-24T03:00:00.000Z": digits where it has digits. */
static void
assert_time(const char *text)
{
	static const char like[] = "0000-00-00T00:00:00.000Z";

	for (size_t i = 0; i < sizeof like - 1; i++)
		if (like[i] == '0' ? text[i] < '0' || text[i] > '9'
		    : text[i] != like[i])
			fail_msg("%s", text);
}

static json_t *
object_of(const char *line)
{
	json_error_t error;
	json_t *object = json_loads(line, JSON_REJECT_DUPLICATES, &error);

	if (object == NULL)
		fail_msg("%s: %s", error.text, line);
	assert_ptr_equal(strchr(line, '\n'), line + strlen(line) - 1);
	return object;
}

static const char *
member(const json_t *object, const char *name)
{
	const char *text = json_string_value(json_object_get(object, name));

	assert_non_null(text);
	return text;
}

static void
forms(void **state)
{
	json_t *object;
	const char *line;

	(void)state;
	assert_string_equal(said_of(LOG_PLAIN, "a line"),
	    "mxcensus: a line\n");
	line = said_of(LOG_TIMES, "a line");
	assert_time(line);
	assert_string_equal(line + 24, " mxcensus: a line\n");
	object = object_of(said_of(LOG_JSON, "a line"));
	assert_int_equal(json_object_size(object), 5);
	assert_time(member(object, "time"));
	assert_string_equal(member(object, "level"), "error");
	assert_string_equal(member(object, "process"), "scan");
	assert_string_equal(member(object, "message"), "a line");
	assert_int_equal(json_integer_value(json_object_get(object, "pid")),
	    getpid());
	json_decref(object);
}

static void
levels(void **state)
{
	json_t *object;

	(void)state;
	begin();
	log_begin(LOG_PLAIN, "scan");
	log_warning("slow");
	log_info("goes on");
	assert_string_equal(end(),
	    "mxcensus: warning: slow\nmxcensus: goes on\n");
	begin();
	log_begin(LOG_JSON, "scan");
	log_warning("slow");
	object = object_of(end());
	assert_string_equal(member(object, "level"), "warning");
	assert_string_equal(member(object, "message"), "slow");
	json_decref(object);
	begin();
	log_info("goes on");
	object = object_of(end());
	assert_string_equal(member(object, "level"), "info");
	json_decref(object);
}

/* In text and in JSON the same, where it is read. */
static void
hostile(void **state)
{
	static const struct { const char *text, *wanted; } rows[] = {
		{ "tab\tbell\a", "tab\\x09bell\\x07" },
		{ "two\nlines\r", "two\\x0alines\\x0d" },
		{ "\033[2Jgone", "\\x1b[2Jgone" },
		{ "del\x7f", "del\\x7f" },
		/* What is escaped before stays as it is. */
		{ "a\\x1b and \"b\"", "a\\x1b and \"b\"" },
		{ "caf\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80",
		    "caf\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80" },
		/* CSI as one character (C1), and its neighbour, which is
		 * none. */
		{ "\xc2\x9b" "2J", "\\xc2\\x9b2J" },
		{ "\xc2\xa0", "\xc2\xa0" },
		/* RFC 3629 section 3: overlong, a surrogate, beyond U+10FFFF;
		 * with the nearest that are legal. */
		{ "\xc0\xaf", "\\xc0\\xaf" },
		{ "\xe0\x80\xaf", "\\xe0\\x80\\xaf" },
		{ "\xe0\xa0\x80", "\xe0\xa0\x80" },
		{ "\xed\xa0\x80", "\\xed\\xa0\\x80" },
		{ "\xed\x9f\xbf", "\xed\x9f\xbf" },
		{ "\xf0\x8f\xbf\xbf", "\\xf0\\x8f\\xbf\\xbf" },
		{ "\xf4\x8f\xbf\xbf", "\xf4\x8f\xbf\xbf" },
		{ "\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80" },
		{ "cut \xe2\x82", "cut \\xe2\\x82" },
		{ "\xff", "\\xff" },
	};
	char plain[256];
	json_t *object;

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		snprintf(plain, sizeof plain, "mxcensus: %s\n",
		    rows[i].wanted);
		assert_string_equal(said_of(LOG_PLAIN, rows[i].text), plain);
		object = object_of(said_of(LOG_JSON, rows[i].text));
		assert_string_equal(member(object, "message"),
		    rows[i].wanted);
		json_decref(object);
	}
}

/* A line is never longer than what a pipe takes as a whole: 4,096 bytes. */
static void
bounded(void **state)
{
	static const char *const fillers[] = { "a", "\\", "\"", "\001",
		"\xe2\x82\xac" };
	static char text[8192];

	(void)state;
	for (size_t i = 0; i < COUNT(fillers); i++) {
		text[0] = '\0';
		while (strlen(text) + 4 < sizeof text)
			strcat(text, fillers[i]);
		assert_true(strlen(said_of(LOG_TIMES, text)) <= 4096);
		assert_true(strlen(said) > 1000);
		assert_int_equal(said[strlen(said) - 1], '\n');
		json_decref(object_of(said_of(LOG_JSON, text)));
		assert_true(strlen(said) <= 4096);
		assert_true(strlen(said) > 1000);
	}
}

/* The journal has times. JOURNAL_STREAM names the file that it reads
 * (systemd.exec(5)); when standard error goes elsewhere, it has none. */
static void
journal(void **state)
{
	struct stat status;
	char stream[64];
	enum log_form form, other;

	(void)state;
	begin();
	assert_int_equal(fstat(STDERR_FILENO, &status), 0);
	snprintf(stream, sizeof stream, "%ju:%ju", (uintmax_t)status.st_dev,
	    (uintmax_t)status.st_ino);
	setenv("JOURNAL_STREAM", stream, 1);
	form = log_form_for_people();
	snprintf(stream, sizeof stream, "%ju:%ju", (uintmax_t)status.st_dev,
	    (uintmax_t)status.st_ino + 1);
	setenv("JOURNAL_STREAM", stream, 1);
	other = log_form_for_people();
	unsetenv("JOURNAL_STREAM");
	assert_int_equal(log_form_for_people(), LOG_TIMES);
	(void)end();
	assert_int_equal(form, LOG_PLAIN);
	assert_int_equal(other, LOG_TIMES);
}

/* As a process does that was started by exec, with the environment alone. */
static void
another_process(void **state)
{
	json_t *object;

	(void)state;
	begin();
	log_begin(LOG_JSON, "scan");
	log_become("worker");
	log_line("its own");
	object = object_of(end());
	assert_string_equal(member(object, "process"), "worker");
	json_decref(object);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(forms),
		cmocka_unit_test(levels),
		cmocka_unit_test(hostile),
		cmocka_unit_test(bounded),
		cmocka_unit_test(journal),
		cmocka_unit_test(another_process),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}

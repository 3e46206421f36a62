/* config_lines: what a line of a configuration file means, and what is no
 * line. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "parsers/config_lines.h"

#define COUNT(array) (sizeof (array) / sizeof (array)[0])

/* Reads the last line of a text that has a name. */
static enum config_result
read_last(char *text, size_t length, struct config_line *line,
    struct entry_fault *fault)
{
	enum config_result result;
	struct config_lines lines;
	struct config_line next;

	*line = (struct config_line){ 0 };
	if (!config_lines_open(&lines, text, length, fault))
		return CONFIG_WRONG;
	while ((result = config_lines_next(&lines, &next, fault)) ==
	    CONFIG_LINE)
		*line = next;
	return result;
}

static void
good_lines(void **state)
{
	static const struct {
		const char	*text;
		size_t		 number;
		const char	*name, *value;
	} rows[] = {
		{ "limit = 3", 1, "limit", "3" },
		{ "limit=3\n", 1, "limit", "3" },
		{ "\t limit \t=\t 3 \t\n", 1, "limit", "3" },
		{ "\n# no\n  # no = no\nlimit = 3\n\n", 4, "limit", "3" },
		{ "limit = 3\r\n", 1, "limit", "3" },
		{ "\357\273\277limit = 3\n", 1, "limit", "3" },
		{ "a = 1\nb = 2\n", 2, "b", "2" },
		{ "quiet", 1, "quiet", NULL }, { "quiet \n", 1, "quiet", NULL },
		{ "quiet # now\n", 1, "quiet", NULL },
		/* A # behind a blank begins a comment. */
		{ "limit = 3 # few", 1, "limit", "3" },
		{ "limit = 3\t#few", 1, "limit", "3" },
		{ "contact = https://a.example/#b", 1, "contact",
		    "https://a.example/#b" },
		{ "notes = a = b", 1, "notes", "a = b" },
		{ "notes = two words", 1, "notes", "two words" },
		/* Quotes. */
		{ "notes = \"run # 3\" # few", 1, "notes", "run # 3" },
		{ "notes = \" a \"", 1, "notes", " a " },
		{ "notes = \"\"", 1, "notes", "" },
		{ "notes = \"a\\\"b\\\\c\\nd\\r\"", 1, "notes",
		    "a\"b\\c\nd\r" },
		{ "notes = a\"b\\n\"", 1, "notes", "a\"b\\n\"" },
		{ "notes = \"b\303\274cher\"", 1, "notes", "b\303\274cher" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		char *text = strdup(rows[i].text);
		struct entry_fault fault = { 0 };
		struct config_line line;

		if (read_last(text, strlen(text), &line, &fault) != CONFIG_END)
			fail_msg("%s: %s", rows[i].text, fault.why);
		assert_int_equal(line.number, rows[i].number);
		assert_string_equal(line.name, rows[i].name);
		assert_int_equal(line.value == NULL, rows[i].value == NULL);
		if (line.value != NULL)
			assert_string_equal(line.value, rows[i].value);
		free(text);
	}
}

static void
wrong_lines(void **state)
{
	static const struct {
		const char	*text;
		size_t		 line;
		const char	*why;
	} rows[] = {
		{ "limit 3", 1, "limit 3: put a = between name and value" },
		{ "a = 1\n\nlimit =\n", 3, "limit: there is no value" },
		{ "limit = # 3\n", 1, "limit: there is no value" },
		{ "limit =#3\n", 1, "limit: there is no value" },
		{ "--limit = 3", 1, "without its hyphens" },
		{ "-q", 1, "without its hyphens" },
		{ "[scan]", 1, "[scan]: a line is NAME = VALUE" },
		{ "= 3", 1, "a line is NAME = VALUE" },
		{ "limit#3", 1, "a line is NAME = VALUE" },
		{ "l\033mit = 3", 1, "l?mit = 3: a line is NAME = VALUE" },
		{ "notes = \"a", 1, "the quote does not end" },
		{ "notes = \"a\\", 1, "a backslash needs" },
		{ "notes = \"a\\t\"", 1, "a backslash needs" },
		{ "notes = \"a\" b", 1, "something behind the quote" },
		{ "a = 1\nb = 2\rc = 3\n", 2, "carriage return" },
		{ "\377\376a", 1, "UTF-16" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		char *text = strdup(rows[i].text);
		struct entry_fault fault = { 0 };
		struct config_line line;

		if (read_last(text, strlen(text), &line, &fault) !=
		    CONFIG_WRONG || fault.line != rows[i].line ||
		    strstr(fault.why, rows[i].why) == NULL)
			fail_msg("%s: line %zu: %s", rows[i].text, fault.line,
			    fault.why);
		free(text);
	}
}

/* Each bound has a twin that is one byte longer. */
static void
bounds(void **state)
{
	static char text[CONFIG_FILE_MAX + 2];
	struct entry_fault fault;
	struct config_line line;
	size_t length;

	(void)state;
	for (length = CONFIG_LINE_MAX; length <= CONFIG_LINE_MAX + 1;
	    length++) {
		memset(text, 'x', length);
		memcpy(text, "notes = ", 8);
		text[length] = '\0';
		assert_int_equal(read_last(text, length, &line, &fault),
		    length > CONFIG_LINE_MAX ? CONFIG_WRONG : CONFIG_END);
	}
	assert_string_equal(fault.why, "the line is longer than 8192 bytes");
	for (length = CONFIG_FILE_MAX; length <= CONFIG_FILE_MAX + 1;
	    length++) {
		memset(text, '\n', length);
		text[length] = '\0';
		assert_int_equal(read_last(text, length, &line, &fault),
		    length > CONFIG_FILE_MAX ? CONFIG_WRONG : CONFIG_END);
	}
	assert_string_equal(fault.why, "the file is longer than 65536 bytes");
	memcpy(text, "a = \0 b", 8);
	assert_int_equal(read_last(text, 7, &line, &fault), CONFIG_WRONG);
	assert_non_null(strstr(fault.why, "NUL"));
}

/* Quotes where they are needed, and only there. */
static void
writing(void **state)
{
	static const struct { const char *value, *written; } rows[] = {
		{ "3", "3" }, { "two words", "two words" },
		{ "https://a.example/#b", "https://a.example/#b" },
		{ "a\"b", "a\"b" }, { "a\\b", "a\\b" },
		{ "", "\"\"" }, { " a", "\" a\"" }, { "a\t", "\"a\t\"" },
		{ "#a", "\"#a\"" }, { "a #b", "\"a #b\"" },
		{ "\"a\"", "\"\\\"a\\\"\"" },
		{ "a\nb\\", "\"a\\nb\\\\\"" }, { "a\r", "\"a\\r\"" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct buffer out = { 0 };

		config_value_write(&out, rows[i].value);
		assert_string_equal(buffer_text(&out), rows[i].written);
		buffer_fini(&out);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(good_lines), cmocka_unit_test(wrong_lines),
		cmocka_unit_test(bounds), cmocka_unit_test(writing),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}

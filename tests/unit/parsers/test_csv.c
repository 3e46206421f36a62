/* CSV: RFC 4180. Every input is pushed whole, cut in two at every place, and
 * byte by byte, and must give the same records and errors. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "parsers/csv.h"

#define COUNT(array) (sizeof (array) / sizeof (array)[0])
#define BYTES(literal) literal, sizeof literal - 1

/* What was read, written down: `3[a|b]` is a record on line 3, `3!` an error
 * there; a NUL inside a field is written as `0`. */
struct story {
	char	text[4096];
	size_t	length;
};

static void
tell(struct story *story, const struct csv *csv, enum csv_status status)
{
	const struct csv_field *fields;
	size_t count;

	if (status == CSV_MORE)
		return;
	story->length += (size_t)sprintf(story->text + story->length, "%d%s",
	    (int)csv_line(csv), status == CSV_ERROR ? "!" : "[");
	fields = csv_fields(csv, &count);
	if (status == CSV_ERROR) {
		assert_int_equal(count, 0);
		return;
	}
	for (size_t i = 0; i < count; i++) {
		if (i > 0)
			story->text[story->length++] = '|';
		for (size_t j = 0; j < fields[i].length; j++) {
			char c = fields[i].text[j];

			story->text[story->length++] = c == '\0' ? '0' : c;
		}
		assert_int_equal(fields[i].text[fields[i].length], '\0');
	}
	story->length += (size_t)sprintf(story->text + story->length, "]");
}

static void
push(struct story *story, struct csv *csv, const char *bytes, size_t length)
{
	while (length > 0) {
		size_t taken;
		enum csv_status status = csv_push(csv, bytes, length, &taken);

		assert_true(taken <= length);
		assert_true(status != CSV_MORE || taken == length);
		assert_true(taken > 0);
		tell(story, csv, status);
		bytes += taken;
		length -= taken;
	}
}

static void
read_all(struct story *story, size_t record_max, const char *bytes,
    size_t length, size_t first, size_t piece)
{
	struct csv *csv = csv_new(record_max);
	size_t at = 0, step = first;

	story->length = 0;
	while (at < length) {
		char *copy;

		if (step > length - at)
			step = length - at;
		/* Gone after the push: the parser must not keep it. */
		copy = malloc(step);
		assert_non_null(copy);
		memcpy(copy, bytes + at, step);
		push(story, csv, copy, step);
		free(copy);
		at += step;
		step = piece;
	}
	tell(story, csv, csv_finish(csv));
	/* Nothing is left after the end. */
	assert_int_equal(csv_finish(csv), CSV_MORE);
	story->text[story->length] = '\0';
	csv_free(csv);
}

static void
must_give(const char *rule, size_t record_max, const char *bytes,
    size_t length, const char *text)
{
	struct story story;

	for (size_t cut = 1; cut <= length; cut++) {
		read_all(&story, record_max, bytes, length, cut, length);
		if (strcmp(story.text, text) != 0)
			fail_msg("%s, cut at %zu: %s, not %s", rule, cut,
			    story.text, text);
	}
	read_all(&story, record_max, bytes, length, 1, 1);
	if (strcmp(story.text, text) != 0)
		fail_msg("%s, byte by byte: %s, not %s", rule, story.text,
		    text);
}

static void
records(void **state)
{
	static const struct { const char *rule, *bytes; size_t length;
		const char *story; } rows[] = {
		{ "2.1 CRLF", BYTES("a,b\r\nc,d\r\n"), "1[a|b]2[c|d]" },
		{ "LF", BYTES("a,b\nc,d\n"), "1[a|b]2[c|d]" },
		{ "2.2 no last line end", BYTES("a,b\nc,d"), "1[a|b]2[c|d]" },
		{ "2.4 empty fields", BYTES(",,\n,\n"), "1[||]2[|]" },
		{ "an empty last field, no line end", BYTES("a,"), "1[a|]" },
		{ "2.4 spaces are part of a field", BYTES(" a , b \n"),
		    "1[ a | b ]" },
		{ "empty line", BYTES("a\n\nb\n"), "1[a]2[]3[b]" },
		{ "empty line, CRLF", BYTES("\r\n\r\nb\r\n"), "1[]2[]3[b]" },
		{ "2.5 quotes", BYTES("\"a\",b,\"c\"\r\n"), "1[a|b|c]" },
		{ "2.5 an empty quoted field", BYTES("\"\",\"\"\n"), "1[|]" },
		{ "2.6 separator, line ends", BYTES("\"a,b\",\"c\r\nd\n\"\n"
		    "e\n"), "1[a,b|c\r\nd\n]4[e]" },
		{ "2.7 quote", BYTES("\"a\"\"b\",\"\"\"\",\"\"\"\"\"\"\n"),
		    "1[a\"b|\"|\"\"]" },
		{ "quoted, at the end", BYTES("a,\"b\""), "1[a|b]" },
		{ "NUL inside", BYTES("a\0b,\"c\0d\"\n"), "1[a0b|c0d]" },
		{ "bytes over 0x7f", BYTES("\303\274,\377\n"),
		    "1[\303\274|\377]" },
		{ "nothing", BYTES(""), "" },
		/* What RFC 4180 has no words for. */
		{ "2.5 a quote inside a bare field", BYTES("a\"b,c\nd\n"),
		    "1!2[d]" },
		{ "a quote behind a space", BYTES(" \"a\"\nd\n"), "1!2[d]" },
		{ "text behind a quoted field", BYTES("\"a\"b\nd\n"),
		    "1!2[d]" },
		{ "a space behind a quoted field", BYTES("\"a\" ,b\nd\n"),
		    "1!2[d]" },
		{ "bare CR", BYTES("a\rb\nd\n"), "1!2[d]" },
		{ "two CRs", BYTES("a\r\r\nd\n"), "1!2[d]" },
		{ "CR, comma", BYTES("a\r,b\nd\n"), "1!2[d]" },
		{ "CR behind a quoted field", BYTES("\"a\"\rb\nd\n"),
		    "1!2[d]" },
		{ "CR at the end", BYTES("a\r"), "1!" },
		{ "quotes that nothing ends", BYTES("a\n\"b\nc\n"), "1[a]2!" },
		{ "an error at the end", BYTES("a\"b"), "1!" },
		{ "errors one behind the other", BYTES("a\"\nb\"\n\"c\"d\ne\n"),
		    "1!2!3!4[e]" },
		{ "an error behind a record of lines",
		    BYTES("\"a\n\nb\"\nc\"\nd\n"), "1[a\n\nb]4!5[d]" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		must_give(rows[i].rule, 1000, rows[i].bytes, rows[i].length,
		    rows[i].story);
}

/* Fields and the commas between them count; quotes and line ends do not. */
static void
bound(void **state)
{
	static const struct { const char *rule, *bytes; size_t length;
		const char *story; } rows[] = {
		{ "8 bytes", BYTES("abc,defg\nx\n"), "1[abc|defg]2[x]" },
		{ "9 bytes", BYTES("abc,defgh\nx\n"), "1!2[x]" },
		{ "8 bytes, CRLF", BYTES("abc,defg\r\nx\n"),
		    "1[abc|defg]2[x]" },
		{ "8 bytes, quoted", BYTES("\"abc\",\"\"\"\"\"ef\"\nx\n"),
		    "1[abc|\"\"ef]2[x]" },
		{ "9 bytes, quoted", BYTES("abc,\"\"\"\"\"efg\"\nx\n"),
		    "1!2[x]" },
		{ "8 commas", BYTES(",,,,,,,,\nx\n"), "1[||||||||]2[x]" },
		{ "9 commas", BYTES(",,,,,,,,,\nx\n"), "1!2[x]" },
		{ "the next line may be inside quotes",
		    BYTES("\"abcdefghi\nj\"\nx\n"), "1!2!3[x]" },
		{ "the byte too many is a line end",
		    BYTES("\"abcdefgh\nx\ny\n"), "1!2[x]3[y]" },
		{ "lines inside count", BYTES("\"a\nb\nc\nd\ne\nf\"\nx\n"),
		    "1!6!7[x]" },
		{ "no line end", BYTES("abcdefghi"), "1!" },
	};
	struct story story;
	char *bytes;

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		must_give(rows[i].rule, 8, rows[i].bytes, rows[i].length,
		    rows[i].story);
	/* Far over the bound, in one piece: line 2 is read. */
	bytes = malloc(1 << 20);
	assert_non_null(bytes);
	memset(bytes, 'a', 1 << 20);
	bytes[0] = '"';
	memcpy(bytes + (1 << 20) - 3, "\nx\n", 3);
	read_all(&story, 5000, bytes, 1 << 20, 1 << 20, 1);
	assert_string_equal(story.text, "1!2[x]");
	free(bytes);
}

/* More fields, and longer ones, than there was room for at first. */
static void
growth(void **state)
{
	const struct csv_field *fields;
	char bytes[8000], *at = bytes;
	size_t count, taken;

	(void)state;
	for (int quoted = 0; quoted < 2; quoted++) {
		struct csv *csv = csv_new(sizeof bytes);

		for (int i = 0, end = 1000; i < end; i++)
			at += sprintf(at, quoted && i == 500 ? "\"%d\"%s"
			    : "%d%s", i, i + 1 < end ? "," : "\n");
		assert_int_equal(csv_push(csv, bytes, (size_t)(at - bytes),
		    &taken), CSV_RECORD);
		assert_int_equal(taken, at - bytes);
		fields = csv_fields(csv, &count);
		assert_int_equal(count, 1000);
		for (size_t i = 0; i < count; i++) {
			assert_int_equal(atoi(fields[i].text), i);
			assert_int_equal(strlen(fields[i].text),
			    fields[i].length);
		}
		csv_free(csv);
		at = bytes;
	}
}

/* Before the first record there are no fields; freeing nothing is nothing. */
static void
fresh(void **state)
{
	struct csv *csv = csv_new(100);
	size_t count = 1, taken = 1;

	(void)state;
	csv_fields(csv, &count);
	assert_int_equal(count, 0);
	assert_int_equal(csv_line(csv), 1);
	assert_int_equal(csv_push(csv, NULL, 0, &taken), CSV_MORE);
	assert_int_equal(taken, 0);
	assert_int_equal(csv_finish(csv), CSV_MORE);
	csv_free(csv);
	csv_free(NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(records),
		cmocka_unit_test(bound),
		cmocka_unit_test(growth),
		cmocka_unit_test(fresh),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}

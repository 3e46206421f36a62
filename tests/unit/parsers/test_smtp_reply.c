/* SMTP replies: RFC 5321 4.2, RULES S1 to S5 and S7 to S9. Every reply is
 * pushed whole, cut in two at every place, and byte by byte. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "parsers/smtp_reply.h"

#define COUNT(array) (sizeof (array) / sizeof (array)[0])
#define BYTES(literal) literal, sizeof literal - 1

enum { MORE = SMTP_REPLY_MORE, DONE = SMTP_REPLY_DONE,
	ERROR = SMTP_REPLY_ERROR };

/* Pushes in pieces of at most `piece` bytes; the first one of `first`. */
static enum smtp_reply_status
push(struct smtp_reply *reply, const char *bytes, size_t length, size_t first,
    size_t piece, size_t *taken)
{
	enum smtp_reply_status status = SMTP_REPLY_MORE;
	size_t at = 0, step = first;

	smtp_reply_init(reply);
	while (at < length && status == SMTP_REPLY_MORE) {
		size_t one;

		if (step > length - at)
			step = length - at;
		status = smtp_reply_push(reply, (const uint8_t *)bytes + at,
		    step, &one);
		assert_true(one <= step);
		assert_true(status != SMTP_REPLY_MORE || one == step);
		at += one;
		step = piece;
	}
	*taken = at;
	return status;
}

static void
must_be_same(const struct smtp_reply *a, const struct smtp_reply *b)
{
	assert_int_equal(a->code, b->code);
	assert_int_equal(a->lines, b->lines);
	assert_int_equal(a->flags, b->flags);
	assert_int_equal(a->capabilities, b->capabilities);
	assert_int_equal(a->bytes, b->bytes);
	assert_int_equal(a->text_length, b->text_length);
	assert_memory_equal(a->text, b->text, a->text_length);
}

/* However it is cut: the same. Leaves the reply of the whole. */
static enum smtp_reply_status
read_reply(struct smtp_reply *reply, const char *bytes, size_t length,
    size_t *taken)
{
	enum smtp_reply_status status = push(reply, bytes, length, length,
	    length, taken);
	struct smtp_reply *other = malloc(sizeof *other);
	size_t other_taken;

	assert_non_null(other);
	for (size_t cut = 1; cut < length && cut < 200; cut++) {
		assert_int_equal(push(other, bytes, length, cut, length,
		    &other_taken), status);
		assert_int_equal(other_taken, *taken);
		must_be_same(other, reply);
	}
	assert_int_equal(push(other, bytes, length, 1, 1, &other_taken),
	    status);
	assert_int_equal(other_taken, *taken);
	must_be_same(other, reply);
	free(other);
	return status;
}

static void
replies(void **state)
{
	static const struct {
		const char *rule, *bytes;
		size_t length;
		int status;
		unsigned code, lines, flags;
		const char *text;
	} rows[] = {
		{ "one line", BYTES("220 mx.example.com ESMTP\r\n"), DONE, 220,
		    1, 0, "mx.example.com ESMTP" },
		{ "S5", BYTES("220-x\r\n220 y\r\n"), DONE, 220, 2, 0, "x\ny" },
		{ "S5, not the last", BYTES("220-x\r\n"), MORE, 220, 1, 0,
		    "x" },
		{ "no text", BYTES("250\r\n"), DONE, 250, 1, 0, "" },
		{ "space, no text", BYTES("250 \r\n"), DONE, 250, 1, 0, "" },
		{ "hyphen, no text", BYTES("250-\r\n250 \r\n"), DONE, 250, 2, 0,
		    "\n" },
		{ "lowest code", BYTES("200 a\r\n"), DONE, 200, 1, 0, "a" },
		{ "highest code", BYTES("599 a\r\n"), DONE, 599, 1, 0, "a" },
		{ "tab", BYTES("250 a\tb\r\n"), DONE, 250, 1, 0, "a\tb" },
		{ "S4 bare LF", BYTES("250-a\n250 b\r\n"), DONE, 250, 2,
		    SMTP_REPLY_BARE_LF, "a\nb" },
		{ "S4 bare LF, no text", BYTES("250\n"), DONE, 250, 1,
		    SMTP_REPLY_BARE_LF, "" },
		{ "S4 8-bit", BYTES("250 \303\274\r\n"), DONE, 250, 1,
		    SMTP_REPLY_HOSTILE, "\303\274" },
		{ "S4 DEL", BYTES("250 \177\r\n"), DONE, 250, 1,
		    SMTP_REPLY_HOSTILE, "\177" },
		{ "S4 tilde is none", BYTES("250 ~\r\n"), DONE, 250, 1, 0,
		    "~" },
		{ "S4 escape", BYTES("250 \33[2J\r\n"), DONE, 250, 1,
		    SMTP_REPLY_HOSTILE, "\33[2J" },
		{ "S4 CR inside", BYTES("250 a\rb\r\n"), DONE, 250, 1,
		    SMTP_REPLY_HOSTILE, "a\rb" },
		{ "S4 two CRs", BYTES("250 a\r\r\n"), DONE, 250, 1,
		    SMTP_REPLY_HOSTILE, "a\r" },
		{ "S2 another code", BYTES("250-a\r\n550 b\r\n"), ERROR, 250, 1,
		    0, "a" },
		{ "1yz (RFC 5321 4.2.1)", BYTES("199 a\r\n"), ERROR, 0, 0, 0,
		    "" },
		{ "6yz", BYTES("600 a\r\n"), ERROR, 0, 0, 0, "" },
		{ "second digit", BYTES("2x0 a\r\n"), ERROR, 0, 0, 0, "" },
		{ "third digit", BYTES("22: a\r\n"), ERROR, 0, 0, 0, "" },
		{ "four digits", BYTES("2200 a\r\n"), ERROR, 0, 0, 0, "" },
		{ "two digits", BYTES("22\r\n"), ERROR, 0, 0, 0, "" },
		{ "no code", BYTES("Welcome\r\n"), ERROR, 0, 0, 0, "" },
		{ "empty line", BYTES("\r\n"), ERROR, 0, 0, 0, "" },
		{ "separator", BYTES("220_a\r\n"), ERROR, 0, 0, 0, "" },
		{ "no line end", BYTES("220 a"), MORE, 0, 0, 0, "" },
		{ "no LF", BYTES("220 a\r"), MORE, 0, 0, 0, "" },
		{ "continuation without a code", BYTES("250-a\r\nb\r\n"), ERROR,
		    250, 1, 0, "a" },
		{ "HTTP", BYTES("HTTP/1.1 400 Bad Request\r\n"), ERROR, 0, 0, 0,
		    "" },
	};
	struct smtp_reply reply;
	size_t taken;

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		enum smtp_reply_status status = read_reply(&reply,
		    rows[i].bytes, rows[i].length, &taken);

		if ((int)status != rows[i].status || taken != rows[i].length ||
		    reply.code != rows[i].code ||
		    reply.lines != rows[i].lines ||
		    reply.flags != rows[i].flags ||
		    reply.text_length != strlen(rows[i].text) ||
		    memcmp(reply.text, rows[i].text, reply.text_length) != 0)
			fail_msg("%s: status %d, code %u, %u lines, flags %u",
			    rows[i].rule, (int)status, reply.code, reply.lines,
			    reply.flags);
	}
	/* S4: a NUL is kept as it is. */
	assert_int_equal(read_reply(&reply, BYTES("250 a\0b\r\n"), &taken),
	    DONE);
	assert_int_equal(reply.flags, SMTP_REPLY_HOSTILE);
	assert_int_equal(reply.text_length, 3);
	assert_memory_equal(reply.text, "a\0b", 3);
}

/* S12 depends on it: no byte after the reply is taken. */
static void
takes_no_more(void **state)
{
	struct smtp_reply reply;
	size_t taken;

	(void)state;
	assert_int_equal(read_reply(&reply, BYTES("220 go\r\n250 injected\r\n"),
	    &taken), DONE);
	assert_int_equal(taken, 8);
	assert_int_equal(reply.bytes, 8);
	/* An error takes its line. */
	assert_int_equal(read_reply(&reply, BYTES("nope\r\n250 a\r\n"), &taken),
	    ERROR);
	assert_int_equal(taken, 6);
	/* A second reply in the same struct holds nothing of the first. */
	assert_int_equal(read_reply(&reply, BYTES("250-\377\r\n250 STARTTLS\n"),
	    &taken), DONE);
	assert_int_equal(read_reply(&reply, BYTES("220 a\r\n"), &taken), DONE);
	assert_int_equal(reply.flags, 0);
	assert_int_equal(reply.capabilities, 0);
	assert_int_equal(reply.lines, 1);
	smtp_reply_init(&reply);
	assert_int_equal(smtp_reply_push(&reply, NULL, 0, &taken), MORE);
	assert_int_equal(taken, 0);
}

/* The second line of an EHLO reply, and what it says. */
static void
keywords(void **state)
{
	static const struct { const char *rule, *line; unsigned found; }
	rows[] = {
		{ "STARTTLS", "STARTTLS", SMTP_STARTTLS },
		{ "S8", "StartTLS", SMTP_STARTTLS },
		{ "S8 longer", "STARTTLSX", 0 },
		{ "S8 shorter", "STARTTL", 0 },
		{ "S8 parameter", "STARTTLS REQUIRED", SMTP_STARTTLS },
		{ "S8 space behind", "STARTTLS ", SMTP_STARTTLS },
		{ "S8 equals sign", "STARTTLS=1", 0 },
		{ "S8 not the first word", "AUTH STARTTLS", 0 },
		{ "S8 space in front", " STARTTLS", 0 },
		{ "S9", "XXXXXXXA", SMTP_STRIPPED },
		{ "S9 X's alone", "XXXXXXXX", SMTP_STRIPPED },
		{ "S9 another last letter", "XXXXXXXB", SMTP_STRIPPED },
		{ "S9 lower case", "XXXXXXXz", SMTP_STRIPPED },
		{ "S9 four", "XXXX", SMTP_STRIPPED },
		{ "S9 four and a letter", "XXXXQ", SMTP_STRIPPED },
		{ "S9 three", "XXX", 0 },
		{ "S9 three and a letter", "XXXA", 0 },
		{ "S9 two letters", "XXXXXXAB", 0 },
		{ "S9 a digit", "XXXXXXX1", 0 },
		{ "S9 before the letters", "XXXXXXX@", 0 },
		{ "S9 between the letters", "XXXXXXX[", 0 },
		{ "S9 behind the letters", "XXXXXXX{", 0 },
		{ "S9 x", "xxxxxxxa", 0 },
		{ "S9 an extension (RFC 6409)", "XCLIENT NAME ADDR", 0 },
		{ "PIPELINING", "Pipelining", SMTP_PIPELINING },
		{ "REQUIRETLS (RFC 8689)", "REQUIRETLS", SMTP_REQUIRETLS },
		{ "others", "SIZE 52428800", 0 },
		{ "nothing", "", 0 },
	};
	struct smtp_reply reply;
	char bytes[256];
	size_t taken;

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		int length = snprintf(bytes, sizeof bytes,
		    "250-mx.example.com\r\n250-%s\r\n250 HELP\r\n",
		    rows[i].line);

		assert_int_equal(read_reply(&reply, bytes, (size_t)length,
		    &taken), DONE);
		if (reply.capabilities != rows[i].found)
			fail_msg("%s: %u", rows[i].rule, reply.capabilities);
		/* The same on the last line, and never on the first (S7). */
		length = snprintf(bytes, sizeof bytes, "250-%s\r\n250 %s\r\n",
		    "STARTTLS", rows[i].line);
		read_reply(&reply, bytes, (size_t)length, &taken);
		if (reply.capabilities != rows[i].found)
			fail_msg("last line, %s: %u", rows[i].rule,
			    reply.capabilities);
	}
	assert_int_equal(read_reply(&reply, BYTES("250-a\r\n250-STARTTLS\r\n"
	    "250-PIPELINING\r\n250-XXXXXXXA\r\n250 REQUIRETLS\r\n"), &taken),
	    DONE);
	assert_int_equal(reply.capabilities, SMTP_STARTTLS | SMTP_STRIPPED |
	    SMTP_PIPELINING | SMTP_REQUIRETLS);
	/* S7: a keyword on the first line is not a capability. */
	assert_int_equal(read_reply(&reply, BYTES("250 STARTTLS\r\n"), &taken),
	    DONE);
	assert_int_equal(reply.capabilities, 0);
}

/* One line of so many bytes, its end included. */
static enum smtp_reply_status
read_line(struct smtp_reply *reply, size_t length, const char *end)
{
	char *bytes = malloc(length);
	enum smtp_reply_status status;
	size_t taken;

	assert_non_null(bytes);
	memset(bytes, 'a', length);
	memcpy(bytes, "250 ", 4);
	memcpy(bytes + length - strlen(end), end, strlen(end));
	status = read_reply(reply, bytes, length, &taken);
	assert_int_equal(taken, length < 4096 ? length : 4096);
	free(bytes);
	return status;
}

static void
line_bound(void **state)
{
	struct smtp_reply reply;

	(void)state;
	/* RFC 5321 4.5.3.1.5: 512 bytes with code and CRLF. */
	assert_int_equal(read_line(&reply, 512, "\r\n"), DONE);
	assert_int_equal(reply.flags, 0);
	assert_int_equal(read_line(&reply, 513, "\r\n"), DONE);
	assert_int_equal(reply.flags, SMTP_REPLY_LONG);
	assert_int_equal(read_line(&reply, 513, "\n"), DONE);
	assert_int_equal(reply.flags, SMTP_REPLY_LONG | SMTP_REPLY_BARE_LF);
	/* S1. */
	assert_int_equal(read_line(&reply, 4096, "\r\n"), DONE);
	assert_int_equal(reply.flags, SMTP_REPLY_LONG);
	assert_int_equal(read_line(&reply, 4097, "\r\n"), ERROR);
	assert_int_equal(read_line(&reply, 9000, "\r\n"), ERROR);
	assert_int_equal(read_line(&reply, 4095, ""), MORE);
	/* The text that is kept is the first of it. */
	assert_int_equal(read_line(&reply, 4 + 1024 + 2, "\r\n"), DONE);
	assert_int_equal(reply.text_length, SMTP_REPLY_TEXT_MAX);
	assert_int_equal(read_line(&reply, 4 + 1023 + 2, "\r\n"), DONE);
	assert_int_equal(reply.text_length, SMTP_REPLY_TEXT_MAX - 1);
}

/* A reply of so many lines of so many bytes each. */
static enum smtp_reply_status
read_lines(struct smtp_reply *reply, size_t lines, size_t line_length)
{
	size_t length = lines * line_length, taken;
	char *bytes = malloc(length);
	enum smtp_reply_status status;

	assert_non_null(bytes);
	memset(bytes, 'a', length);
	for (size_t i = 0; i < lines; i++) {
		char *line = bytes + i * line_length;

		memcpy(line, i + 1 < lines ? "250-" : "250 ", 4);
		memcpy(line + line_length - 2, "\r\n", 2);
	}
	status = read_reply(reply, bytes, length, &taken);
	free(bytes);
	return status;
}

/* S3: 100 lines or 64 KiB in one reply. */
static void
reply_bounds(void **state)
{
	struct smtp_reply reply;

	(void)state;
	assert_int_equal(read_lines(&reply, 99, 10), DONE);
	assert_int_equal(reply.lines, 99);
	assert_int_equal(read_lines(&reply, 100, 10), ERROR);
	assert_int_equal(read_lines(&reply, 200, 10), ERROR);
	/* 17 lines of 3855 bytes are 65535, 16 of 4096 are 65536. */
	assert_int_equal(read_lines(&reply, 17, 3855), DONE);
	assert_int_equal(reply.bytes, 65535);
	assert_int_equal(reply.text_length, SMTP_REPLY_TEXT_MAX);
	assert_int_equal(read_lines(&reply, 16, 4096), ERROR);
}

/* The text that is kept: joined by line ends, cut where it is full. */
static void
kept_text(void **state)
{
	struct smtp_reply reply;

	(void)state;
	/* 60 lines of 16 bytes, with line ends 60 * 17 - 1 bytes. */
	assert_int_equal(read_lines(&reply, 60, 22), DONE);
	assert_int_equal(reply.text_length, 60 * 17 - 1);
	assert_int_equal(reply.text[16], '\n');
	assert_int_equal(reply.text[17], 'a');
	assert_int_equal(read_lines(&reply, 61, 22), DONE);
	assert_int_equal(reply.text_length, SMTP_REPLY_TEXT_MAX);
	assert_int_equal(read_lines(&reply, 80, 22), DONE);
	assert_int_equal(reply.text_length, SMTP_REPLY_TEXT_MAX);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(replies),
		cmocka_unit_test(takes_no_more),
		cmocka_unit_test(keywords),
		cmocka_unit_test(line_bound),
		cmocka_unit_test(reply_bounds),
		cmocka_unit_test(kept_text),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}

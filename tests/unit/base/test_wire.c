/* Numbers and counted bytes as wire.h says: little-endian, and no read past the
 * end. Inputs are copied to the end of fresh memory, so that a sanitizer sees
 * an overread. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "scanner/base/wire.h"

#define COUNT(array) (sizeof (array) / sizeof (array)[0])
#define BYTES(literal) literal, sizeof literal - 1

static struct wire
open_wire(const void *bytes, size_t length)
{
	uint8_t *copy = malloc(length != 0 ? length : 1);

	assert_non_null(copy);
	memcpy(copy, bytes, length);
	return (struct wire){ copy, copy + length, false };
}

static void
numbers(void **state)
{
	static const struct {
		uint64_t number;
		unsigned bytes;
		const char *written;
	} rows[] = {
		{ 0, 1, "\0" }, { 255, 1, "\xff" }, { 0x0102, 2, "\2\1" },
		{ UINT32_MAX, 4, "\xff\xff\xff\xff" },
		{ 0x01020304, 4, "\4\3\2\1" },
		{ 0x0102030405060708, 8, "\10\7\6\5\4\3\2\1" },
		{ UINT64_MAX, 8, "\xff\xff\xff\xff\xff\xff\xff\xff" },
		{ (uint64_t)INT64_MIN, 8, "\0\0\0\0\0\0\0\x80" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct buffer buffer = { 0 };
		struct wire wire;

		wire_put_number(&buffer, rows[i].number, rows[i].bytes);
		assert_int_equal(buffer.length, rows[i].bytes);
		assert_memory_equal(buffer.bytes, rows[i].written,
		    rows[i].bytes);
		wire = open_wire(buffer.bytes, buffer.length);
		assert_true(wire_number(&wire, rows[i].bytes) ==
		    rows[i].number);
		assert_false(wire.failed);
		assert_ptr_equal(wire.at, wire.end);
		free((void *)(uintptr_t)(wire.at - rows[i].bytes));
		buffer_fini(&buffer);
	}
}

/* One byte too few at each width, and all that follows is zero or empty. */
static void
short_numbers(void **state)
{
	static const unsigned widths[] = { 1, 2, 4, 8 };
	static const uint8_t ones[8] = { 1, 1, 1, 1, 1, 1, 1, 1 };

	(void)state;
	for (size_t i = 0; i < COUNT(widths); i++) {
		struct wire wire = open_wire(ones, widths[i] - 1);
		const uint8_t *start = wire.at;
		size_t length = 7;

		assert_true(wire_number(&wire, widths[i]) == 0);
		assert_true(wire.failed);
		assert_ptr_equal(wire.at, start);
		/* A byte would be there. */
		assert_true(wire_number(&wire, 1) == 0);
		assert_null(wire_bytes(&wire, &length));
		assert_int_equal(length, 0);
		assert_string_equal(wire_text(&wire), "");
		free((void *)(uintptr_t)start);
	}
}

static void
counted_bytes(void **state)
{
	static const struct {
		const char *what, *input;
		size_t input_length;
		bool good;
		size_t length;
	} rows[] = {
		{ "none", BYTES("\0\0\0\0"), true, 0 },
		{ "three with a NUL", BYTES("\3\0\0\0a\0b"), true, 3 },
		{ "more follow", BYTES("\1\0\0\0ab"), true, 1 },
		{ "one is missing", BYTES("\3\0\0\0ab"), false, 0 },
		{ "count is cut", BYTES("\3\0\0"), false, 0 },
		{ "greatest count", BYTES("\xff\xff\xff\xff" "ab"), false, 0 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct wire wire = open_wire(rows[i].input,
		    rows[i].input_length);
		const uint8_t *start = wire.at, *bytes;
		size_t length;

		bytes = wire_bytes(&wire, &length);
		if (wire.failed == rows[i].good || length != rows[i].length)
			fail_msg("%s", rows[i].what);
		if (rows[i].good)
			assert_ptr_equal(bytes, start + 4);
		else
			assert_null(bytes);
		if (rows[i].good)
			assert_ptr_equal(wire.at, start + 4 + length);
		free((void *)(uintptr_t)start);
	}
}

static void
texts(void **state)
{
	static const struct {
		const char *what, *input;
		size_t input_length;
		const char *text;	/* NULL: a fault */
	} rows[] = {
		{ "empty", BYTES("\1\0\0\0\0"), "" },
		{ "a text", BYTES("\4\0\0\0abc\0"), "abc" },
		{ "no byte, not even a NUL", BYTES("\0\0\0\0"), NULL },
		{ "no NUL", BYTES("\3\0\0\0abc"), NULL },
		{ "the NUL is not counted", BYTES("\3\0\0\0abc\0"), NULL },
		{ "NUL in the middle", BYTES("\4\0\0\0a\0b\0"), NULL },
		{ "two at the end", BYTES("\4\0\0\0ab\0\0"), NULL },
		{ "cut", BYTES("\4\0\0\0abc"), NULL },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct wire wire = open_wire(rows[i].input,
		    rows[i].input_length);
		const uint8_t *start = wire.at;
		const char *text = wire_text(&wire);

		if (wire.failed != (rows[i].text == NULL) ||
		    strcmp(text, rows[i].text != NULL ? rows[i].text : ""))
			fail_msg("%s", rows[i].what);
		free((void *)(uintptr_t)start);
	}
}

static void
written_texts(void **state)
{
	struct buffer buffer = { 0 };

	(void)state;
	wire_put_text(&buffer, "ab");
	wire_put_text(&buffer, "");
	wire_put_bytes(&buffer, "\0x", 2);
	wire_put_bytes(&buffer, NULL, 0);
	assert_int_equal(buffer.length, 7 + 5 + 6 + 4);
	assert_memory_equal(buffer.bytes, "\3\0\0\0ab\0" "\1\0\0\0\0"
	    "\2\0\0\0\0x" "\0\0\0\0", buffer.length);
	buffer_fini(&buffer);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers), cmocka_unit_test(short_numbers),
		cmocka_unit_test(counted_bytes), cmocka_unit_test(texts),
		cmocka_unit_test(written_texts),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}

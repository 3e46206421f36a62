/* Bytes that grow: what buffer.h says, over several reallocations. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <string.h>

#include "scanner/base/buffer.h"

static void
growth(void **state)
{
	struct buffer buffer = { 0 };

	(void)state;
	for (unsigned i = 0; i < 100000; i++)
		buffer_append_byte(&buffer, (uint8_t)(i % 251));
	assert_int_equal(buffer.length, 100000);
	assert_true(buffer.size >= buffer.length);
	for (unsigned i = 0; i < 100000; i++)
		if (buffer.bytes[i] != i % 251)
			fail_msg("byte %u", i);
	buffer_fini(&buffer);
	assert_null(buffer.bytes);
	assert_int_equal(buffer.length, 0);
	/* And it can be used again. */
	buffer_append_text(&buffer, "again");
	assert_string_equal(buffer_text(&buffer), "again");
	buffer_fini(&buffer);
}

/* A reservation is room, not length; and it may be larger than a doubling. */
static void
reserve(void **state)
{
	struct buffer buffer = { 0 };
	uint8_t *place;

	(void)state;
	buffer_append(&buffer, "abc", 3);
	place = buffer_reserve(&buffer, 5000);
	assert_ptr_equal(place, buffer.bytes + 3);
	assert_true(buffer.size >= 5003);
	assert_int_equal(buffer.length, 3);
	memset(place, 'x', 5000);
	assert_memory_equal(buffer.bytes, "abc", 3);
	place = buffer_reserve(&buffer, 0);
	assert_ptr_equal(place, buffer.bytes + 3);
	buffer_append(&buffer, NULL, 0);
	assert_int_equal(buffer.length, 3);
	buffer_fini(&buffer);
}

static void
consume(void **state)
{
	struct buffer buffer = { 0 };

	(void)state;
	buffer_append_text(&buffer, "abcdef");
	buffer_consume(&buffer, 0);
	assert_string_equal(buffer_text(&buffer), "abcdef");
	buffer_consume(&buffer, 2);
	assert_string_equal(buffer_text(&buffer), "cdef");
	buffer_consume(&buffer, 4);
	assert_int_equal(buffer.length, 0);
	assert_string_equal(buffer_text(&buffer), "");
	buffer_fini(&buffer);
}

static void
texts(void **state)
{
	struct buffer buffer = { 0 };
	char wide[2000];

	(void)state;
	/* Of an empty buffer too. */
	assert_string_equal(buffer_text(&buffer), "");
	assert_int_equal(buffer.length, 0);
	memset(wide, 'w', sizeof wide);
	wide[sizeof wide - 1] = '\0';
	buffer_printf(&buffer, "%d,%s,", -7, wide);
	buffer_printf(&buffer, "%s", "");
	/* The NUL that printf writes is not counted. */
	assert_int_equal(buffer.length, 3 + sizeof wide - 1 + 1);
	assert_memory_equal(buffer.bytes, "-7,w", 4);
	assert_int_equal(buffer.bytes[buffer.length - 1], ',');
	buffer_fini(&buffer);
	/* A text that fills its memory to the byte gets room for the NUL. */
	for (size_t length = 120; length < 140; length++) {
		for (size_t i = 0; i < length; i++)
			buffer_append_byte(&buffer, 'a');
		assert_int_equal(strlen(buffer_text(&buffer)), length);
		assert_int_equal(buffer.length, length);
		buffer_fini(&buffer);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(growth), cmocka_unit_test(reserve),
		cmocka_unit_test(consume), cmocka_unit_test(texts),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}

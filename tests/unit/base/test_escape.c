/* Every byte of a stranger is shown as itself or as \xHH, and can be read back. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "scanner/base/buffer.h"
#include "scanner/base/escape.h"

/* docs/schema.md: printable ASCII but the backslash stays. */
static void
every_byte(void **state)
{
	(void)state;
	for (int byte = 0; byte < 256; byte++) {
		const char bytes[] = { 'a', (char)byte, 'z' };
		struct buffer buffer = { 0 };
		char wanted[16];

		snprintf(wanted, sizeof wanted, byte >= 0x20 && byte <= 0x7e &&
		    byte != 0x5c ? "a%cz" : "a\\x%02xz", byte);
		escape_append(&buffer, bytes, sizeof bytes);
		assert_string_equal(buffer_text(&buffer), wanted);
		buffer.length = 0;
		snprintf(wanted, sizeof wanted, "\\x%02x", byte);
		escape_append_byte(&buffer, (uint8_t)byte);
		assert_string_equal(buffer_text(&buffer), wanted);
		buffer_fini(&buffer);
	}
}

static void
texts(void **state)
{
	static const struct { const char *text; size_t length; const char *wanted;
	} rows[] = {
		{ "", 0, "<" },
		{ "plain text ~", 12, "<plain text ~" },
		{ "\033[2J", 4, "<\\x1b[2J" },
		{ "\\x41", 4, "<\\x5cx41" },
		{ "\0\r\n\xff", 4, "<\\x00\\x0d\\x0a\\xff" },
		{ "a\0b", 3, "<a\\x00b" },
		{ "not all of it", 3, "<not" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct buffer buffer = { 0 };

		/* What the buffer has stays before it. */
		buffer_append_byte(&buffer, '<');
		escape_append(&buffer, rows[i].text, rows[i].length);
		assert_string_equal(buffer_text(&buffer), rows[i].wanted);
		assert_int_equal(buffer.length, strlen(rows[i].wanted));
		buffer_fini(&buffer);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_byte), cmocka_unit_test(texts),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* The Certificate message of TLS 1.2 and 1.3, byte by byte (RFC 5246 7.4.2,
 * RFC 8446 4.4.2). */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "parsers/certificate_message.h"

#define BYTES(text) text, sizeof text - 1

/* The certificates of the message, one behind the other, by '|'; NULL where
 * it, or its list, is broken. */
static const char *
read_message(const char *bytes, size_t length, bool is_tls_1_3)
{
	static char text[256];
	struct certificate_message message;
	/* Memory of the exact size, so that an overread is seen. */
	uint8_t *copy = malloc(length != 0 ? length : 1);
	const uint8_t *der;
	size_t at = 0, der_length;
	int more = -1;

	assert_non_null(copy);
	memcpy(copy, bytes, length);
	if (certificate_message_open(&message, copy, length, is_tls_1_3))
		while ((more = certificate_message_next(&message, &der,
		    &der_length)) == 1) {
			assert_in_range(der_length, 1, 16);
			memcpy(text + at, der, der_length);
			at += der_length;
			text[at++] = '|';
		}
	text[at] = '\0';
	free(copy);
	return more == 0 ? text : NULL;
}

static const struct {
	const char	*what, *bytes;
	size_t		 length;
	bool		 is_tls_1_3;
	const char	*expected;
} rows[] = {
	{ "1.2, none", BYTES("\x0b\0\0\3\0\0\0"), false, "" },
	{ "1.2, one", BYTES("\x0b\0\0\x08\0\0\5\0\0\2ab"), false, "ab|" },
	{ "1.2, two", BYTES("\x0b\0\0\x0c\0\0\x09\0\0\2ab\0\0\1c"), false,
	    "ab|c|" },
	{ "1.3, none", BYTES("\x0b\0\0\4\0\0\0\0"), true, "" },
	{ "1.3, one", BYTES("\x0b\0\0\x0b\0\0\0\7\0\0\2ab\0\0"), true, "ab|" },
	{ "1.3, a context", BYTES("\x0b\0\0\x0c\1x\0\0\7\0\0\2ab\0\0"), true,
	    "ab|" },
	{ "1.3, extensions", BYTES("\x0b\0\0\x13\0\0\0\x0f\0\0\2ab\0\2xy\0\0\1c"
	    "\0\0"), true, "ab|c|" },
	{ "nothing", BYTES(""), false, NULL },
	{ "another message", BYTES("\x0c\0\0\x08\0\0\5\0\0\2ab"), false, NULL },
	{ "no list", BYTES("\x0b\0\0\0"), false, NULL },
	{ "1.3, no context", BYTES("\x0b\0\0\0"), true, NULL },
	{ "1.3, a context that ends outside", BYTES("\x0b\0\0\4\4\0\0\0"), true,
	    NULL },
	{ "a byte behind the message", BYTES("\x0b\0\0\3\0\0\0x"), false,
	    NULL },
	{ "a byte behind the list", BYTES("\x0b\0\0\4\0\0\0x"), false, NULL },
	{ "an empty certificate", BYTES("\x0b\0\0\6\0\0\3\0\0\0"), false,
	    NULL },
	{ "a certificate that ends outside",
	    BYTES("\x0b\0\0\x08\0\0\5\0\0\3ab"), false, NULL },
	{ "1.3, extensions that end outside", BYTES("\x0b\0\0\x0b\0\0\0\7\0\0\2"
	    "ab\0\1"), true, NULL },
	{ "a length of three bytes", BYTES("\x0b\0\0\x08\0\0\5\1\0\2ab"), false,
	    NULL },
};

static void
messages(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		const char *got = read_message(rows[i].bytes, rows[i].length,
		    rows[i].is_tls_1_3);

		if ((got == NULL) != (rows[i].expected == NULL) ||
		    (got != NULL && strcmp(got, rows[i].expected) != 0))
			fail_msg("%s: %s", rows[i].what, got != NULL ? got
			    : "broken");
	}
}

/* A sound one that ends too early is broken, wherever it ends. */
static void
cut(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		for (size_t length = 0; rows[i].expected != NULL &&
		    length < rows[i].length; length++)
			assert_null(read_message(rows[i].bytes, length,
			    rows[i].is_tls_1_3));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(messages), cmocka_unit_test(cut),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "scanner/base/escape.h"

#include <stdbool.h>

static bool
is_printable(uint8_t byte)
{
	return byte >= ' ' && byte <= '~';
}

void
escape_append(struct buffer *out, const void *bytes, size_t length)
{
	const uint8_t *byte = bytes;

	for (; length > 0; length--, byte++) {
		if (is_printable(*byte) && *byte != '\\')
			buffer_append_byte(out, *byte);
		else
			buffer_printf(out, "\\x%02x", *byte);
	}
}

static void
print(FILE *out, const uint8_t *byte, size_t length, bool has_escapes)
{
	for (; length > 0; length--, byte++) {
		if (is_printable(*byte) && (has_escapes || *byte != '\\'))
			putc(*byte, out);
		else
			fprintf(out, "\\x%02x", *byte);
	}
}

void
escape_print(FILE *out, const void *bytes, size_t length)
{
	print(out, bytes, length, false);
}

void
escape_print_column(FILE *out, const void *bytes, size_t length)
{
	print(out, bytes, length, true);
}

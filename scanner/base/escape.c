#include "scanner/base/escape.h"

#include <stdbool.h>

#include "scanner/base/buffer.h"

static bool
is_printable(uint8_t byte)
{
	return byte >= ' ' && byte <= '~';
}

static bool
is_plain(uint8_t byte)
{
	return is_printable(byte) && byte != '\\';
}

void
escape_append_byte(struct buffer *buffer, uint8_t byte)
{
	static const char hex[] = "0123456789abcdef";

	buffer_append(buffer, (char[]){ '\\', 'x', hex[byte >> 4],
	    hex[byte & 15] }, 4);
}

void
escape_append(struct buffer *buffer, const void *bytes, size_t length)
{
	const uint8_t *byte = bytes, *end = byte + length;

	while (byte < end) {
		const uint8_t *plain = byte;

		while (byte < end && is_plain(*byte))
			byte++;
		buffer_append(buffer, plain, (size_t)(byte - plain));
		if (byte < end)
			escape_append_byte(buffer, *byte++);
	}
}

static void
print(FILE *out, const uint8_t *byte, size_t length, bool has_escapes)
{
	for (; length > 0; length--, byte++) {
		if (has_escapes ? is_printable(*byte) : is_plain(*byte))
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

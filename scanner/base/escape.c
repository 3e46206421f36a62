#include "scanner/base/escape.h"

#include <stdbool.h>

#include "scanner/base/buffer.h"

static bool
is_plain(char byte)
{
	return byte >= ' ' && byte <= '~' && byte != '\\';
}

void
escape_append_byte(struct buffer *buffer, uint8_t byte)
{
	static const char hex[] = "0123456789abcdef";

	buffer_append(buffer, (char[]){ '\\', 'x', hex[byte >> 4],
	    hex[byte & 15] }, 4);
}

void
escape_append(struct buffer *buffer, const char *bytes, size_t length)
{
	const char *end = bytes + length;

	while (bytes < end) {
		const char *plain = bytes;

		while (bytes < end && is_plain(*bytes))
			bytes++;
		buffer_append(buffer, plain, (size_t)(bytes - plain));
		if (bytes < end)
			escape_append_byte(buffer, (uint8_t)*bytes++);
	}
}

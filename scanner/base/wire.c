#include "scanner/base/wire.h"

#include <string.h>

void
wire_put_bytes(struct buffer *buffer, const void *bytes, size_t length)
{
	wire_put_number(buffer, length, 4);
	buffer_append(buffer, bytes, length);
}

void
wire_put_text(struct buffer *buffer, const char *text)
{
	wire_put_bytes(buffer, text, strlen(text) + 1);
}

const uint8_t *
wire_bytes(struct wire *wire, size_t *length)
{
	const uint8_t *bytes;

	*length = (size_t)wire_number(wire, 4);
	if (wire->failed || (size_t)(wire->end - wire->at) < *length) {
		wire->failed = true;
		*length = 0;
		return NULL;
	}
	bytes = wire->at;
	wire->at += *length;
	return bytes;
}

const char *
wire_text(struct wire *wire)
{
	size_t length;
	const uint8_t *bytes = wire_bytes(wire, &length);

	if (bytes == NULL || length == 0 ||
	    memchr(bytes, '\0', length) != bytes + length - 1) {
		wire->failed = true;
		return "";
	}
	return (const char *)bytes;
}

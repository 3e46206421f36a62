#include "scanner/base/wire.h"

#include <endian.h>
#include <string.h>

void
wire_put_number(struct buffer *buffer, uint64_t number, unsigned bytes)
{
	/* All eight are written; those that are not meant are not counted. */
	uint8_t *to = buffer_reserve(buffer, sizeof number);

	number = htole64(number);
	memcpy(to, &number, sizeof number);
	buffer->length += bytes;
}

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

uint64_t
wire_number(struct wire *wire, unsigned bytes)
{
	size_t left = (size_t)(wire->end - wire->at);
	uint64_t number = 0;

	if (wire->failed || left < bytes) {
		wire->failed = true;
		return 0;
	}
	if (left >= sizeof number && bytes > 0) {
		memcpy(&number, wire->at, sizeof number);
		wire->at += bytes;
		return le64toh(number) & UINT64_MAX >> (64 - 8 * bytes);
	}
	for (unsigned i = 0; i < bytes; i++)
		number |= (uint64_t)wire->at[i] << (8 * i);
	wire->at += bytes;
	return number;
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

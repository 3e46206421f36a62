/*
 * wire: how the coordinator's items and the messages between processes are
 * written and read: fixed little-endian numbers and counted bytes.
 *
 * Reading never runs past the end. The first fault sets `failed`, and
 * everything read after it is zero or empty, so a reader only needs to check
 * once, at its end.
 */
#ifndef MXCENSUS_BASE_WIRE_H
#define MXCENSUS_BASE_WIRE_H

#include <endian.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "scanner/base/buffer.h"

/* These two are inline, because their callers know how many bytes there are. */
static inline void
wire_put_number(struct buffer *buffer, uint64_t number, unsigned bytes)
{
	/* All eight bytes are written, but only those of the number are
	 * counted. */
	uint8_t *to = buffer_reserve(buffer, sizeof number);

	number = htole64(number);
	memcpy(to, &number, sizeof number);
	buffer->length += bytes;
}
void	wire_put_bytes(struct buffer *, const void *bytes, size_t length);
void	wire_put_text(struct buffer *, const char *text);

struct wire {
	const uint8_t	*at, *end;
	bool		 failed;
};

static inline uint64_t
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
/* Reads counted bytes, which stay inside the input. NULL and 0 after a
 * fault. */
const uint8_t *wire_bytes(struct wire *, size_t *length);
/* Reads counted bytes that are a text with its NUL, inside the input. "" after
 * a fault, or if a NUL is anywhere but at the end. */
const char *wire_text(struct wire *);

#endif

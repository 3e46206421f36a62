/*
 * buffer: bytes that grow. The struct that embeds a buffer owns it. A zeroed
 * buffer is empty. The bytes move when it grows.
 */
#ifndef MXCENSUS_BASE_BUFFER_H
#define MXCENSUS_BASE_BUFFER_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct buffer {
	uint8_t	*bytes;
	size_t	 length;
	size_t	 size;
};

void	buffer_fini(struct buffer *);
/* Makes room for `more` bytes. Returns where they go. */
uint8_t	*buffer_grow(struct buffer *, size_t more);
static inline uint8_t *
buffer_reserve(struct buffer *buffer, size_t more)
{
	/* An empty buffer has no bytes. */
	return more < buffer->size - buffer->length
	    ? buffer->bytes + buffer->length : buffer_grow(buffer, more);
}
static inline void
buffer_append(struct buffer *buffer, const void *bytes, size_t length)
{
	if (length == 0)
		return;
	memcpy(buffer_reserve(buffer, length), bytes, length);
	buffer->length += length;
}
void	buffer_append_text(struct buffer *, const char *text);
static inline void
buffer_append_byte(struct buffer *buffer, uint8_t byte)
{
	*buffer_reserve(buffer, 1) = byte;
	buffer->length++;
}
void	buffer_printf(struct buffer *, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
/* Removes `length` bytes at the front. */
void	buffer_consume(struct buffer *, size_t length);
/* Returns the bytes as a string that ends in NUL (not counted in length). */
char	*buffer_text(struct buffer *);

#endif

#include "scanner/base/buffer.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scanner/base/memory.h"

void
buffer_fini(struct buffer *buffer)
{
	free(buffer->bytes);
	*buffer = (struct buffer){ 0 };
}

uint8_t *
buffer_grow(struct buffer *buffer, size_t more)
{
	size_t size = buffer->size;

	assert(more <= SIZE_MAX / 4 && buffer->length <= SIZE_MAX / 4);
	if (size == 0)
		size = 128;
	while (size - buffer->length < more)
		size *= 2;
	if (size != buffer->size) {
		buffer->bytes = xrealloc(buffer->bytes, size);
		buffer->size = size;
	}
	return buffer->bytes + buffer->length;
}

void
buffer_append_text(struct buffer *buffer, const char *text)
{
	buffer_append(buffer, text, strlen(text));
}

void
buffer_printf(struct buffer *buffer, const char *format, ...)
{
	va_list arguments;
	int length;

	va_start(arguments, format);
	length = vsnprintf(NULL, 0, format, arguments);
	va_end(arguments);
	assert(length >= 0);
	va_start(arguments, format);
	vsnprintf((char *)buffer_reserve(buffer, (size_t)length + 1),
	    (size_t)length + 1, format, arguments);
	va_end(arguments);
	buffer->length += (size_t)length;
}

void
buffer_consume(struct buffer *buffer, size_t length)
{
	assert(length <= buffer->length);
	buffer->length -= length;
	memmove(buffer->bytes, buffer->bytes + length, buffer->length);
}

char *
buffer_text(struct buffer *buffer)
{
	*buffer_reserve(buffer, 1) = '\0';
	return (char *)buffer->bytes;
}

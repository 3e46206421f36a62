#include "scanner/base/memory.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "scanner/base/log.h"

static void *
or_die(void *memory)
{
	if (memory == NULL) {
		log_line("out of memory");
		_exit(EXIT_MEMORY);
	}
	return memory;
}

void *
xmalloc(size_t size)
{
	return or_die(malloc(size != 0 ? size : 1));
}

void *
xcalloc(size_t count, size_t size)
{
	return or_die(calloc(count != 0 ? count : 1, size != 0 ? size : 1));
}

void *
xrealloc(void *old, size_t size)
{
	return or_die(realloc(old, size != 0 ? size : 1));
}

void *
xreallocarray(void *old, size_t count, size_t size)
{
	if (count == 0 || size == 0)
		count = size = 1;
	return or_die(reallocarray(old, count, size));
}

void *
xmemdup(const void *bytes, size_t size)
{
	void *copy = xmalloc(size);

	if (size != 0)
		memcpy(copy, bytes, size);
	return copy;
}

char *
xstrdup(const char *text)
{
	return xmemdup(text, strlen(text) + 1);
}

char *
xasprintf(const char *format, ...)
{
	va_list arguments;
	char *text;
	int length;

	va_start(arguments, format);
	length = vasprintf(&text, format, arguments);
	va_end(arguments);
	return or_die(length < 0 ? NULL : text);
}

#include "scanner/base/log.h"

#include <stdarg.h>
#include <stdio.h>

void
log_line(const char *format, ...)
{
	char line[2048];
	va_list arguments;
	int length;

	length = snprintf(line, sizeof line, "mxcensus: ");
	va_start(arguments, format);
	vsnprintf(line + length, sizeof line - (size_t)length, format,
	    arguments);
	va_end(arguments);
	/* One write a line: several processes share the terminal. */
	fprintf(stderr, "%s\n", line);
}

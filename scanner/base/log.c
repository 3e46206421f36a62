#include "scanner/base/log.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* How many columns of the terminal's last line log_live() has written. */
static int live_columns;

int
exit_status_unread(int error)
{
	return error == ENOENT || error == ENOTDIR ? EXIT_INPUT : EXIT_OUTPUT;
}

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
	/* Each line is one write, since several processes share the
	 * terminal. */
	if (live_columns > 0)
		fprintf(stderr, "\r%*s\r%s\n", live_columns, "", line);
	else
		fprintf(stderr, "%s\n", line);
	live_columns = 0;
}

void
log_live(const char *line)
{
	int columns = (int)strlen(line);
	int rest = live_columns > columns ? live_columns - columns : 0;

	if (columns > 0)
		fprintf(stderr, "\r%s%*s", line, rest, "");
	else if (live_columns > 0)
		fprintf(stderr, "\r%*s\r", live_columns, "");
	live_columns = columns;
}

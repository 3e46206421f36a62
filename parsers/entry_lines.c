#include "parsers/entry_lines.h"

#include <string.h>

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

void
entry_lines_init(struct entry_lines *lines, const char *text, size_t length)
{
	lines->at = text;
	lines->end = text + length;
	lines->line = 0;
}

/* Of the line [at, stop) what is neither comment nor blank. */
static const char *
trim(const char *at, const char *stop, size_t *length)
{
	const char *comment = memchr(at, '#', (size_t)(stop - at));

	if (comment != NULL)
		stop = comment;
	while (at < stop && is_blank(*at))
		at++;
	while (at < stop && is_blank(stop[-1]))
		stop--;
	*length = (size_t)(stop - at);
	return at;
}

bool
entry_lines_next(struct entry_lines *lines, const char **entry, size_t *length)
{
	while (lines->at < lines->end) {
		const char *at = lines->at, *stop = memchr(at, '\n',
		    (size_t)(lines->end - at));

		lines->at = stop != NULL ? stop + 1 : lines->end;
		lines->line++;
		*entry = trim(at, stop != NULL ? stop : lines->end, length);
		if (*length > 0)
			return true;
	}
	return false;
}

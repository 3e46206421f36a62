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
	*lines = (struct entry_lines){ .at = text, .end = text + length };
}

bool
entry_lines_next(struct entry_lines *lines)
{
	while (lines->at < lines->end) {
		const char *at = lines->at, *comment;
		const char *stop = memchr(at, '\n', (size_t)(lines->end - at));

		lines->line++;
		lines->at = stop != NULL ? stop + 1 : lines->end;
		if (stop == NULL)
			stop = lines->end;
		comment = memchr(at, '#', (size_t)(stop - at));
		if (comment != NULL)
			stop = comment;
		while (at < stop && is_blank(*at))
			at++;
		while (at < stop && is_blank(stop[-1]))
			stop--;
		lines->entry = at;
		lines->length = (size_t)(stop - at);
		if (lines->length > 0)
			return true;
	}
	return false;
}

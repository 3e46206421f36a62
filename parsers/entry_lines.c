#include "parsers/entry_lines.h"

#include <stdio.h>
#include <string.h>

#define SHOWN_MAX	100	/* how much of an entry a message quotes, in
				 * bytes */

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static bool
refuse_text(size_t line, const char *why, struct entry_fault *fault)
{
	fault->line = line;
	snprintf(fault->why, sizeof fault->why, "%s", why);
	return false;
}

bool
entry_lines_open(struct entry_lines *lines, const char *text, size_t length,
    struct entry_fault *fault)
{
	static const char mark[] = "\357\273\277";
	const char *end = text + length;
	size_t line = 1;

	if (length >= 3 && memcmp(text, mark, 3) == 0)
		text += 3;
	*lines = (struct entry_lines){ text, end, 0 };
	if (end - text >= 2 && (memcmp(text, "\377\376", 2) == 0 ||
	    memcmp(text, "\376\377", 2) == 0))
		return refuse_text(line, "this is UTF-16; write the file in "
		    "UTF-8", fault);
	for (; text < end; text++) {
		if (*text == '\0')
			return refuse_text(line, "there is a NUL byte; write "
			    "the file in UTF-8, not in UTF-16", fault);
		if (*text == '\r' && text + 1 < end && text[1] != '\n')
			return refuse_text(line, "a lone carriage return does "
			    "not end a line; end each with a line feed",
			    fault);
		line += *text == '\n';
	}
	return true;
}

bool
entry_lines_refuse(const struct entry_lines *lines, const char *entry,
    size_t length, const char *why, struct entry_fault *fault)
{
	char shown[SHOWN_MAX + 1];
	size_t i;

	/* A terminal shows the text, so it gets no control characters. */
	for (i = 0; i < length && i < SHOWN_MAX; i++)
		shown[i] = entry[i] < ' ' || entry[i] > '~' ? '?' : entry[i];
	shown[i] = '\0';
	fault->line = lines->line;
	snprintf(fault->why, sizeof fault->why, "%s: %s", shown, why);
	return false;
}

/* Finds the part of the line [at, stop) that is neither comment nor blank. */
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

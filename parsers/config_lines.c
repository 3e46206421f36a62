#include "parsers/config_lines.h"

#include <stdio.h>
#include <string.h>

#define NAME_LETTERS	"abcdefghijklmnopqrstuvwxyz" \
			"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_"
#define BLANKS		" \t"

/* What a backslash and a letter are in quotes, as pairs. */
static const char escapes[] = "\"\"\\\\n\nr\r";

static enum config_result
refuse(const struct config_lines *lines, const char *entry, const char *why,
    struct entry_fault *fault)
{
	const struct entry_lines place = { .line = lines->number };

	(void)entry_lines_refuse(&place, entry, strlen(entry), why, fault);
	return CONFIG_WRONG;
}

bool
config_lines_open(struct config_lines *lines, char *text, size_t length,
    struct entry_fault *fault)
{
	struct entry_lines checked;

	if (length > CONFIG_FILE_MAX) {
		fault->line = 1;
		snprintf(fault->why, sizeof fault->why, "the file is longer "
		    "than %d bytes", CONFIG_FILE_MAX);
		return false;
	}
	if (!entry_lines_open(&checked, text, length, fault))
		return false;
	/* It has skipped the byte order mark. */
	*lines = (struct config_lines){ text + (checked.at - text),
		text + length, 0 };
	return true;
}

/* Cuts off the next line, as a string. False at the end. */
static bool
next_line(struct config_lines *lines, char **line, size_t *length)
{
	char *stop;

	if (lines->at == lines->end)
		return false;
	*line = lines->at;
	stop = memchr(lines->at, '\n', (size_t)(lines->end - lines->at));
	lines->at = stop != NULL ? stop + 1 : lines->end;
	if (stop == NULL)
		stop = lines->end;
	if (stop > *line && stop[-1] == '\r')
		stop--;
	*stop = '\0';
	*length = (size_t)(stop - *line);
	lines->number++;
	return true;
}

/* Ends the value where a comment or the blanks before it begin. */
static void
cut_plain(char *value)
{
	char *stop = value;

	for (char *at = value; *at != '\0'; at++) {
		if (*at == '#' && (at == value || strchr(BLANKS, at[-1])))
			break;
		if (strchr(BLANKS, *at) == NULL)
			stop = at + 1;
	}
	*stop = '\0';
}

/* Reads in place what stands behind the first quote. False with the reason. */
static bool
cut_quoted(char *value, const char **why)
{
	char *to = value, *at = value;

	for (; *at != '"'; at++) {
		const char *escape = escapes;

		*why = "the quote does not end on this line";
		if (*at == '\0')
			return false;
		if (*at != '\\') {
			*to++ = *at;
			continue;
		}
		at++;
		while (*escape != '\0' && *escape != *at)
			escape += 2;
		*why = "in quotes, a backslash needs \", \\, n or r behind it";
		if (*escape == '\0')
			return false;
		*to++ = escape[1];
	}
	at++;
	at += strspn(at, BLANKS);
	*to = '\0';
	*why = "there is something behind the quote";
	return *at == '\0' || *at == '#';
}

static enum config_result
read_value(const struct config_lines *lines, struct config_line *line,
    char *value, struct entry_fault *fault)
{
	const char *why = "there is no value behind =; \"\" is an empty one";

	value += strspn(value, BLANKS);
	line->value = value;
	if (*value == '"') {
		line->value = ++value;
		return cut_quoted(value, &why) ? CONFIG_LINE
		    : refuse(lines, line->name, why, fault);
	}
	/* A # behind the blanks after = begins a comment. */
	cut_plain(value);
	return *value != '\0' ? CONFIG_LINE
	    : refuse(lines, line->name, why, fault);
}

static enum config_result
read_line(const struct config_lines *lines, struct config_line *line, char *at,
    struct entry_fault *fault)
{
	size_t length = strspn(at, NAME_LETTERS);
	char *next = at + length + strspn(at + length, BLANKS);
	bool has_blank = next > at + length;

	*line = (struct config_line){ lines->number, at, NULL };
	if (length == 0 || (!has_blank && *next != '\0' && *next != '='))
		return refuse(lines, at, "a line is NAME = VALUE; # begins a "
		    "comment", fault);
	if (*at == '-')
		return refuse(lines, at, "write the name of the option without "
		    "its hyphens", fault);
	if (*next != '\0' && *next != '=' && *next != '#')
		return refuse(lines, at, "put a = between name and value",
		    fault);
	if (*next != '=') {
		at[length] = '\0';
		return CONFIG_LINE;
	}
	at[length] = '\0';
	return read_value(lines, line, next + 1, fault);
}

enum config_result
config_lines_next(struct config_lines *lines, struct config_line *line,
    struct entry_fault *fault)
{
	size_t length;
	char *at;

	while (next_line(lines, &at, &length)) {
		if (length > CONFIG_LINE_MAX) {
			fault->line = lines->number;
			snprintf(fault->why, sizeof fault->why, "the line is "
			    "longer than %d bytes", CONFIG_LINE_MAX);
			return CONFIG_WRONG;
		}
		at += strspn(at, BLANKS);
		if (*at != '\0' && *at != '#')
			return read_line(lines, line, at, fault);
	}
	return CONFIG_END;
}

static bool
needs_quotes(const char *value)
{
	size_t length = strlen(value);

	return length == 0 || strchr("\"#" BLANKS, value[0]) != NULL ||
	    strchr(BLANKS, value[length - 1]) != NULL ||
	    strpbrk(value, "\r\n") != NULL || strstr(value, " #") != NULL ||
	    strstr(value, "\t#") != NULL;
}

void
config_value_write(struct buffer *out, const char *value)
{
	if (!needs_quotes(value)) {
		buffer_append_text(out, value);
		return;
	}
	buffer_append_byte(out, '"');
	for (; *value != '\0'; value++) {
		const char *escape = escapes;

		while (*escape != '\0' && escape[1] != *value)
			escape += 2;
		if (*escape != '\0')
			buffer_append_byte(out, '\\');
		buffer_append_byte(out, (uint8_t)(*escape != '\0' ? *escape
		    : *value));
	}
	buffer_append_byte(out, '"');
}

/* input_tell: finds out the format of an input from its first bytes (RULES I6,
 * I10, I16). */
#include <string.h>
#include <strings.h>

#include "parsers/packed_file.h"
#include "scanner/input/input_kinds.h"

const char *
input_refuse(const uint8_t *bytes, size_t length)
{
	/* The bytes have been unpacked once. */
	if (length >= 2 && memcmp(bytes, "\037\213", 2) == 0)
		return "this is gzip inside gzip: unpack it once, with "
		    "gzip -dk";
	return packed_file_what(bytes, length);
}

/* Zone files ************************************************************** */

struct word {
	const char	*text;
	size_t		 length;
};

static bool
is_word(const struct word *word, const char *text)
{
	return word->length == strlen(text) &&
	    strncasecmp(word->text, text, word->length) == 0;
}

static size_t
split(const char *line, size_t length, struct word *words, size_t most)
{
	size_t count = 0, i = 0;

	while (i < length && count < most) {
		while (i < length && strchr(" \t\r(", line[i]) != NULL)
			i++;
		if (i == length)
			break;
		words[count].text = line + i;
		while (i < length && strchr(" \t\r(", line[i]) == NULL)
			i++;
		words[count].length = (size_t)(line + i - words[count].text);
		count++;
	}
	return count;
}

/* Is it a record? A record has a type and its data after owner, TTL and class,
 * in any order. */
static bool
is_record(const char *line, size_t length)
{
	static const char *const types[] = {
		"SOA", "NS", "DS", "A", "AAAA", "RRSIG", "NSEC", "NSEC3",
		"DNSKEY", "NSEC3PARAM", "TXT", "MX", "CNAME",
	};
	struct word words[5];
	size_t count = split(line, length, words, 5);
	/* The owner can be blank; then it is the owner of the previous
	 * record. */
	size_t first = line[0] == ' ' || line[0] == '\t' ? 0 : 1;

	for (size_t i = first; i + 1 < count; i++)
		for (size_t t = 0; t < sizeof types / sizeof types[0]; t++)
			if (is_word(&words[i], types[t]))
				return true;
	return false;
}

/* JSON ******************************************************************** */

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* Does the first object itself, not an object inside it, have this member? The
 * text may be cut off. */
static bool
has_member(const char *text, const char *end, const char *name)
{
	size_t depth = 0, length = strlen(name);
	const char *string;

	for (; text < end; text++) {
		if (*text == '{' || *text == '[')
			depth++;
		else if (*text == '}' || *text == ']')
			depth--;
		if (depth == 0)
			return false;
		if (*text != '"')
			continue;
		string = ++text;
		while (text < end && *text != '"')
			text += *text == '\\' && text + 1 < end ? 2 : 1;
		if (text >= end)
			return false;
		if (depth == 1 && (size_t)(text - string) == length &&
		    memcmp(string, name, length) == 0)
			return true;
	}
	return false;
}

static enum input_format
tell_object(const char *text, const char *end)
{
	if (has_member(text, end, "policies"))
		return INPUT_POLICY;
	return has_member(text, end, "domain") || has_member(text, end, "name")
	    ? INPUT_JSON : INPUT_POLICY;
}

/* It is an array, not an address in brackets: what follows is a string, an
 * object or the end. */
static bool
is_array(const char *text, const char *end)
{
	for (text++; text < end && is_blank(*text); text++)
		;
	return text == end || *text == '"' || *text == '{' || *text == ']';
}

/* Telling ***************************************************************** */

/* `12,example.com` alone and without quotes: a list with ranks. */
static bool
is_ranked(const char *line, size_t length)
{
	size_t digits = 0;

	while (digits < length && line[digits] >= '0' && line[digits] <= '9')
		digits++;
	return digits > 0 && digits < length && line[digits] == ',' &&
	    memchr(line + digits + 1, ',', length - digits - 1) == NULL &&
	    memchr(line, '"', length) == NULL;
}

/* A record has its type in front of the first comma or semicolon, which may
 * begin a comment, or belong to its data. */
static bool
begins_record(const char *line, size_t length)
{
	size_t end = 0;

	while (end < length && line[end] != ',' && line[end] != ';')
		end++;
	return is_record(line, end);
}

/* The first line with content decides; for CSV, the lines after it do, too. */
static enum input_format
tell_line(const char *line, size_t length, const char *end, bool is_whole)
{
	struct layout layout;

	if (line[0] == '$' || line[0] == '@' || begins_record(line, length))
		return INPUT_ZONE;
	if (is_ranked(line, length))
		return INPUT_LIST;
	return layout_find(line, (size_t)(end - line), is_whole, &layout)
	    ? INPUT_CSV : INPUT_LIST;
}

enum input_format
input_tell(const char *bytes, size_t length, bool is_whole)
{
	const char *at = bytes, *end = bytes + length;

	while (at < end) {
		const char *newline = memchr(at, '\n', (size_t)(end - at));
		size_t line = (size_t)((newline != NULL ? newline : end) - at);
		size_t blank = 0;

		while (blank < line && is_blank(at[blank]))
			blank++;
		/* A semicolon begins a comment only in zone files. */
		if (blank < line && at[blank] == ';')
			return INPUT_ZONE;
		if (blank < line && at[blank] == '{')
			return tell_object(at + blank, end);
		if (blank < line && at[blank] == '[' &&
		    is_array(at + blank, end))
			return INPUT_JSON;
		if (blank < line && at[blank] != '#')
			return tell_line(at, line, end, is_whole);
		at += line + 1;
	}
	return INPUT_LIST;
}

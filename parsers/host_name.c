#include "parsers/host_name.h"

#include <stdio.h>
#include <string.h>

#define SHOWN_MAX	100	/* bytes of a name in a hint */

static bool
refuse(char why[HOST_NAME_WHY_MAX], const char *what)
{
	snprintf(why, HOST_NAME_WHY_MAX, "%s", what);
	return false;
}

static bool
refuse_with(char why[HOST_NAME_WHY_MAX], const char *what, const char *name)
{
	snprintf(why, HOST_NAME_WHY_MAX, "%s%.*s", what, SHOWN_MAX, name);
	return false;
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
is_number(const char *text)
{
	while (is_digit(*text))
		text++;
	return *text == '\0';
}

/* The name is in canonical text form. There a byte other than a letter, digit,
 * hyphen or underscore is an escape, and so is a hyphen at the very
 * beginning. */
static bool
has_other_bytes(const char *name)
{
	if (strncmp(name, "\\045", 4) == 0)
		name += 4;
	return strchr(name, '\\') != NULL;
}

static bool
read_name(const char *text, size_t length, char name[NAME_TEXT_MAX],
    const char **what)
{
	static const char *const whats[] = {
		[NAME_SYNTAX] = "this is not a name",
		[NAME_TOO_LONG] = "a name has at most 253 bytes",
		[NAME_LABEL_TOO_LONG] = "a label has at most 63 bytes",
		[NAME_EMPTY_LABEL] = "a label of this name is empty",
		[NAME_CONTROL_BYTE] = "a name cannot contain blanks or control "
		    "characters",
		[NAME_IDNA] = "this is not a UTF-8 name that has an ASCII form "
		    "(UTS 46)",
	};
	uint8_t wire[NAME_WIRE_MAX];
	size_t wire_length;
	enum name_error error = name_from_input(text, length, wire,
	    &wire_length);

	*what = whats[error];
	if (error != NAME_OK)
		return false;
	name_to_text(wire, name);
	if (has_other_bytes(name))
		*what = "a host name has only letters, digits, hyphens and "
		    "underscores";
	return *what == NULL;
}

/* Finds the host in `https://post@a.example:443/page` or `a.example:25`. */
static void
find_host(const char **text, size_t *length)
{
	const char *scheme = memmem(*text, *length, "://", 3);
	const char *end = *text + *length, *at;

	if (scheme != NULL)
		*text = scheme + 3;
	for (at = *text; at < end && strchr("/?:", *at) == NULL; at++)
		if (*at == '@' && scheme != NULL)
			*text = at + 1;
	*length = (size_t)(at - *text);
}

/* People write these things instead of a name. The hint says what they probably
 * mean. */
static bool
refuse_kind(const char *text, size_t length, const char *what,
    char why[HOST_NAME_WHY_MAX])
{
	bool is_url = memmem(text, length, "://", 3) != NULL;
	const char *host = text;
	size_t host_length = length;
	char name[NAME_TEXT_MAX];

	if (memchr(text, ';', length) != NULL)
		return refuse(why, "separate entries with commas or blanks; a "
		    "comment begins with #");
	if (length > 1 && memcmp(text, "//", 2) == 0)
		return refuse(why, "a comment begins with #");
	if (memchr(text, '*', length) != NULL)
		return refuse(why, "a * is only possible in front of a whole "
		    "domain, as in *.a.example");
	find_host(&host, &host_length);
	if (host_length == length || !host_name_read(host, host_length, name,
	    why))
		return refuse(why, is_url ? "a URL is not an entry; write only "
		    "the name or the address" : what);
	return refuse_with(why, is_url
	    ? "a URL is not an entry; write "
	    : host[host_length] == ':' ? "a name cannot have a port here; "
	    "write "
	    : "a name cannot have a path here; write ", name);
}

bool
host_name_read(const char *text, size_t length, char name[NAME_TEXT_MAX],
    char why[HOST_NAME_WHY_MAX])
{
	const char *what;
	bool is_absolute = length > 0 && text[length - 1] == '.';

	if (!read_name(text, length, name, &what))
		return refuse_kind(text, length, what, why);
	if (strcmp(name, ".") == 0)
		return refuse(why, "the root would be every domain");
	if (is_number(name_tld(name)))
		return refuse_with(why, "a host name cannot end in a number, "
		    "and this is not an address: ", name);
	if (strchr(name, '.') != NULL || is_absolute)
		return true;
	if (name[0] == 'a' && name[1] == 's' && is_digit(name[2]))
		return refuse(why, "AS numbers are not looked up; write the "
		    "prefixes");
	return refuse(why, "this is a single word; write a top-level domain "
	    "with a final dot, and begin a comment with #");
}

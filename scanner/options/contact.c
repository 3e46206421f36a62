#include "scanner/options/contact.h"

#include <string.h>

#include "parsers/name.h"

static const char scheme[] = "https://";

/* RFC 3986 has nothing else. */
static bool
is_uri_text(const char *text)
{
	for (; *text != '\0'; text++)
		if (*text <= ' ' || *text > '~' ||
		    strchr("\"<>\\^`{|}", *text) != NULL)
			return false;
	return true;
}

/* Is it a name of letters, digits, hyphens and underscores, or an address of
 * IPv4? */
static bool
is_host(const char *text, size_t length, unsigned labels)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyz"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.";
	uint8_t wire[NAME_WIRE_MAX];
	size_t wire_length;

	return strspn(text, allowed) >= length && name_from_text(text, length,
	    wire, &wire_length) == NAME_OK && name_labels(wire) >= labels;
}

static bool
ends_in_digits(const char *name)
{
	const char *dot = strrchr(name, '.');
	const char *label = dot != NULL ? dot + 1 : name;

	return label[strspn(label, "0123456789")] == '\0';
}

bool
contact_is_url(const char *text)
{
	return strncmp(text, scheme, sizeof scheme - 1) == 0;
}

bool
contact_is_good(const char *text, unsigned labels)
{
	const char *at = strrchr(text, '@');
	const char *host = text + sizeof scheme - 1;

	if (!is_uri_text(text))
		return false;
	if (contact_is_url(text))
		return is_host(host, strcspn(host, "/?#:"), labels);
	return at != NULL && at > text && is_host(at + 1, strlen(at + 1), labels) &&
	    at[strlen(at) - 1] != '.' && !ends_in_digits(at + 1);
}

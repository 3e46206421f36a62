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

/* Is it a name of at least two labels, or an address of IPv4? */
static bool
is_host(const char *text, size_t length)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyz"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.";
	uint8_t wire[NAME_WIRE_MAX];
	size_t wire_length;

	return strspn(text, allowed) >= length && name_from_text(text, length,
	    wire, &wire_length) == NAME_OK && name_labels(wire) >= 2;
}

bool
contact_is_url(const char *text)
{
	return strncmp(text, scheme, sizeof scheme - 1) == 0;
}

bool
contact_is_good(const char *text)
{
	const char *at = strrchr(text, '@');
	const char *host = text + sizeof scheme - 1;

	if (!is_uri_text(text))
		return false;
	if (contact_is_url(text))
		return is_host(host, strcspn(host, "/?#:"));
	return at != NULL && at > text && name_is_smtp_domain(at + 1);
}

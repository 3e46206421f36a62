#include "parsers/tlsrpt.h"

#include <string.h>
#include <strings.h>

#include "parsers/txt_fields.h"

#define VERSION "v=TLSRPTv1"

bool
tlsrpt_is_record(const char *text, size_t length)
{
	return txt_has_version(text, length, VERSION);
}

static bool
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* RFC 3986 3.1. Returns the length of the scheme with its colon; 0: none. */
static size_t
scheme_length(const char *uri, size_t length)
{
	size_t i = 0;

	while (i < length && (is_letter(uri[i]) || (i > 0 &&
	    ((uri[i] >= '0' && uri[i] <= '9') || uri[i] == '+' ||
	    uri[i] == '-' || uri[i] == '.'))))
		i++;
	return i > 0 && i < length && uri[i] == ':' ? i + 1 : 0;
}

/* A scheme, and bytes that RFC 3986 allows in a URI, except "," and "!", which
 * must be encoded here. */
static bool
is_uri(const char *uri, size_t length)
{
	static const char others[] = "-._~:/?#[]@$&'()*+=%";

	for (size_t i = 0; i < length; i++) {
		char c = uri[i];

		if (!is_letter(c) && !(c >= '0' && c <= '9') &&
		    memchr(others, c, sizeof others - 1) == NULL)
			return false;
	}
	return scheme_length(uri, length) > 0;
}

/* Can a report be sent there (RFC 8460 3)? */
static bool
is_known(const char *uri, size_t length)
{
	static const char *const schemes[] = { "mailto:", "https:" };

	for (size_t i = 0; i < sizeof schemes / sizeof schemes[0]; i++) {
		size_t own = strlen(schemes[i]);

		if (length > own && strncasecmp(uri, schemes[i], own) == 0)
			return true;
	}
	return false;
}

/* Takes the URIs of one `rua`, separated by "," with white space around it.
 * White space is legal only there, so the list begins at once. */
static bool
take_uris(const char *list, size_t length, struct buffer *rua, bool *known)
{
	const char *end = list + length;

	if (length == 0 || list[0] == ' ' || list[0] == '\t')
		return false;
	for (;;) {
		const char *comma = memchr(list, ',', (size_t)(end - list));
		const char *stop = comma != NULL ? comma : end;

		while (list < stop && (*list == ' ' || *list == '\t'))
			list++;
		while (stop > list && (stop[-1] == ' ' || stop[-1] == '\t'))
			stop--;
		if (!is_uri(list, (size_t)(stop - list)))
			return false;
		*known |= is_known(list, (size_t)(stop - list));
		if (rua->length > 0)
			buffer_append(rua, ",", 1);
		buffer_append(rua, list, (size_t)(stop - list));
		if (comma == NULL)
			return true;
		list = comma + 1;
	}
}

bool
tlsrpt_read(const char *text, size_t length, struct buffer *rua)
{
	struct txt_fields fields;
	bool good = true, known = false;

	rua->length = 0;
	txt_fields_open(&fields, text, length, VERSION);
	while (good && txt_fields_next(&fields))
		good = txt_field_is(&fields, "rua")
		    ? take_uris(fields.value, fields.value_length, rua, &known)
		    : txt_value_is_extension(&fields);
	if (good && !fields.malformed && known)
		return true;
	rua->length = 0;
	return false;
}

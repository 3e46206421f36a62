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

/* Bytes that RFC 3986 allows in a URI, except "," and "!", which must be
 * encoded here. */
static bool
is_uri(const char *uri, size_t length)
{
	static const char *const schemes[] = { "mailto:", "https:" };
	static const char others[] = "-._~:/?#[]@$&'()*+=%";
	size_t scheme = 0;

	for (size_t i = 0; i < sizeof schemes / sizeof schemes[0]; i++) {
		size_t own = strlen(schemes[i]);

		if (length > own && strncasecmp(uri, schemes[i], own) == 0)
			scheme = own;
	}
	for (size_t i = 0; i < length; i++) {
		char c = uri[i];

		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		    (c >= '0' && c <= '9')) &&
		    memchr(others, c, sizeof others - 1) == NULL)
			return false;
	}
	return scheme > 0;
}

/* URIs are separated by "," with white space around it. */
static bool
is_uri_list(const char *list, size_t length)
{
	const char *end = list + length;

	for (;;) {
		const char *comma = memchr(list, ',', (size_t)(end - list));
		const char *stop = comma != NULL ? comma : end;

		while (list < stop && (*list == ' ' || *list == '\t'))
			list++;
		while (stop > list && (stop[-1] == ' ' || stop[-1] == '\t'))
			stop--;
		if (!is_uri(list, (size_t)(stop - list)))
			return false;
		if (comma == NULL)
			return true;
		list = comma + 1;
	}
}

bool
tlsrpt_read(const char *text, size_t length, const char **rua,
    size_t *rua_length)
{
	struct txt_fields fields;

	*rua = NULL;
	*rua_length = 0;
	txt_fields_open(&fields, text, length, VERSION);
	while (txt_fields_next(&fields)) {
		if (!txt_field_is(&fields, "rua")) {
			if (!txt_value_is_extension(&fields))
				return false;
			continue;
		}
		/* White space is legal only around commas, so the list begins
		 * at once. */
		if (fields.value_length == 0 || fields.value[0] == ' ' ||
		    fields.value[0] == '\t' ||
		    !is_uri_list(fields.value, fields.value_length))
			return false;
		if (*rua == NULL) {
			*rua = fields.value;
			*rua_length = fields.value_length;
		}
	}
	return !fields.malformed && *rua != NULL;
}

#include "parsers/txt_fields.h"

#include <string.h>

#define NAME_MAX_BYTES 32

static bool
is_space(char c)
{
	return c == ' ' || c == '\t';
}

static bool
is_letter_or_digit(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    (c >= '0' && c <= '9');
}

/* Returns what follows the version and its delimiter; NULL without them. */
static const char *
skip_version(const char *text, size_t length, const char *version)
{
	const char *at = text + strlen(version), *end = text + length;

	if (length < strlen(version) ||
	    memcmp(text, version, strlen(version)) != 0)
		return NULL;
	while (at < end && is_space(*at))
		at++;
	return at < end && *at == ';' ? at + 1 : NULL;
}

bool
txt_has_version(const char *text, size_t length, const char *version)
{
	return skip_version(text, length, version) != NULL;
}

static void
skip_spaces(struct txt_fields *fields)
{
	while (fields->at < fields->end && is_space(*fields->at))
		fields->at++;
}

void
txt_fields_open(struct txt_fields *fields, const char *text, size_t length,
    const char *version)
{
	*fields = (struct txt_fields){
		.at = skip_version(text, length, version), .end = text + length,
	};
	skip_spaces(fields);
	/* There is at least one field. */
	fields->malformed = fields->at == fields->end;
}

static bool
is_name(const char *name, size_t length)
{
	if (length == 0 || length > NAME_MAX_BYTES ||
	    !is_letter_or_digit(name[0]))
		return false;
	for (size_t i = 1; i < length; i++)
		if (!is_letter_or_digit(name[i]) && name[i] != '_' &&
		    name[i] != '-' && name[i] != '.')
			return false;
	return true;
}

bool
txt_fields_next(struct txt_fields *fields)
{
	const char *start = fields->at, *stop, *equals;

	if (fields->malformed || start == fields->end)
		return false;
	stop = memchr(start, ';', (size_t)(fields->end - start));
	fields->at = stop != NULL ? stop + 1 : fields->end;
	if (stop == NULL)
		stop = fields->end;
	skip_spaces(fields);
	while (stop > start && is_space(stop[-1]))
		stop--;
	equals = memchr(start, '=', (size_t)(stop - start));
	if (equals == NULL || !is_name(start, (size_t)(equals - start))) {
		fields->malformed = true;
		return false;
	}
	fields->name = start;
	fields->name_length = (size_t)(equals - start);
	fields->value = equals + 1;
	fields->value_length = (size_t)(stop - fields->value);
	return true;
}

bool
txt_field_is(const struct txt_fields *fields, const char *name)
{
	return strlen(name) == fields->name_length &&
	    memcmp(name, fields->name, fields->name_length) == 0;
}

bool
txt_value_is_extension(const struct txt_fields *fields)
{
	for (size_t i = 0; i < fields->value_length; i++)
		if (fields->value[i] <= ' ' || fields->value[i] > '~' ||
		    fields->value[i] == '=')
			return false;
	return fields->value_length > 0;
}

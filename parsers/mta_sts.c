#include "parsers/mta_sts.h"

#include <stdlib.h>
#include <string.h>

#include "parsers/txt_fields.h"
#include "scanner/base/memory.h"

#define VERSION		"v=STSv1"
#define KEY_MAX		32
#define MAX_AGE_DIGITS	10
#define DOMAIN_MAX	253
#define LABEL_MAX	63

/* The record ************************************************************** */

static bool
is_letter_or_digit(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    (c >= '0' && c <= '9');
}

bool
mta_sts_is_record(const char *text, size_t length)
{
	return txt_has_version(text, length, VERSION);
}

static bool
is_id(const char *value, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if (!is_letter_or_digit(value[i]))
			return false;
	return length > 0 && length <= MTA_STS_ID_MAX;
}

bool
mta_sts_record_read(const char *text, size_t length,
    char id[MTA_STS_ID_MAX + 1])
{
	struct txt_fields fields;

	id[0] = '\0';
	txt_fields_open(&fields, text, length, VERSION);
	while (txt_fields_next(&fields)) {
		if (!txt_field_is(&fields, "id")) {
			if (!txt_value_is_extension(&fields))
				return false;
			continue;
		}
		if (!is_id(fields.value, fields.value_length))
			return false;
		/* As with the keys of a policy, the first one counts. */
		if (id[0] != '\0')
			continue;
		memcpy(id, fields.value, fields.value_length);
		id[fields.value_length] = '\0';
	}
	return !fields.malformed && id[0] != '\0';
}

/* The policy ************************************************************** */

struct line {
	const char	*key, *value;
	size_t		 key_length, value_length;
};

struct reading {
	struct mta_sts_policy	*policy;
	bool			 has_version, has_mode, has_max_age;
	size_t			 mx_size;
};

static bool
is_space(char c)
{
	return c == ' ' || c == '\t';
}

/* A line is `key: value`, with white space allowed after the colon and at the
 * end. */
static bool
split(const char *text, size_t length, struct line *line)
{
	const char *colon = memchr(text, ':', length), *end = text + length;

	if (colon == NULL || colon == text || colon - text > KEY_MAX ||
	    !is_letter_or_digit(text[0]))
		return false;
	for (const char *c = text; c < colon; c++)
		if (!is_letter_or_digit(*c) && *c != '_' && *c != '-' &&
		    *c != '.')
			return false;
	line->key = text;
	line->key_length = (size_t)(colon - text);
	line->value = colon + 1;
	while (line->value < end && is_space(*line->value))
		line->value++;
	while (end > line->value && is_space(end[-1]))
		end--;
	line->value_length = (size_t)(end - line->value);
	return true;
}

static bool
equals(const char *text, size_t length, const char *word)
{
	return strlen(word) == length && memcmp(text, word, length) == 0;
}

static bool
read_version(struct reading *reading, const struct line *line)
{
	reading->has_version = true;
	return equals(line->value, line->value_length, "STSv1");
}

static bool
read_mode(struct reading *reading, const struct line *line)
{
	for (int mode = 0; mode < MTA_STS_MODE_COUNT; mode++) {
		if (!equals(line->value, line->value_length,
		    mta_sts_mode_texts.texts[mode]))
			continue;
		reading->policy->mode = (enum mta_sts_mode)mode;
		reading->has_mode = true;
	}
	return reading->has_mode;
}

static bool
read_max_age(struct reading *reading, const struct line *line)
{
	uint64_t seconds = 0;

	if (line->value_length == 0 || line->value_length > MAX_AGE_DIGITS)
		return false;
	for (size_t i = 0; i < line->value_length; i++) {
		if (line->value[i] < '0' || line->value[i] > '9')
			return false;
		seconds = seconds * 10 + (uint64_t)(line->value[i] - '0');
	}
	reading->policy->max_age_s = seconds;
	reading->has_max_age = true;
	return true;
}

/* RFC 5321 4.1.2: labels have letters, digits and inner hyphens. */
static bool
is_domain(const char *name, size_t length)
{
	size_t label = 0;

	if (length == 0 || length > DOMAIN_MAX)
		return false;
	for (size_t i = 0; i < length; i++) {
		if (name[i] == '.') {
			if (label == 0 || name[i - 1] == '-')
				return false;
			label = 0;
			continue;
		}
		if (!is_letter_or_digit(name[i]) &&
		    (name[i] != '-' || label == 0))
			return false;
		if (++label > LABEL_MAX)
			return false;
	}
	return label > 0 && name[length - 1] != '-';
}

static bool
read_mx(struct reading *reading, const struct line *line)
{
	struct mta_sts_policy *policy = reading->policy;
	size_t star = line->value_length > 2 && line->value[0] == '*' &&
	    line->value[1] == '.' ? 2 : 0;
	char *pattern;

	if (!is_domain(line->value + star, line->value_length - star))
		return false;
	pattern = xmalloc(line->value_length + 1);
	for (size_t i = 0; i < line->value_length; i++) {
		char c = line->value[i];

		pattern[i] = c >= 'A' && c <= 'Z' ? (char)(c + 'a' - 'A') : c;
	}
	pattern[line->value_length] = '\0';
	if (policy->mx_count == reading->mx_size) {
		reading->mx_size = reading->mx_size * 2 + 4;
		policy->mx = xreallocarray(policy->mx, reading->mx_size,
		    sizeof *policy->mx);
	}
	policy->mx[policy->mx_count++] = pattern;
	return true;
}

/* If a key that may occur once occurs again, only the first one counts, and the
 * others are not even checked. */
static bool
read_line(struct reading *reading, const char *text, size_t length)
{
	struct line line;

	if (length == 0)
		return true;
	if (!split(text, length, &line))
		return false;
	if (equals(line.key, line.key_length, "version"))
		return reading->has_version || read_version(reading, &line);
	if (equals(line.key, line.key_length, "mode"))
		return reading->has_mode || read_mode(reading, &line);
	if (equals(line.key, line.key_length, "max_age"))
		return reading->has_max_age || read_max_age(reading, &line);
	if (equals(line.key, line.key_length, "mx"))
		return read_mx(reading, &line);
	return true;
}

static int
compare_patterns(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void
sort_patterns(struct mta_sts_policy *policy)
{
	size_t kept = 0;

	if (policy->mx_count == 0)
		return;
	qsort(policy->mx, policy->mx_count, sizeof *policy->mx,
	    compare_patterns);
	for (size_t i = 0; i < policy->mx_count; i++) {
		if (kept > 0 && strcmp(policy->mx[kept - 1],
		    policy->mx[i]) == 0)
			free(policy->mx[i]);
		else
			policy->mx[kept++] = policy->mx[i];
	}
	policy->mx_count = kept;
}

bool
mta_sts_policy_read(struct mta_sts_policy *policy, const char *text,
    size_t length)
{
	struct reading reading = { .policy = policy };
	const char *end = text + length;
	bool good = length <= MTA_STS_POLICY_MAX;

	*policy = (struct mta_sts_policy){ 0 };
	while (good && text < end) {
		const char *feed = memchr(text, '\n', (size_t)(end - text));
		size_t line = (size_t)((feed != NULL ? feed : end) - text);

		/* A line ends in LF or CRLF (P4). A CR elsewhere is a byte of
		 * the line. */
		if (feed != NULL && line > 0 && feed[-1] == '\r')
			line--;
		good = read_line(&reading, text, line);
		text = feed != NULL ? feed + 1 : end;
	}
	good = good && reading.has_version && reading.has_mode &&
	    reading.has_max_age &&
	    (policy->mode == MTA_STS_NONE || policy->mx_count > 0);
	if (good)
		sort_patterns(policy);
	else
		mta_sts_policy_fini(policy);
	return good;
}

void
mta_sts_policy_fini(struct mta_sts_policy *policy)
{
	for (size_t i = 0; i < policy->mx_count; i++)
		free(policy->mx[i]);
	free(policy->mx);
	*policy = (struct mta_sts_policy){ 0 };
}

bool
mta_sts_pattern_matches(const char *pattern, const char *host)
{
	const char *dot;

	if (strncmp(pattern, "*.", 2) != 0)
		return strcmp(pattern, host) == 0;
	dot = strchr(host, '.');
	return dot != NULL && dot != host && strcmp(pattern + 1, dot) == 0;
}

#include "parsers/presented_name.h"

#include <string.h>
#include <strings.h>

static bool
is_letter_or_digit(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    (c >= '0' && c <= '9');
}

bool
presented_name_is_hostile(const char *bytes, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		unsigned char c = (unsigned char)bytes[i];

		if (c < 0x20 || c == 0x7f)
			return true;
	}
	return false;
}

/* Is this what may follow "*" in a wildcard? It must have at least two labels
 * of letters, digits and inner hyphens, as in OpenSSL's valid_star(). */
static bool
is_wildcard_tail(const char *tail, size_t length)
{
	unsigned labels = 0;
	char before = '.';

	if (length == 0 || tail[0] != '.')
		return false;
	for (size_t i = 1; i <= length; i++) {
		char c = i < length ? tail[i] : '.';

		if (c == '.') {
			if (before == '.' || before == '-')
				return false;
			labels++;
		} else if (c == '-') {
			if (before == '.')
				return false;
		} else if (!is_letter_or_digit(c))
			return false;
		before = c;
	}
	return labels >= 2;
}

/* Is the left-most label of `name` one that a wildcard can match? */
static bool
wildcard_matches(const char *tail, size_t length, const char *name)
{
	const char *dot = strchr(name, '.');

	if (dot == NULL || dot == name || strlen(dot) != length ||
	    strncasecmp(dot, tail, length) != 0)
		return false;
	for (const char *c = name; c < dot; c++) {
		if (!is_letter_or_digit(*c) && *c != '-')
			return false;
	}
	return true;
}

/* Escaped bytes, the root and names with an empty first label match nothing. */
static bool
is_comparable(const char *name)
{
	return name[0] != '\0' && name[0] != '.' && strchr(name, '\\') == NULL;
}

bool
presented_name_matches(const char *bytes, size_t length, const char *name)
{
	if (!is_comparable(name) || presented_name_is_hostile(bytes, length))
		return false;
	if (length > 0 && bytes[length - 1] == '.')
		length--;
	if (length == 0)
		return false;
	if (bytes[0] == '*')
		return is_wildcard_tail(bytes + 1, length - 1) &&
		    wildcard_matches(bytes + 1, length - 1, name);
	return strlen(name) == length &&
	    strncasecmp(bytes, name, length) == 0;
}

/* Is the text one label that is not empty, or several such labels where the
 * depth allows it? */
static bool
are_labels(const char *bytes, size_t length, enum suffix_depth depth)
{
	char before = '.';

	for (size_t i = 0; i < length; i++) {
		char c = bytes[i];

		if (c == '.' ? before == '.' || depth == SUFFIX_ONE_LABEL
		    : !is_letter_or_digit(c) && c != '-' && c != '_')
			return false;
		before = c;
	}
	return before != '.';
}

bool
presented_name_is_below(const char *bytes, size_t length, const char *suffix,
    enum suffix_depth depth)
{
	size_t tail = strlen(suffix), head;

	if (length > 0 && bytes[length - 1] == '.')
		length--;
	if (length <= tail ||
	    strncasecmp(bytes + length - tail, suffix, tail) != 0)
		return false;
	head = length - tail;
	if (bytes[0] == '*' && is_wildcard_tail(bytes + 1, length - 1))
		return head == 1 || depth == SUFFIX_ANY_DEPTH;
	return are_labels(bytes, head, depth);
}

/* As the tables have it *************************************************** */

static int
hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Counts the bytes of an escaped text; NAME_BYTES_MAX + 1 if it has more than a
 * name can have. */
#define NAME_BYTES_MAX 1024

static size_t
unescape(const char *text, size_t length, char bytes[NAME_BYTES_MAX])
{
	size_t count = 0;

	for (size_t i = 0; i < length; i++) {
		int high, low;

		if (count == NAME_BYTES_MAX)
			return NAME_BYTES_MAX + 1;
		if (i + 3 < length && text[i] == '\\' && text[i + 1] == 'x' &&
		    (high = hex_digit(text[i + 2])) >= 0 &&
		    (low = hex_digit(text[i + 3])) >= 0) {
			bytes[count++] = (char)(high << 4 | low);
			i += 3;
		} else {
			bytes[count++] = text[i];
		}
	}
	return count;
}

static bool
text_matches(const char *text, size_t length, const char *name)
{
	char bytes[NAME_BYTES_MAX];
	size_t count = unescape(text, length, bytes);

	return count <= NAME_BYTES_MAX &&
	    presented_name_matches(bytes, count, name);
}

/* Walks the dNSNames of a san_text. Returns the next one with its length, or
 * NULL at the end. */
static const char *
next_dns_name(const char **at, size_t *length)
{
	static const char dns[] = "dns:";
	const size_t prefix = sizeof dns - 1;

	while (**at != '\0') {
		const char *word = *at;
		size_t word_length = strcspn(word, " ");

		*at += word_length;
		*at += strspn(*at, " ");
		if (word_length >= prefix && memcmp(word, dns, prefix) == 0) {
			*length = word_length - prefix;
			return word + prefix;
		}
	}
	return NULL;
}

bool
presented_names_match(const char *san, const char *common_name,
    const char *name)
{
	bool has_dns_name = false;
	const char *presented;
	size_t length;

	while ((presented = next_dns_name(&san, &length)) != NULL) {
		has_dns_name = true;
		if (text_matches(presented, length, name))
			return true;
	}
	return !has_dns_name && common_name != NULL &&
	    text_matches(common_name, strlen(common_name), name);
}

bool
presented_names_below(const char *san, const char *suffix,
    enum suffix_depth depth)
{
	char bytes[NAME_BYTES_MAX];
	const char *presented;
	size_t length;

	while ((presented = next_dns_name(&san, &length)) != NULL) {
		size_t count = unescape(presented, length, bytes);

		if (count <= NAME_BYTES_MAX && presented_name_is_below(bytes,
		    count, suffix, depth))
			return true;
	}
	return false;
}

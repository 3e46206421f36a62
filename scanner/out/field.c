#include "scanner/out/field.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "parsers/name.h"
#include "scanner/base/calendar.h"

#define NUMBERS_DIGITS_MAX	9	/* of a number in a list */

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
is_hex_digit(char c)
{
	return is_digit(c) || (c >= 'a' && c <= 'f');
}

static unsigned
hex_value(char c)
{
	return (unsigned)(c <= '9' ? c - '0' : c - 'a' + 10);
}

/* Checking **************************************************************** */

/* The letters, digits, hyphen and underscore. */
static const bool in_label[256] = {
	['-'] = true, ['0'] = true, ['1'] = true, ['2'] = true, ['3'] = true,
	['4'] = true, ['5'] = true, ['6'] = true, ['7'] = true, ['8'] = true,
	['9'] = true, ['_'] = true, ['a'] = true, ['b'] = true, ['c'] = true,
	['d'] = true, ['e'] = true, ['f'] = true, ['g'] = true, ['h'] = true,
	['i'] = true, ['j'] = true, ['k'] = true, ['l'] = true, ['m'] = true,
	['n'] = true, ['o'] = true, ['p'] = true, ['q'] = true, ['r'] = true,
	['s'] = true, ['t'] = true, ['u'] = true, ['v'] = true, ['w'] = true,
	['x'] = true, ['y'] = true, ['z'] = true,
};

/* This covers most names: labels of letters, digits and hyphens that are short
 * enough. */
static bool
is_plain_name(const char *text, size_t length)
{
	size_t label = 0;

	if (length > NAME_WIRE_MAX - 2 || text[0] == '-')
		return false;
	for (size_t i = 0; i < length; i++) {
		if (in_label[(uint8_t)text[i]]) {
			label++;
			continue;
		}
		if (text[i] != '.' || label == 0 || label > NAME_LABEL_MAX)
			return false;
		label = 0;
	}
	return label > 0 && label <= NAME_LABEL_MAX;
}

static bool
is_name(const char *text, size_t length)
{
	uint8_t wire[NAME_WIRE_MAX];
	char again[NAME_TEXT_MAX];
	size_t wire_length;

	if (is_plain_name(text, length))
		return true;
	return length < NAME_TEXT_MAX &&
	    name_from_text(text, length, wire, &wire_length) == NAME_OK &&
	    name_to_text(wire, again) == length &&
	    memcmp(text, again, length) == 0;
}

static bool
is_printable(const char *text, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if (text[i] < ' ' || text[i] > '~')
			return false;
	return true;
}

static bool
are_hex_digits(const char *text, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if (!is_hex_digit(text[i]))
			return false;
	return true;
}

/* A spreadsheet executes what begins with = + - @. Only one word may begin like
 * that: a negative serial number. */
static bool
is_word(const char *text, size_t length)
{
	if (text[0] == '-')
		return length > 1 && are_hex_digits(text + 1, length - 1);
	return memchr("=+@", text[0], 3) == NULL && is_printable(text, length);
}

static bool
is_list(const char *text, size_t length)
{
	return is_word(text, length) && text[0] != ' ' &&
	    text[length - 1] != ' ' && strstr(text, "  ") == NULL;
}

/* \xHH is used exactly where it is needed. A space may be escaped as well, for
 * san_text. */
static bool
is_escaped(const char *text, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		bool formula = i == 0 && memchr("=+-@", text[0], 4) != NULL;
		unsigned byte;

		if (text[i] < ' ' || text[i] > '~' || formula)
			return false;
		if (text[i] != '\\')
			continue;
		if (length - i < 4 || text[i + 1] != 'x' ||
		    !are_hex_digits(text + i + 2, 2))
			return false;
		byte = hex_value(text[i + 2]) << 4 | hex_value(text[i + 3]);
		formula = i == 0 && byte != 0 &&
		    strchr("=+-@", (int)byte) != NULL;
		if (byte > ' ' && byte <= '~' && byte != '\\' && !formula)
			return false;
		i += 3;
	}
	return true;
}

static bool
are_flags(const struct enumeration *values, const char *text)
{
	char words[2][64] = { "", "" };		/* this word and the one
						 * before */
	unsigned count = 0;

	for (;; text++) {
		char *word = words[count % 2];
		size_t length = strcspn(text, " ");

		if (length == 0 || length >= sizeof words[0])
			return false;
		memcpy(word, text, length);
		word[length] = '\0';
		if (enumeration_value(values, word) < 0 ||
		    strcmp(words[++count % 2], word) >= 0)
			return false;
		text += length;
		if (*text == '\0')
			return true;
	}
}

static bool
is_number(const char *text, size_t length, unsigned limit)
{
	size_t start = text[0] == '-';
	long long value;

	if (length == start || length - start > 19 ||
	    (text[start] == '0' && length > 1))
		return false;
	for (size_t i = start; i < length; i++)
		if (!is_digit(text[i]))
			return false;
	if (length < 19)
		return limit == 0 || (start == 0 &&
		    field_number(text) <= limit);
	errno = 0;
	value = strtoll(text, NULL, 10);
	return errno == 0 && (limit == 0 || (value >= 0 && value <= limit));
}

/* A JSON array of whole numbers, at least one, without blanks. */
static bool
are_numbers(const char *text, size_t length)
{
	size_t at = 1;

	if (length < 3 || text[0] != '[' || text[length - 1] != ']')
		return false;
	while (at < length) {
		size_t end = at + strcspn(text + at, ",]");

		if (end - at > NUMBERS_DIGITS_MAX || text[at] == '-' ||
		    !is_number(text + at, end - at, 0))
			return false;
		if (text[end] == ']')
			return end + 1 == length;
		at = end + 1;
	}
	return false;
}

static int
number_at(const char *text, int count)
{
	int number = 0;

	while (count-- > 0)
		number = number * 10 + (*text++ - '0');
	return number;
}

static bool
is_time(const char *text, size_t length)
{
	static const char form[] = "0000-00-00T00:00:00.000Z";
	int month, day;

	if (length != sizeof form - 1)
		return false;
	for (size_t i = 0; i < length; i++)
		if (form[i] == '0' ? !is_digit(text[i]) : text[i] != form[i])
			return false;
	month = number_at(text + 5, 2);
	day = number_at(text + 8, 2);
	/* Unix time has no leap seconds. */
	return month >= 1 && month <= 12 && day >= 1 &&
	    day <= calendar_days_in_month(number_at(text, 4), month) &&
	    number_at(text + 11, 2) < 24 && number_at(text + 14, 2) < 60 &&
	    number_at(text + 17, 2) < 60;
}

/* Returns the digit's value, or 64 if the byte is not a digit. */
static unsigned
base64_value(char c)
{
	if (c >= 'A' && c <= 'Z')
		return (unsigned)(c - 'A');
	if (c >= 'a' && c <= 'z')
		return (unsigned)(c - 'a') + 26;
	if (is_digit(c))
		return (unsigned)(c - '0') + 52;
	return c == '+' ? 62 : c == '/' ? 63 : 64;
}

/* RFC 4648 section 4, padded; the unused bits are 0. */
static bool
is_base64(const char *text, size_t length)
{
	size_t digits = length;

	if (length % 4 != 0)
		return false;
	while (length - digits < 2 && text[digits - 1] == '=')
		digits--;
	for (size_t i = 0; i < digits; i++)
		if (base64_value(text[i]) == 64)
			return false;
	if (digits % 4 == 2)
		return (base64_value(text[digits - 1]) & 15) == 0;
	return digits % 4 != 3 || (base64_value(text[digits - 1]) & 3) == 0;
}

bool
field_is_legal(const struct column *column, const char *text, size_t length)
{
	if (length == 0)
		return !column->required;
	switch (column->kind) {
	case COLUMN_NAME:
		return is_name(text, length);
	case COLUMN_WORD:
		return is_word(text, length);
	case COLUMN_LIST:
		return strlen(text) == length && is_list(text, length);
	case COLUMN_NUMBERS:
		return strlen(text) == length && are_numbers(text, length);
	case COLUMN_TEXT:
		return is_escaped(text, length);
	case COLUMN_ENUM:
		return strlen(text) == length &&
		    enumeration_value(column->values, text) >= 0;
	case COLUMN_FLAGS:
		return strlen(text) == length &&
		    are_flags(column->values, text);
	case COLUMN_NUMBER:
		return is_number(text, length, column->limit);
	case COLUMN_BOOL:
		return length == 1 && (text[0] == '0' || text[0] == '1');
	case COLUMN_TIME:
		return is_time(text, length);
	case COLUMN_HEX:
		return length % 2 == 0 && are_hex_digits(text, length) &&
		    (column->limit == 0 || length == 2 * column->limit);
	case COLUMN_BASE64:
		return is_base64(text, length);
	}
	return false;
}

/* Reading ***************************************************************** */

/* Counts in negative numbers, since every legal value fits into them. */
int64_t
field_number(const char *text)
{
	bool is_negative = text[0] == '-';
	int64_t number = 0;

	for (text += is_negative; *text != '\0'; text++)
		number = number * 10 - (*text - '0');
	return is_negative ? number : -number;
}

bool
field_next_number(const char **at, unsigned long *number)
{
	char *end;

	if (**at == '[' || **at == ',')
		++*at;
	if (!is_digit(**at))
		return false;
	*number = strtoul(*at, &end, 10);
	*at = end;
	return true;
}

unsigned
field_flags(const struct enumeration *values, const char *text)
{
	unsigned bits = 0;

	while (*text != '\0') {
		size_t length = strcspn(text, " ");

		for (size_t i = 0; i < values->count; i++)
			if (strlen(values->texts[i]) == length &&
			    memcmp(values->texts[i], text, length) == 0)
				bits |= 1u << i;
		text += length + (text[length] == ' ');
	}
	return bits;
}

int64_t
field_time(const char *text)
{
	int64_t seconds = calendar_days(number_at(text, 4),
	    number_at(text + 5, 2), number_at(text + 8, 2)) * 86400 +
	    number_at(text + 11, 2) * 3600 + number_at(text + 14, 2) * 60 +
	    number_at(text + 17, 2);

	return seconds * 1000 + number_at(text + 20, 3);
}

bool
field_read_time(const char *text, int64_t *ms)
{
	if (!is_time(text, strlen(text)))
		return false;
	*ms = field_time(text);
	return true;
}

static long
decode_hex(const char *text, size_t length, uint8_t *bytes, size_t size)
{
	if (length / 2 > size)
		return -1;
	for (size_t i = 0; i < length / 2; i++)
		bytes[i] = (uint8_t)(hex_value(text[2 * i]) << 4 |
		    hex_value(text[2 * i + 1]));
	return (long)(length / 2);
}

static long
decode_base64(const char *text, size_t length, uint8_t *bytes, size_t size)
{
	uint32_t bits = 0;
	unsigned have = 0;
	size_t used = 0;

	for (size_t i = 0; i < length && text[i] != '='; i++) {
		bits = bits << 6 | base64_value(text[i]);
		have += 6;
		if (have < 8)
			continue;
		have -= 8;
		if (used == size)
			return -1;
		bytes[used++] = (uint8_t)(bits >> have);
	}
	return (long)used;
}

static long
decode_text(const char *text, size_t length, uint8_t *bytes, size_t size)
{
	size_t used = 0;

	for (size_t i = 0; i < length; i++) {
		uint8_t byte = (uint8_t)text[i];

		if (byte == '\\') {
			byte = (uint8_t)(hex_value(text[i + 2]) << 4 |
			    hex_value(text[i + 3]));
			i += 3;
		}
		if (used == size)
			return -1;
		bytes[used++] = byte;
	}
	return (long)used;
}

long
field_bytes(enum column_kind kind, const char *text, size_t length,
    uint8_t *bytes, size_t size)
{
	assert(kind == COLUMN_HEX || kind == COLUMN_BASE64 ||
	    kind == COLUMN_TEXT);
	if (kind == COLUMN_HEX)
		return decode_hex(text, length, bytes, size);
	return kind == COLUMN_BASE64
	    ? decode_base64(text, length, bytes, size)
	    : decode_text(text, length, bytes, size);
}

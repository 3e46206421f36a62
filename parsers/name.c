#include "parsers/name.h"

#include <idn2.h>
#include <string.h>

/* A name of 255 bytes has no more. */
#define LABELS_MAX	127

/* Bytes that have no escape in the text form; upper case is left out. */
static const bool plain[256] = {
	['-'] = true, ['_'] = true,
	['0'] = true, ['1'] = true, ['2'] = true, ['3'] = true, ['4'] = true,
	['5'] = true, ['6'] = true, ['7'] = true, ['8'] = true, ['9'] = true,
	['a'] = true, ['b'] = true, ['c'] = true, ['d'] = true, ['e'] = true,
	['f'] = true, ['g'] = true, ['h'] = true, ['i'] = true, ['j'] = true,
	['k'] = true, ['l'] = true, ['m'] = true, ['n'] = true, ['o'] = true,
	['p'] = true, ['q'] = true, ['r'] = true, ['s'] = true, ['t'] = true,
	['u'] = true, ['v'] = true, ['w'] = true, ['x'] = true, ['y'] = true,
	['z'] = true,
};

static bool
is_plain(uint8_t byte)
{
	return plain[byte];
}

static uint8_t
lower(uint8_t byte)
{
	return byte >= 'A' && byte <= 'Z' ? byte + 32 : byte;
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Reads the escape whose backslash is text[0]. Returns how many bytes it takes,
 * or 0 if it is not an escape. */
static size_t
read_escape(const char *text, size_t left, uint8_t *byte)
{
	unsigned value;

	if (left < 2)
		return 0;
	if (!is_digit(text[1])) {
		*byte = (uint8_t)text[1];
		return 2;
	}
	if (left < 4 || !is_digit(text[2]) || !is_digit(text[3]))
		return 0;
	value = (unsigned)(text[1] - '0') * 100 +
	    (unsigned)(text[2] - '0') * 10 + (unsigned)(text[3] - '0');
	*byte = (uint8_t)value;
	return value < 256 ? 4 : 0;
}

struct builder {
	uint8_t	*wire;
	size_t	 at;		/* next byte */
	size_t	 label;		/* length byte of the present label */
};

static enum name_error
add_byte(struct builder *builder, uint8_t byte)
{
	if (builder->at - builder->label > NAME_LABEL_MAX)
		return NAME_LABEL_TOO_LONG;
	/* The root label needs a byte as well. */
	if (builder->at >= NAME_WIRE_MAX - 1)
		return NAME_TOO_LONG;
	builder->wire[builder->at++] = lower(byte);
	return NAME_OK;
}

static enum name_error
end_label(struct builder *builder)
{
	size_t length = builder->at - builder->label - 1;

	if (length == 0)
		return NAME_EMPTY_LABEL;
	builder->wire[builder->label] = (uint8_t)length;
	/* add_byte() has left room for the next label's length byte. */
	builder->label = builder->at;
	builder->wire[builder->at++] = 0;
	return NAME_OK;
}

enum name_error
name_from_text(const char *text, size_t length, uint8_t wire[NAME_WIRE_MAX],
    size_t *wire_length)
{
	struct builder builder = { wire, 1, 0 };
	enum name_error error = NAME_OK;

	if (length == 0)
		return NAME_SYNTAX;
	if (length == 1 && text[0] == '.') {
		wire[0] = 0;
		*wire_length = 1;
		return NAME_OK;
	}
	for (size_t i = 0; i < length && error == NAME_OK;) {
		uint8_t byte = (uint8_t)text[i];
		size_t taken = 1;

		if (byte == '.') {
			error = end_label(&builder);
			i++;
			continue;
		}
		if (byte == '\\') {
			taken = read_escape(text + i, length - i, &byte);
			if (taken == 0)
				return NAME_SYNTAX;
		} else if (byte <= ' ' || byte == 0x7f) {
			return NAME_CONTROL_BYTE;
		}
		error = add_byte(&builder, byte);
		i += taken;
	}
	/* A final dot has ended the last label. */
	if (error == NAME_OK && builder.at - builder.label > 1)
		error = end_label(&builder);
	if (error != NAME_OK)
		return error;
	wire[builder.label] = 0;
	*wire_length = builder.label + 1;
	return NAME_OK;
}

enum name_error
name_from_input(const char *text, size_t length, uint8_t wire[NAME_WIRE_MAX],
    size_t *wire_length)
{
	char utf8[NAME_TEXT_MAX];
	char *ascii = NULL;
	bool is_ascii = true;
	enum name_error error;

	for (size_t i = 0; i < length && is_ascii; i++)
		is_ascii = (uint8_t)text[i] < 0x80;
	if (is_ascii)
		return name_from_text(text, length, wire, wire_length);
	if (length >= sizeof utf8)
		return NAME_TOO_LONG;
	for (size_t i = 0; i < length; i++)
		if ((uint8_t)text[i] <= ' ' || text[i] == 0x7f)
			return NAME_CONTROL_BYTE;
	memcpy(utf8, text, length);
	utf8[length] = '\0';
	if (idn2_to_ascii_8z(utf8, &ascii, IDN2_NFC_INPUT |
	    IDN2_NONTRANSITIONAL) != IDN2_OK)
		return NAME_IDNA;
	/* Escapes do not mix with U-labels; U+FF3C maps to a backslash. */
	if (strchr(ascii, '\\') != NULL)
		error = NAME_IDNA;
	else
		error = name_from_text(ascii, strlen(ascii), wire,
		    wire_length);
	idn2_free(ascii);
	return error;
}

static char *
put_escape(char *at, uint8_t byte)
{
	*at++ = '\\';
	*at++ = (char)('0' + byte / 100);
	*at++ = (char)('0' + byte / 10 % 10);
	*at++ = (char)('0' + byte % 10);
	return at;
}

size_t
name_to_text(const uint8_t *wire, char text[NAME_TEXT_MAX])
{
	char *at = text;

	if (wire[0] == 0) {
		memcpy(text, ".", 2);
		return 1;
	}
	while (wire[0] != 0) {
		const uint8_t *end = wire + 1 + wire[0];

		if (at != text)
			*at++ = '.';
		for (wire++; wire < end; wire++) {
			uint8_t byte = *wire;

			if (!is_plain(byte))
				byte = lower(byte);
			if (is_plain(byte) && !(byte == '-' && at == text))
				*at++ = (char)byte;
			else
				at = put_escape(at, byte);
		}
	}
	*at = '\0';
	return (size_t)(at - text);
}

size_t
name_wire_length(const uint8_t *wire, size_t limit)
{
	size_t at = 0;

	if (limit > NAME_WIRE_MAX)
		limit = NAME_WIRE_MAX;
	while (at < limit) {
		if (wire[at] == 0)
			return at + 1;
		if (wire[at] > NAME_LABEL_MAX)
			return 0;
		at += 1 + (size_t)wire[at];
	}
	return 0;
}

unsigned
name_labels(const uint8_t *wire)
{
	unsigned labels = 0;

	for (; *wire != 0; wire += 1 + *wire)
		labels++;
	return labels;
}

const uint8_t *
name_find(const uint8_t *name, const uint8_t *zone)
{
	size_t length = name_wire_length(zone, NAME_WIRE_MAX);
	size_t left = name_wire_length(name, NAME_WIRE_MAX);

	while (left > length) {
		left -= 1 + (size_t)*name;
		name += 1 + (size_t)*name;
	}
	return left == length && memcmp(name, zone, length) == 0 ? name : NULL;
}

bool
name_is_host(const uint8_t *wire)
{
	bool is_number = true;

	while (*wire != 0) {
		const uint8_t *end = wire + 1 + *wire;

		is_number = true;
		for (wire++; wire < end; wire++) {
			if (!is_plain(lower(*wire)))
				return false;
			is_number = is_number && is_digit((char)*wire);
		}
	}
	return !is_number;
}

bool
name_is_smtp_domain(const char *text)
{
	uint8_t wire[NAME_WIRE_MAX];
	size_t length = strlen(text), wire_length;

	/* SMTP has no escapes. */
	return name_from_text(text, length, wire, &wire_length) == NAME_OK &&
	    name_is_host(wire) && name_labels(wire) >= 2 &&
	    text[length - 1] != '.' && strchr(text, '\\') == NULL;
}

void
name_lower(uint8_t *wire)
{
	while (*wire != 0) {
		uint8_t *end = wire + 1 + *wire;

		for (wire++; wire < end; wire++)
			*wire = lower(*wire);
	}
}

const char *
name_tld(const char *text)
{
	const char *dot = strrchr(text, '.');

	return dot == NULL || dot[1] == '\0' ? text : dot + 1;
}

const char *
name_error_text(enum name_error error)
{
	static const char *const texts[] = {
		[NAME_OK] = "ok", [NAME_SYNTAX] = "syntax",
		[NAME_TOO_LONG] = "name_too_long",
		[NAME_LABEL_TOO_LONG] = "label_too_long",
		[NAME_EMPTY_LABEL] = "empty_label",
		[NAME_CONTROL_BYTE] = "control_byte", [NAME_IDNA] = "idna",
	};

	return texts[error];
}

static unsigned
labels_of(const uint8_t *name, const uint8_t *labels[LABELS_MAX])
{
	unsigned count = 0;

	for (; *name != 0; name += 1 + *name)
		labels[count++] = name;
	return count;
}

int
name_order(const uint8_t *a, const uint8_t *b)
{
	const uint8_t *of_a[LABELS_MAX], *of_b[LABELS_MAX];
	unsigned left_a = labels_of(a, of_a), left_b = labels_of(b, of_b);

	while (left_a > 0 && left_b > 0) {
		const uint8_t *x = of_a[--left_a], *y = of_b[--left_b];
		size_t length = *x < *y ? *x : *y;
		int difference = memcmp(x + 1, y + 1, length);

		if (difference == 0)
			difference = *x - *y;
		if (difference != 0)
			return difference;
	}
	return (left_a > 0) - (left_b > 0);
}

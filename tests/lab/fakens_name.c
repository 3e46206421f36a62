/* fakens_name: domain names between text and wire (RFC 1035 3.1, 4.1.4). */
#include "fakens.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LABEL_MAX	63
#define POINTERS_MAX	64

bool
name_parse(struct name *name, const char *text)
{
	bool is_absolute = strcmp(text, ".") == 0;

	name->length = 0;
	if (is_absolute)
		text++;
	while (*text != '\0') {
		size_t length = strcspn(text, ".");

		if (length == 0 || length > LABEL_MAX ||
		    name->length + length + 2 > sizeof name->bytes)
			return false;
		name->bytes[name->length++] = (uint8_t)length;
		for (size_t i = 0; i < length; i++)
			name->bytes[name->length++] =
			    (uint8_t)tolower((unsigned char)text[i]);
		text += length;
		is_absolute = *text == '.';
		text += is_absolute;
	}
	if (is_absolute)
		name->bytes[name->length++] = 0;
	return true;
}

size_t
name_read(struct name *name, const uint8_t *message, size_t length, size_t from)
{
	size_t end = 0;
	unsigned pointers = 0;

	name->length = 0;
	for (;;) {
		uint8_t first;

		if (from >= length)
			return 0;
		first = message[from];
		if ((first & 0xc0) == 0xc0) {
			if (from + 1 >= length || ++pointers > POINTERS_MAX)
				return 0;
			if (end == 0)
				end = from + 2;
			from = (size_t)(first & 0x3f) << 8 | message[from + 1];
			continue;
		}
		if (first > LABEL_MAX || from + 1 + first > length ||
		    name->length + 1 + first > sizeof name->bytes)
			return 0;
		name->bytes[name->length++] = first;
		for (size_t i = 1; i <= first; i++)
			name->bytes[name->length++] =
			    (uint8_t)tolower(message[from + i]);
		from += 1 + (size_t)first;
		if (first == 0)
			return end != 0 ? end : from;
	}
}

bool
name_equal(const struct name *one, const struct name *other)
{
	return one->length == other->length &&
	    memcmp(one->bytes, other->bytes, one->length) == 0;
}

bool
name_is_below(const struct name *name, const struct name *zone)
{
	size_t at = 0;

	if (name->length < zone->length)
		return false;
	while (at < name->length - zone->length)
		at += 1 + (size_t)name->bytes[at];
	return at == name->length - zone->length &&
	    memcmp(name->bytes + at, zone->bytes, zone->length) == 0;
}

void
name_print(const struct name *name, char *text, size_t size)
{
	size_t at = 0, to = 0;

	while (at < name->length && name->bytes[at] != 0) {
		size_t length = name->bytes[at++];

		for (; length > 0 && to + 3 < size; length--) {
			uint8_t byte = name->bytes[at++];

			text[to++] = byte > ' ' && byte < 0x7f ? (char)byte
			    : '?';
		}
		at += length;
		text[to++] = '.';
	}
	if (to == 0)
		text[to++] = '.';
	text[to] = '\0';
}

/* Replaces {n}, {n%K}, {m} and {m%K}. False where the braces are wrong. */
static bool
pattern_fill(char *text, size_t size, const char *pattern,
    const unsigned long numbers[2])
{
	size_t to = 0;

	while (*pattern != '\0') {
		unsigned long value;
		char *end;

		if (to + 24 > size)
			return false;
		if (*pattern != '{') {
			text[to++] = *pattern++;
			continue;
		}
		if (pattern[1] != 'n' && pattern[1] != 'm')
			return false;
		value = numbers[pattern[1] == 'm'];
		end = (char *)pattern + 2;
		if (*end == '%') {
			unsigned long by = strtoul(end + 1, &end, 10);

			if (by == 0)
				return false;
			value %= by;
		}
		if (*end != '}')
			return false;
		pattern = end + 1;
		to += (size_t)snprintf(text + to, size - to, "%lu", value);
	}
	text[to] = '\0';
	return true;
}

bool
pattern_expand(struct name *name, const char *pattern,
    const unsigned long numbers[2], const struct name *origin)
{
	char text[300];

	if (!pattern_fill(text, sizeof text, pattern, numbers) ||
	    !name_parse(name, text))
		return false;
	if (name->length > 0 && name->bytes[name->length - 1] == 0)
		return true;
	if (origin == NULL ||
	    name->length + origin->length > sizeof name->bytes)
		return false;
	memcpy(name->bytes + name->length, origin->bytes, origin->length);
	name->length += origin->length;
	return true;
}

#include "parsers/json_keys.h"

#include <stdint.h>
#include <string.h>

#include "scanner/base/buffer.h"
#include "scanner/base/map.h"

struct walk {
	const char	*at, *end;
	unsigned	 depth;
	struct buffer	 pointer, key;
	void		(*tell)(void *, const char *);
	void		*tag;
};

static bool walk_value(struct walk *);

static char
peek(struct walk *walk)
{
	while (walk->at < walk->end && memchr(" \t\r\n", *walk->at, 4) != NULL)
		walk->at++;
	return walk->at < walk->end ? *walk->at : '\0';
}

static bool
take(struct walk *walk, char c)
{
	if (peek(walk) != c)
		return false;
	walk->at++;
	return true;
}

/* Strings ***************************************************************** */

static bool
take_hex(struct walk *walk, uint32_t *unit)
{
	static const char digits[] = "0123456789abcdef";

	*unit = 0;
	for (int i = 0; i < 4; i++) {
		const char *digit;

		if (walk->at == walk->end)
			return false;
		digit = memchr(digits, *walk->at | 0x20, sizeof digits - 1);
		if (digit == NULL)
			return false;
		*unit = *unit * 16 + (uint32_t)(digit - digits);
		walk->at++;
	}
	return true;
}

static void
append_utf8(struct buffer *key, uint32_t code)
{
	if (code < 0x80) {
		buffer_append_byte(key, (uint8_t)code);
		return;
	}
	if (code < 0x800) {
		buffer_append_byte(key, (uint8_t)(0xc0 | code >> 6));
	} else {
		if (code < 0x10000) {
			buffer_append_byte(key, (uint8_t)(0xe0 | code >> 12));
		} else {
			buffer_append_byte(key, (uint8_t)(0xf0 | code >> 18));
			buffer_append_byte(key,
			    (uint8_t)(0x80 | (code >> 12 & 0x3f)));
		}
		buffer_append_byte(key, (uint8_t)(0x80 | (code >> 6 & 0x3f)));
	}
	buffer_append_byte(key, (uint8_t)(0x80 | (code & 0x3f)));
}

/* Behind "\u": a code point, of a pair of surrogates where it is one. */
static bool
take_code(struct walk *walk)
{
	uint32_t code, low;

	if (!take_hex(walk, &code) || code == 0)
		return false;
	if (code >= 0xd800 && code < 0xdc00) {
		if (walk->end - walk->at < 2 ||
		    memcmp(walk->at, "\\u", 2) != 0)
			return false;
		walk->at += 2;
		if (!take_hex(walk, &low) || low < 0xdc00 || low > 0xdfff)
			return false;
		code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
	}
	append_utf8(&walk->key, code);
	return true;
}

static bool
take_escape(struct walk *walk)
{
	static const char letters[] = "\"\\/bfnrt", bytes[] = "\"\\/\b\f\n\r\t";
	const char *letter;

	if (walk->at == walk->end)
		return false;
	if (*walk->at == 'u') {
		walk->at++;
		return take_code(walk);
	}
	letter = memchr(letters, *walk->at++, sizeof letters - 1);
	if (letter == NULL)
		return false;
	buffer_append_byte(&walk->key, (uint8_t)bytes[letter - letters]);
	return true;
}

/* Into walk->key, without escapes. */
static bool
take_string(struct walk *walk)
{
	walk->key.length = 0;
	if (!take(walk, '"'))
		return false;
	while (walk->at < walk->end && *walk->at != '"') {
		if (*walk->at == '\0')
			return false;
		if (*walk->at != '\\') {
			buffer_append_byte(&walk->key, (uint8_t)*walk->at++);
			continue;
		}
		walk->at++;
		if (!take_escape(walk))
			return false;
	}
	return walk->at < walk->end && *walk->at++ == '"';
}

/* Values ****************************************************************** */

/* RFC 6901 3: "~" is "~0", "/" is "~1". */
static void
enter(struct walk *walk, const char *key)
{
	buffer_append_byte(&walk->pointer, '/');
	for (; *key != '\0'; key++) {
		if (*key == '~' || *key == '/')
			buffer_append_text(&walk->pointer,
			    *key == '~' ? "~0" : "~1");
		else
			buffer_append_byte(&walk->pointer, (uint8_t)*key);
	}
}

static bool
walk_member(struct walk *walk, struct map *keys)
{
	size_t length = walk->pointer.length;
	void **place;
	bool good;

	if (!take_string(walk))
		return false;
	place = map_place(keys, buffer_text(&walk->key), NULL);
	enter(walk, (const char *)walk->key.bytes);
	if (*place != NULL)
		walk->tell(walk->tag, buffer_text(&walk->pointer));
	*place = walk;
	good = take(walk, ':') && walk_value(walk);
	walk->pointer.length = length;
	return good;
}

static bool
walk_object(struct walk *walk)
{
	struct map *keys = map_new();
	bool good = true;

	if (!take(walk, '}')) {
		do
			good = walk_member(walk, keys);
		while (good && take(walk, ','));
		good = good && take(walk, '}');
	}
	map_free(keys);
	return good;
}

static bool
walk_array(struct walk *walk)
{
	size_t length = walk->pointer.length;
	unsigned long index = 0;
	bool good = true;

	if (take(walk, ']'))
		return true;
	do {
		buffer_printf(&walk->pointer, "/%lu", index++);
		good = walk_value(walk);
		walk->pointer.length = length;
	} while (good && take(walk, ','));
	return good && take(walk, ']');
}

/* A number, true, false or null: what it is does not matter. */
static bool
skip_word(struct walk *walk)
{
	const char *start = walk->at;

	while (walk->at < walk->end && *walk->at != '\0' &&
	    strchr(",]} \t\r\n\"[{:", *walk->at) == NULL)
		walk->at++;
	return walk->at > start;
}

static bool
walk_value(struct walk *walk)
{
	bool good;

	if (walk->depth == JSON_KEYS_DEPTH)
		return false;
	walk->depth++;
	if (take(walk, '{'))
		good = walk_object(walk);
	else if (take(walk, '['))
		good = walk_array(walk);
	else if (peek(walk) == '"')
		good = take_string(walk);
	else
		good = skip_word(walk);
	walk->depth--;
	return good;
}

bool
json_keys_repeated(const char *text, size_t length,
    void (*tell)(void *, const char *), void *tag)
{
	struct walk walk = {
		.at = text, .end = text + length, .tell = tell, .tag = tag,
	};
	bool good = walk_value(&walk) && peek(&walk) == '\0' &&
	    walk.at == walk.end;

	buffer_fini(&walk.pointer);
	buffer_fini(&walk.key);
	return good;
}

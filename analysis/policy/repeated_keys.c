#include "analysis/policy/repeated_keys.h"

#include <assert.h>
#include <jansson.h>
#include <string.h>

#include "scanner/base/buffer.h"
#include "scanner/base/map.h"

/* jansson has read the text: it is legal, and nested 2048 deep at most. */
struct walk {
	const char	*at, *end;
	struct buffer	 pointer;	/* of the present value */
	void		(*tell)(void *, const char *);
	void		*tag;
};

static void walk_value(struct walk *);

static char
next(struct walk *walk)
{
	while (walk->at < walk->end && strchr(" \t\r\n", *walk->at) != NULL)
		walk->at++;
	assert(walk->at < walk->end);
	return *walk->at;
}

static bool
take(struct walk *walk, char c)
{
	if (next(walk) != c)
		return false;
	walk->at++;
	return true;
}

static void
skip_string(struct walk *walk)
{
	for (walk->at++; *walk->at != '"'; walk->at++) {
		if (*walk->at == '\\')
			walk->at++;
		assert(walk->at < walk->end);
	}
	walk->at++;
}

/* Returns the key without its escapes. The caller releases it. */
static json_t *
take_key(struct walk *walk)
{
	const char *start;
	json_t *key;

	(void)next(walk);
	start = walk->at;
	skip_string(walk);
	key = json_loadb(start, (size_t)(walk->at - start), JSON_DECODE_ANY,
	    NULL);
	assert(json_is_string(key));
	return key;
}

static void
walk_member(struct walk *walk, struct map *keys)
{
	size_t length = walk->pointer.length;
	json_t *key = take_key(walk);
	void **place = map_place(keys, json_string_value(key), NULL);

	json_pointer_enter(&walk->pointer, json_string_value(key));
	json_decref(key);
	if (*place != NULL)
		walk->tell(walk->tag, buffer_text(&walk->pointer));
	*place = walk;
	(void)take(walk, ':');
	walk_value(walk);
	walk->pointer.length = length;
}

static void
walk_object(struct walk *walk)
{
	struct map *keys = map_new();

	if (!take(walk, '}')) {
		do
			walk_member(walk, keys);
		while (take(walk, ','));
		(void)take(walk, '}');
	}
	map_free(keys);
}

static void
walk_array(struct walk *walk)
{
	size_t length = walk->pointer.length;
	unsigned long index = 0;

	if (take(walk, ']'))
		return;
	do {
		buffer_printf(&walk->pointer, "/%lu", index++);
		walk_value(walk);
		walk->pointer.length = length;
	} while (take(walk, ','));
	(void)take(walk, ']');
}

static void
walk_value(struct walk *walk)
{
	if (take(walk, '{'))
		walk_object(walk);
	else if (take(walk, '['))
		walk_array(walk);
	else if (*walk->at == '"')
		skip_string(walk);
	else	/* a number, true, false, null */
		while (walk->at < walk->end &&
		    strchr(",]} \t\r\n", *walk->at) == NULL)
			walk->at++;
}

void
repeated_keys_tell(const char *text, size_t length,
    void (*tell)(void *, const char *), void *tag)
{
	struct walk walk = {
		.at = text, .end = text + length, .tell = tell, .tag = tag,
	};

	walk_value(&walk);
	buffer_fini(&walk.pointer);
}

void
json_pointer_enter(struct buffer *pointer, const char *key)
{
	buffer_append_byte(pointer, '/');
	for (; *key != '\0'; key++) {
		if (*key == '~' || *key == '/')
			buffer_append_text(pointer, *key == '~' ? "~0" : "~1");
		else
			buffer_append_byte(pointer, (uint8_t)*key);
	}
}

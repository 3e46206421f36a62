/* input_json: reads JSON (RULES I17): an array, or a text on each line. An
 * element is a string, or an object with a member `domain`, or else `name`; it
 * may have a `rank`. */
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "parsers/json_elements.h"
#include "scanner/input/input_kinds.h"

#define ELEMENT_MAX	(64 * 1024)

static void
begin_json(struct input *input)
{
	input->elements = json_elements_new(ELEMENT_MAX);
}

static void
reject(const struct input *input, const struct json_element *element,
    enum reject reason)
{
	size_t length = element->length;

	while (length > 0 && strchr(" \t\r\n", element->text[length - 1]) !=
	    NULL)
		length--;
	input->sink->on_reject(input->sink->tag, reason, element->place, 1,
	    element->text, length);
}

static uint64_t
rank_of(const json_t *value)
{
	json_int_t rank = json_integer_value(json_object_get(value, "rank"));

	return rank > 0 ? (uint64_t)rank : 0;
}

static void
on_element(struct input *input, const struct json_element *element)
{
	json_t *value, *name;

	if (element->is_cut) {
		reject(input, element, REJECT_TOO_LARGE);
		return;
	}
	value = json_loadb(element->text, element->length,
	    JSON_DECODE_ANY | JSON_REJECT_DUPLICATES, NULL);
	name = json_object_get(value, "domain");
	if (name == NULL)
		name = json_object_get(value, "name");
	if (json_is_string(value))
		name = value;
	if (json_is_string(name))
		input_take_entry(input, json_string_value(name),
		    json_string_length(name), element->place, rank_of(value));
	else
		reject(input, element, REJECT_SYNTAX);
	json_decref(value);
}

static void
push_json(struct input *input, const char *bytes, size_t length)
{
	struct json_element element;
	size_t taken;

	for (; length > 0; length -= taken) {
		if (json_elements_push(input->elements, bytes, length, &taken,
		    &element))
			on_element(input, &element);
		bytes += taken;
	}
}

static bool
end_json(struct input *input)
{
	struct json_element element;
	bool is_open = json_elements_are_open(input->elements);

	if (json_elements_finish(input->elements, &element))
		on_element(input, &element);
	json_elements_free(input->elements);
	if (is_open)
		snprintf(input->why, 256, "the array has no end: the file is "
		    "cut off");
	return !is_open;
}

const struct input_kind input_json = { begin_json, push_json, end_json };

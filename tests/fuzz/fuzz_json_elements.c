/*
 * fuzz_json_elements: JSON that people bring. However the bytes are cut, the
 * elements are the same; and an array that jansson reads has the elements that
 * it says. The first byte of the input sets the bound, the second the cuts.
 */
#include <assert.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "parsers/json_elements.h"
#include "scanner/base/buffer.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static void
note(struct buffer *story, const struct json_element *element,
    size_t element_max)
{
	assert(element->length <= element_max);
	assert(element->place > 0);
	buffer_append(story, &element->length, sizeof element->length);
	buffer_append(story, &element->place, sizeof element->place);
	buffer_append_byte(story, element->is_cut);
	buffer_append(story, element->text, element->length);
}

static void
read_all(struct buffer *story, const char *bytes, size_t length, size_t piece,
    size_t element_max)
{
	struct json_elements *elements = json_elements_new(element_max);
	struct json_element element;

	while (length > 0) {
		size_t taken, step = piece < length ? piece : length;
		bool is_one = json_elements_push(elements, bytes, step, &taken,
		    &element);

		assert(taken > 0 && taken <= step && (is_one || taken == step));
		if (is_one)
			note(story, &element, element_max);
		bytes += taken;
		length -= taken;
	}
	if (json_elements_finish(elements, &element))
		note(story, &element, element_max);
	assert(!json_elements_finish(elements, &element));
	json_elements_free(elements);
}

static void
must_be_same(const struct buffer *a, const struct buffer *b)
{
	assert(a->length == b->length);
	assert(a->length == 0 || memcmp(a->bytes, b->bytes, a->length) == 0);
}

/* Each element is read as jansson reads it in its array. */
static void
must_be_elements(const char *bytes, size_t length, const json_t *array)
{
	struct json_elements *elements = json_elements_new(SIZE_MAX);
	struct json_element element;
	size_t taken, i = 0;
	json_t *value;

	for (; length > 0; length -= taken, bytes += taken) {
		if (!json_elements_push(elements, bytes, length, &taken,
		    &element))
			continue;
		value = json_loadb(element.text, element.length,
		    JSON_DECODE_ANY, NULL);
		assert(element.place == i + 1);
		assert(json_equal(value, json_array_get(array, i++)));
		json_decref(value);
	}
	assert(i == json_array_size(array));
	assert(!json_elements_are_open(elements));
	json_elements_free(elements);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	struct buffer whole = { 0 }, single = { 0 }, cut = { 0 };
	const char *input = (const char *)bytes + 2;
	size_t element_max, piece;
	json_t *array;

	if (length < 2)
		return 0;
	element_max = (size_t)bytes[0] + 1;
	piece = (size_t)bytes[1] + 1;
	length -= 2;
	read_all(&whole, input, length, length, element_max);
	read_all(&single, input, length, 1, element_max);
	read_all(&cut, input, length, piece, element_max);
	must_be_same(&whole, &single);
	must_be_same(&whole, &cut);
	array = json_loadb(input, length, 0, NULL);
	if (json_is_array(array))
		must_be_elements(input, length, array);
	json_decref(array);
	buffer_fini(&whole);
	buffer_fini(&single);
	buffer_fini(&cut);
	return 0;
}

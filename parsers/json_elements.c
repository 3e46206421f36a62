#include "parsers/json_elements.h"

#include <stdlib.h>

#include "scanner/base/buffer.h"
#include "scanner/base/memory.h"

enum place {
	AT_BEGINNING,	/* of the input */
	IN_ARRAY,
	IN_LINES,	/* also after an array */
};

struct json_elements {
	enum place	 place;
	size_t		 element_max;
	struct buffer	 element;
	bool		 is_cut;
	/* The state inside an array: whether an element has begun, the depth of
	 * brackets, whether a string is open, whether a backslash was last, and
	 * whether a comma was last. */
	uint64_t	 depth;
	bool		 in_string, is_escaped, after_comma;
	bool		 had_array;
	uint64_t	 line, number;
};

struct json_elements *
json_elements_new(size_t element_max)
{
	struct json_elements *elements = xcalloc(1, sizeof *elements);

	elements->element_max = element_max;
	elements->line = 1;
	return elements;
}

void
json_elements_free(struct json_elements *elements)
{
	if (elements == NULL)
		return;
	buffer_fini(&elements->element);
	free(elements);
}

static bool
is_blank(char byte)
{
	return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n';
}

static bool
is_empty(const struct json_elements *elements)
{
	return elements->element.length == 0 && !elements->is_cut;
}

static void
keep(struct json_elements *elements, char byte)
{
	if (elements->element.length < elements->element_max)
		buffer_append_byte(&elements->element, (uint8_t)byte);
	else
		elements->is_cut = true;
}

/* The buffer is reused at the next byte. */
static bool
end_element(struct json_elements *elements, struct json_element *element)
{
	elements->number++;
	*element = (struct json_element){
		.text = elements->element.length > 0
		    ? (const char *)elements->element.bytes : "",
		.length = elements->element.length,
		.place = elements->had_array ? elements->number
		    : elements->line,
		.is_cut = elements->is_cut,
	};
	elements->element.length = 0;
	elements->is_cut = false;
	elements->depth = 0;
	elements->in_string = elements->is_escaped = false;
	return true;
}

/* A string cannot contain a line end (RFC 8259 7). If there is one, a quote is
 * missing, and the string ends here. */
static void
in_string(struct json_elements *elements, char byte)
{
	if (byte == '\n' || (byte == '"' && !elements->is_escaped))
		elements->in_string = false;
	elements->is_escaped = byte == '\\' && !elements->is_escaped;
	keep(elements, byte);
}

/* Takes a byte inside an array and outside strings. */
static bool
in_array(struct json_elements *elements, char byte,
    struct json_element *element)
{
	bool is_end = elements->depth == 0 && byte == ']';

	if (is_end)
		elements->place = IN_LINES;
	if (is_end || (elements->depth == 0 && byte == ',')) {
		bool is_one = !is_end || elements->after_comma ||
		    !is_empty(elements);

		elements->after_comma = !is_end;
		return is_one && end_element(elements, element);
	}
	if (is_blank(byte) && is_empty(elements))
		return false;
	if (byte == '[' || byte == '{')
		elements->depth++;
	else if ((byte == ']' || byte == '}') && elements->depth > 0)
		elements->depth--;
	elements->in_string = byte == '"';
	keep(elements, byte);
	return false;
}

static bool
in_lines(struct json_elements *elements, char byte,
    struct json_element *element)
{
	if (byte == '\n')
		return !is_empty(elements) && end_element(elements, element);
	if (!is_empty(elements) || !is_blank(byte))
		keep(elements, byte);
	return false;
}

static bool
on_byte(struct json_elements *elements, char byte,
    struct json_element *element)
{
	switch (elements->place) {
	case AT_BEGINNING:
		if (is_blank(byte))
			return false;
		elements->had_array = byte == '[';
		elements->place = byte == '[' ? IN_ARRAY : IN_LINES;
		return byte != '[' && in_lines(elements, byte, element);
	case IN_ARRAY:
		if (!elements->in_string)
			return in_array(elements, byte, element);
		in_string(elements, byte);
		return false;
	default:
		return in_lines(elements, byte, element);
	}
}

bool
json_elements_push(struct json_elements *elements, const char *bytes,
    size_t length, size_t *taken, struct json_element *element)
{
	bool is_one = false;
	size_t at = 0;

	while (at < length && !is_one) {
		is_one = on_byte(elements, bytes[at], element);
		elements->line += bytes[at++] == '\n';
	}
	*taken = at;
	return is_one;
}

bool
json_elements_finish(struct json_elements *elements,
    struct json_element *element)
{
	return !is_empty(elements) && end_element(elements, element);
}

bool
json_elements_are_open(const struct json_elements *elements)
{
	return elements->place == IN_ARRAY;
}

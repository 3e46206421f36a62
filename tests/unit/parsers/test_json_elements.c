/* The elements of a JSON array, and of NDJSON (RULES I17): where each begins
 * and ends, however the bytes are cut. A fault costs one element. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "parsers/json_elements.h"

#define COUNT(array) (sizeof (array) / sizeof (array)[0])
#define BOUND 12

/* Each element as PLACE:TEXT and a bar; a tilde in place of the colon where it
 * is cut. At the end an exclamation mark where the input has no end. */
static const struct { const char *json, *elements; } cases[] = {
	{ "", "" }, { " \n\t", "" }, { "[]", "" }, { " [ ] \n", "" },
	{ "[\"a\"]", "1:\"a\"|" },
	{ "[\"a\", 2 ,{\"b\":[3,4]}]", "1:\"a\"|2:2 |3:{\"b\":[3,4]}|" },
	{ "[\n1,\n2\n]\n", "1:1|2:2\n|" },
	{ "[\"a,b\",\"]\",\"\\\"\",\"\\\\\"]",
	    "1:\"a,b\"|2:\"]\"|3:\"\\\"\"|4:\"\\\\\"|" },
	{ "[[1,2],[3]]", "1:[1,2]|2:[3]|" },
	{ "[1,,2,]", "1:1|2:|3:2|4:|" },
	{ "[,]", "1:|2:|" },
	/* A quote is missing: the string ends with its line. */
	{ "[\"a,\n\"b\"]", "1:\"a,\n\"b\"|" },
	{ "[\"a,\n,\"b\"]", "1:\"a,\n|2:\"b\"|" },
	{ "[1}, 2]", "1:1}|2:2|" },
	{ "[\"a\",\"b", "1:\"a\"|2:\"b|!" },
	{ "[", "!" }, { "[1,", "1:1|!" },
	/* More than the bound. */
	{ "[\"123456789012\",2]", "1~\"12345678901|2:2|" },
	{ "[\"1234567890\",2]", "1:\"1234567890\"|2:2|" },
	/* Behind the array each line is an element. */
	{ "[1]2", "1:1|2:2|" }, { "[1]\n[2,3]\n", "1:1|2:[2,3]|" },
	{ "{\"a\":1}\n{\"b\":2}\n", "1:{\"a\":1}|2:{\"b\":2}|" },
	{ "\n1\r\n\n \n 2", "2:1\r|5:2|" },
	{ "\"a\"\n[1]\n", "1:\"a\"|2:[1]|" },
	{ "\"123456789012\"\n2\n", "1~\"12345678901|2:2|" },
};

static void
note(char *story, const struct json_element *element)
{
	sprintf(story + strlen(story), "%d%c%.*s|", (int)element->place,
	    element->is_cut ? '~' : ':', (int)element->length, element->text);
}

static void
read_all(const char *json, size_t piece, char *story)
{
	struct json_elements *elements = json_elements_new(BOUND);
	struct json_element element;
	size_t length = strlen(json), taken;
	bool is_open;

	story[0] = '\0';
	for (; length > 0; length -= taken, json += taken)
		if (json_elements_push(elements, json,
		    piece < length ? piece : length, &taken, &element))
			note(story, &element);
	is_open = json_elements_are_open(elements);
	if (json_elements_finish(elements, &element))
		note(story, &element);
	if (is_open)
		strcat(story, "!");
	json_elements_free(elements);
}

static void
elements(void **state)
{
	char story[256];

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		for (size_t piece = 1; piece < 40; piece++) {
			read_all(cases[i].json, piece, story);
			if (strcmp(story, cases[i].elements) != 0)
				fail_msg("%s in pieces of %zu: %s",
				    cases[i].json, piece, story);
		}
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(elements) };

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}

/*
 * fuzz_config_lines: a line that is read has a name of plain letters and a value
 * without a line feed of its own unless an escape stood for it; numbers of lines
 * go up. What is written of a value is read as this value.
 */
#include <assert.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "parsers/config_lines.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static void
check_again(const struct config_line *line)
{
	struct buffer text = { 0 };
	struct config_lines again;
	struct config_line read;
	struct entry_fault fault;
	char *start;

	buffer_printf(&text, "%s = ", line->name);
	config_value_write(&text, line->value);
	buffer_append_text(&text, "   # comment\n");
	start = buffer_text(&text);
	assert(strchr(start, '\n') == start + text.length - 1);
	/* Escapes make a value longer. */
	if (text.length <= CONFIG_LINE_MAX) {
		assert(config_lines_open(&again, start, text.length, &fault));
		assert(config_lines_next(&again, &read, &fault) == CONFIG_LINE);
		assert(read.number == 1);
		assert(strcmp(read.name, line->name) == 0);
		assert(strcmp(read.value, line->value) == 0);
		assert(config_lines_next(&again, &read, &fault) == CONFIG_END);
	}
	buffer_fini(&text);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	char *text = malloc(length + 1);
	size_t lines = 1, number = 0;
	enum config_result result = CONFIG_WRONG;
	struct config_lines reader;
	struct entry_fault fault;
	struct config_line line;

	assert(text != NULL);
	for (size_t i = 0; i < length; i++)
		lines += bytes[i] == '\n';
	memcpy(text, bytes, length);
	text[length] = '\0';
	if (config_lines_open(&reader, text, length, &fault))
		while ((result = config_lines_next(&reader, &line, &fault)) ==
		    CONFIG_LINE) {
			assert(line.number > number && line.number <= lines);
			number = line.number;
			assert(line.name[0] != '\0' && line.name[0] != '-');
			assert(strpbrk(line.name, " \t=#\"\r\n") == NULL);
			if (line.value != NULL)
				check_again(&line);
		}
	if (result == CONFIG_WRONG) {
		assert(fault.line > number && fault.line <= lines);
		assert(fault.why[0] != '\0');
	}
	free(text);
	return 0;
}

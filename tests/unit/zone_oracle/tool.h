/*
 * tool: a zone through a program that prints it (ldns-read-zone,
 * named-compilezone). Included after cmocka.h.
 */
#ifndef MXCENSUS_TESTS_ZONE_TOOL_H
#define MXCENSUS_TESTS_ZONE_TOOL_H

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "tests/unit/zone_oracle/events.h"

#define COM	((const uint8_t *)"\3com")

static inline int
compare_lines(const void *one, const void *other)
{
	return strcmp(*(char *const *)one, *(char *const *)other);
}

/* The lines of a text, sorted; the text is cut up. */
static inline size_t
sort_lines(char *text, const char *lines[], size_t room)
{
	size_t count = 0;

	for (char *line = strtok(text, "\n"); line != NULL && count < room;
	    line = strtok(NULL, "\n"))
		lines[count++] = line;
	qsort(lines, count, sizeof lines[0], compare_lines);
	return count;
}

/* What a tool prints for a zone, in its own order, read by us, must be what
 * the zone says. False: the tool does not take the zone. */
static inline bool
check_tool(const char *command, const char *text, size_t length)
{
	struct events ours = { 0 }, theirs = { 0 };
	char path[] = "/tmp/test_zone.XXXXXX", line[256], chunk[4096];
	const char *our_lines[256], *their_lines[256];
	struct buffer printed = { 0 };
	int file = mkstemp(path);
	size_t count;
	bool is_taken;
	FILE *tool;

	assert_true(file >= 0 &&
	    write(file, text, length) == (ssize_t)length && close(file) == 0);
	snprintf(line, sizeof line, "%s %s 2>/dev/null", command, path);
	tool = popen(line, "r");
	assert_non_null(tool);
	while ((count = fread(chunk, 1, sizeof chunk, tool)) > 0)
		buffer_append(&printed, chunk, count);
	is_taken = pclose(tool) == 0;
	unlink(path);
	if (is_taken) {
		events_read(&ours, text, length, 0, COM);
		events_read(&theirs, buffer_text(&printed), printed.length, 0,
		    COM);
		count = sort_lines(buffer_text(&ours.records), our_lines, 256);
		if (count != sort_lines(buffer_text(&theirs.records),
		    their_lines, 256))
			fail_msg("%s: other number of records\n%.*s", command,
			    (int)length, text);
		for (size_t i = 0; i < count; i++)
			assert_string_equal(our_lines[i], their_lines[i]);
		events_fini(&ours);
		events_fini(&theirs);
	}
	buffer_fini(&printed);
	return is_taken;
}

static inline bool
has_program(const char *name)
{
	char command[128];

	snprintf(command, sizeof command, "command -v %s > /dev/null", name);
	return system(command) == 0;
}

#endif

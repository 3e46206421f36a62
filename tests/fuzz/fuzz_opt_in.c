/*
 * fuzz_opt_in: a list that is read holds what stands in it: each line that is a
 * name by itself is held.
 */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "parsers/name.h"
#include "parsers/opt_in.h"
#include "scanner/base/map.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

/* 1 if the line is a name that is held. */
static size_t
check_line(const struct opt_in *opt_in, const char *line, size_t length)
{
	uint8_t wire[NAME_WIRE_MAX];
	char name[NAME_TEXT_MAX];
	size_t wire_length;

	if (memchr(line, '#', length) != NULL || name_from_input(line, length,
	    wire, &wire_length) != NAME_OK || wire_length == 1)
		return 0;
	name_to_text(wire, name);
	assert(opt_in_has(opt_in, name));
	return 1;
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	const char *text = (const char *)bytes, *end = text + length;
	struct opt_in opt_in = { 0 };
	size_t line, lines = 1, names = 0;

	for (const char *at = text; at < end; at++)
		lines += *at == '\n';
	if (opt_in_read(&opt_in, text, length, &line)) {
		while (text < end) {
			const char *stop = memchr(text, '\n',
			    (size_t)(end - text));

			if (stop == NULL)
				stop = end;
			names += check_line(&opt_in, text,
			    (size_t)(stop - text));
			text = stop + 1;
		}
		assert(names == 0 || opt_in.names.names != NULL);
		assert(opt_in.names.names == NULL || map_count(opt_in.names.names) <=
		    lines);
	} else {
		assert(line >= 1 && line <= lines);
	}
	opt_in_fini(&opt_in);
	return 0;
}

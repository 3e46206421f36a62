/*
 * fuzz_opt_out: a list that is read holds what stands in it: each line that is a
 * name or an address by itself is held.
 */
#include <assert.h>
#include <string.h>

#include "parsers/name.h"
#include "parsers/opt_out.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static void
check_line(const struct opt_out *opt_out, const char *line, size_t length)
{
	struct prefix prefix;
	uint8_t wire[NAME_WIRE_MAX];
	char name[NAME_TEXT_MAX];
	size_t wire_length;

	if (memchr(line, '#', length) != NULL)
		return;
	if (prefix_from_text(line, length, &prefix)) {
		assert(opt_out_has_address(opt_out, &prefix.base));
	} else if (name_from_input(line, length, wire, &wire_length) ==
	    NAME_OK && wire_length > 1) {
		name_to_text(wire, name);
		assert(opt_out_has_name(opt_out, name));
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	const char *text = (const char *)bytes, *end = text + length;
	struct opt_out opt_out = { 0 };
	size_t line, lines = 1;

	for (const char *at = text; at < end; at++)
		lines += *at == '\n';
	if (opt_out_read(&opt_out, text, length, &line)) {
		while (text < end) {
			const char *stop = memchr(text, '\n',
			    (size_t)(end - text));

			if (stop == NULL)
				stop = end;
			check_line(&opt_out, text, (size_t)(stop - text));
			text = stop + 1;
		}
	} else {
		assert(line >= 1 && line <= lines);
	}
	opt_out_fini(&opt_out);
	return 0;
}

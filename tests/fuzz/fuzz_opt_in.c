/*
 * fuzz_opt_in: a list that is read contains each of its lines that is a name by
 * itself.
 */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "parsers/host_name.h"
#include "parsers/opt_in.h"
#include "scanner/base/map.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

/* 1 if the line is a name that is held. */
static size_t
check_line(const struct opt_in *opt_in, const char *line, size_t length)
{
	char name[NAME_TEXT_MAX], why[HOST_NAME_WHY_MAX];

	if (memchr(line, '#', length) != NULL ||
	    !host_name_read(line, length, name, why))
		return 0;
	assert(opt_in_has(opt_in, name));
	return 1;
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	const char *text = (const char *)bytes, *end = text + length;
	struct opt_in opt_in = { 0 };
	struct entry_fault fault;
	size_t lines = 1, names = 0;

	for (const char *at = text; at < end; at++)
		lines += *at == '\n';
	if (opt_in_read(&opt_in, text, length, &fault)) {
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
		assert(fault.line >= 1 && fault.line <= lines);
		assert(fault.why[0] != '\0');
	}
	opt_in_fini(&opt_in);
	return 0;
}

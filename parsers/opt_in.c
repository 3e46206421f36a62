#include "parsers/opt_in.h"

#include "parsers/entry_lines.h"

bool
opt_in_read(struct opt_in *opt_in, const char *text, size_t length,
    size_t *line)
{
	struct entry_lines lines;
	const char *entry;
	bool good = true;

	entry_lines_init(&lines, text, length);
	while (good && entry_lines_next(&lines, &entry, &length))
		good = name_set_add(&opt_in->names, entry, length);
	*line = lines.line;
	return good;
}

void
opt_in_fini(struct opt_in *opt_in)
{
	name_set_fini(&opt_in->names);
}

bool
opt_in_has(const struct opt_in *opt_in, const char *name)
{
	return name_set_has(&opt_in->names, name);
}

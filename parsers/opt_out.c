#include "parsers/opt_out.h"

#include <string.h>

#include "parsers/entry_lines.h"

static bool
read_entry(struct opt_out *opt_out, const char *text, size_t length)
{
	struct prefix prefix;

	if (prefix_from_text(text, length, &prefix)) {
		prefix_set_add(&opt_out->prefixes, &prefix);
		return true;
	}
	/* A slash is of a prefix that is none. */
	return memchr(text, '/', length) == NULL &&
	    name_set_add(&opt_out->names, text, length);
}

bool
opt_out_read(struct opt_out *opt_out, const char *text, size_t length,
    size_t *line)
{
	struct entry_lines lines;
	const char *entry;
	bool good = true;

	entry_lines_init(&lines, text, length);
	while (good && entry_lines_next(&lines, &entry, &length)) {
		good = read_entry(opt_out, entry, length);
		opt_out->count += good;
	}
	*line = lines.line;
	return good;
}

void
opt_out_fini(struct opt_out *opt_out)
{
	name_set_fini(&opt_out->names);
	prefix_set_fini(&opt_out->prefixes);
	*opt_out = (struct opt_out){ 0 };
}

/* The text without its first label; NULL where that was the last. A dot inside
 * a label is escaped. */
static const char *
parent_of(const char *name)
{
	for (; *name != '\0'; name++) {
		if (*name == '\\')
			name += 3;
		else if (*name == '.')
			return name[1] != '\0' ? name + 1 : NULL;
	}
	return NULL;
}

bool
opt_out_has_name(const struct opt_out *opt_out, const char *name)
{
	for (; name != NULL; name = parent_of(name))
		if (name_set_has(&opt_out->names, name))
			return true;
	return false;
}

bool
opt_out_has_address(const struct opt_out *opt_out,
    const struct address *address)
{
	return prefix_set_contains(&opt_out->prefixes, address);
}

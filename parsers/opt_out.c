#include "parsers/opt_out.h"

#include <string.h>

#include "parsers/name.h"
#include "scanner/base/map.h"

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static bool
read_entry(struct opt_out *opt_out, const char *text, size_t length)
{
	struct prefix prefix;
	uint8_t wire[NAME_WIRE_MAX];
	char name[NAME_TEXT_MAX];
	size_t wire_length;

	if (prefix_from_text(text, length, &prefix)) {
		prefix_set_add(&opt_out->prefixes, &prefix);
		return true;
	}
	/* A slash is of a prefix that is none. The root would be everybody. */
	if (memchr(text, '/', length) != NULL || name_from_input(text, length,
	    wire, &wire_length) != NAME_OK || wire_length == 1)
		return false;
	name_to_text(wire, name);
	if (opt_out->names == NULL)
		opt_out->names = map_new();
	*map_place(opt_out->names, name, NULL) = opt_out;
	return true;
}

bool
opt_out_read(struct opt_out *opt_out, const char *text, size_t length,
    size_t *line)
{
	const char *at = text, *end = text + length;

	for (*line = 1; at < end; (*line)++) {
		const char *stop = memchr(at, '\n', (size_t)(end - at));
		const char *next = stop != NULL ? stop + 1 : end, *comment;

		if (stop == NULL)
			stop = end;
		comment = memchr(at, '#', (size_t)(stop - at));
		if (comment != NULL)
			stop = comment;
		while (at < stop && is_blank(*at))
			at++;
		while (at < stop && is_blank(stop[-1]))
			stop--;
		if (at < stop) {
			if (!read_entry(opt_out, at, (size_t)(stop - at)))
				return false;
			opt_out->count++;
		}
		at = next;
	}
	return true;
}

void
opt_out_fini(struct opt_out *opt_out)
{
	if (opt_out->names != NULL)
		map_free(opt_out->names);
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
	if (opt_out->names == NULL)
		return false;
	for (; name != NULL; name = parent_of(name))
		if (map_get(opt_out->names, name) != NULL)
			return true;
	return false;
}

bool
opt_out_has_address(const struct opt_out *opt_out,
    const struct address *address)
{
	return prefix_set_contains(&opt_out->prefixes, address);
}

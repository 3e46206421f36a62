#include "parsers/opt_in.h"

#include <string.h>

#include "parsers/name.h"
#include "scanner/base/map.h"

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static bool
read_name(struct opt_in *opt_in, const char *text, size_t length)
{
	uint8_t wire[NAME_WIRE_MAX];
	char name[NAME_TEXT_MAX];
	size_t wire_length;

	/* The root takes no mail. */
	if (name_from_input(text, length, wire, &wire_length) != NAME_OK ||
	    wire_length == 1)
		return false;
	name_to_text(wire, name);
	if (opt_in->names == NULL)
		opt_in->names = map_new();
	*map_place(opt_in->names, name, NULL) = opt_in;
	return true;
}

bool
opt_in_read(struct opt_in *opt_in, const char *text, size_t length,
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
		if (at < stop && !read_name(opt_in, at, (size_t)(stop - at)))
			return false;
		at = next;
	}
	return true;
}

void
opt_in_fini(struct opt_in *opt_in)
{
	if (opt_in->names != NULL)
		map_free(opt_in->names);
	opt_in->names = NULL;
}

bool
opt_in_has(const struct opt_in *opt_in, const char *name)
{
	return opt_in->names != NULL && map_get(opt_in->names, name) != NULL;
}

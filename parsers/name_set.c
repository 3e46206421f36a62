#include "parsers/name_set.h"

#include <stdint.h>

#include "parsers/name.h"
#include "scanner/base/map.h"

bool
name_set_add(struct name_set *set, const char *text, size_t length)
{
	uint8_t wire[NAME_WIRE_MAX];
	char name[NAME_TEXT_MAX];
	size_t wire_length;

	if (name_from_input(text, length, wire, &wire_length) != NAME_OK ||
	    wire_length == 1)
		return false;
	name_to_text(wire, name);
	if (set->names == NULL)
		set->names = map_new();
	*map_place(set->names, name, NULL) = set;
	return true;
}

bool
name_set_has(const struct name_set *set, const char *name)
{
	return set->names != NULL && map_get(set->names, name) != NULL;
}

void
name_set_fini(struct name_set *set)
{
	if (set->names != NULL)
		map_free(set->names);
	set->names = NULL;
}

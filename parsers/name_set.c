#include "parsers/name_set.h"

#include "scanner/base/map.h"

void
name_set_add(struct name_set *set, const char *name)
{
	if (set->names == NULL)
		set->names = map_new();
	*map_place(set->names, name, NULL) = set;
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

/*
 * name_set: names that a person wrote down, so that they can be looked up. A
 * zeroed set is empty.
 */
#ifndef MXCENSUS_PARSERS_NAME_SET_H
#define MXCENSUS_PARSERS_NAME_SET_H

#include <stdbool.h>
#include <stddef.h>

struct map;

struct name_set {
	struct map	*names;		/* canonical text form; NULL: none */
};

/* Both take a name in canonical text form. */
void	name_set_add(struct name_set *, const char *name);
bool	name_set_has(const struct name_set *, const char *name);
void	name_set_fini(struct name_set *);

#endif

/*
 * name_set: names that a person wrote down, to be looked up in canonical text form.
 * Zeroed it is empty.
 */
#ifndef MXCENSUS_PARSERS_NAME_SET_H
#define MXCENSUS_PARSERS_NAME_SET_H

#include <stdbool.h>
#include <stddef.h>

struct map;

struct name_set {
	struct map	*names;		/* canonical text form; NULL: none */
};

/* False where the text is no name, and for the root, which no request is of.
 * U-labels are legal (they are taken as A-labels). */
bool	name_set_add(struct name_set *, const char *text, size_t length);
/* The name itself, in canonical text form. */
bool	name_set_has(const struct name_set *, const char *name);
void	name_set_fini(struct name_set *);

#endif

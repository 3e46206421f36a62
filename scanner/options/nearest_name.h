/* nearest_name: finds the name that a mistyped word may have meant. */
#ifndef MXCENSUS_OPTIONS_NEAREST_NAME_H
#define MXCENSUS_OPTIONS_NEAREST_NAME_H

#include <stddef.h>

/* The best name so far. */
struct nearest_name {
	const char	*typed, *name;
	size_t		 distance;
};

void	nearest_name_init(struct nearest_name *, const char *typed);
void	nearest_name_add(struct nearest_name *, const char *name);
/* Returns NULL if no name is near enough. */
const char *nearest_name_found(const struct nearest_name *);

#endif

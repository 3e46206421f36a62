/*
 * arena: many small allocations that are freed together. A zeroed arena is an
 * empty one.
 */
#ifndef MXCENSUS_BASE_ARENA_H
#define MXCENSUS_BASE_ARENA_H

#include <stddef.h>

struct arena_block;

struct arena {
	struct arena_block	*blocks;	/* newest first */
};

void	arena_fini(struct arena *);
/* Returns zeroed memory that is aligned for any type. */
void	*arena_take(struct arena *, size_t size);
char	*arena_text(struct arena *, const char *text);
void	*arena_copy(struct arena *, const void *bytes, size_t size);

#endif

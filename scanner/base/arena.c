#include "scanner/base/arena.h"

#include <stdalign.h>
#include <stdlib.h>
#include <string.h>

#include "scanner/base/memory.h"

#define BLOCK_BYTES	((size_t)64 * 1024)
#define FIRST_BYTES	((size_t)1024)	/* most arenas stay small */

struct arena_block {
	struct arena_block	*older;
	size_t			 used, size;
	alignas(max_align_t) char bytes[];
};

void
arena_fini(struct arena *arena)
{
	while (arena->blocks != NULL) {
		struct arena_block *older = arena->blocks->older;

		free(arena->blocks);
		arena->blocks = older;
	}
}

/* Returns `size` bytes; the first is aligned to `alignment`. */
static void *
take(struct arena *arena, size_t size, size_t alignment)
{
	struct arena_block *block = arena->blocks;
	size_t start = 0;

	if (block != NULL)
		start = (block->used + alignment - 1) & ~(alignment - 1);
	if (block == NULL || block->size < start ||
	    block->size - start < size) {
		size_t bytes = block == NULL ? FIRST_BYTES : BLOCK_BYTES;

		bytes = size > bytes / 4 ? size + bytes : bytes;
		block = xmalloc(sizeof *block + bytes);
		block->older = arena->blocks;
		block->size = bytes;
		arena->blocks = block;
		start = 0;
	}
	block->used = start + size;
	return block->bytes + start;
}

void *
arena_take(struct arena *arena, size_t size)
{
	return memset(take(arena, size, alignof(max_align_t)), 0, size);
}

void *
arena_copy(struct arena *arena, const void *bytes, size_t size)
{
	void *copy = take(arena, size, alignof(max_align_t));

	if (size != 0)
		memcpy(copy, bytes, size);
	return copy;
}

char *
arena_text(struct arena *arena, const char *text)
{
	size_t size = strlen(text) + 1;

	return memcpy(take(arena, size, 1), text, size);
}

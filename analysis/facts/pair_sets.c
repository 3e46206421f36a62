#include "analysis/facts/pair_sets.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "scanner/base/arena.h"
#include "scanner/base/memory.h"
#include "scanner/base/siphash.h"

struct pair_sets {
	struct siphash_key hash_key;
	struct arena	 arena;
	struct pair_set	*slots;		/* free: no pairs */
	size_t		 size;		/* a power of two */
	size_t		 count;
};

struct pair_sets *
pair_sets_new(void)
{
	struct pair_sets *sets = xcalloc(1, sizeof *sets);

	if (getrandom(&sets->hash_key, sizeof sets->hash_key, 0) !=
	    (ssize_t)sizeof sets->hash_key)
		abort();
	sets->size = 64;
	sets->slots = xcalloc(sets->size, sizeof *sets->slots);
	return sets;
}

void
pair_sets_free(struct pair_sets *sets)
{
	if (sets == NULL)
		return;
	arena_fini(&sets->arena);
	free(sets->slots);
	free(sets);
}

static bool
is_same(const struct pair_set *a, const struct pair_set *b)
{
	return a->hash == b->hash && a->status == b->status &&
	    a->count == b->count && memcmp(a->pairs, b->pairs,
	    a->count * sizeof *a->pairs) == 0;
}

/* The slot of the pairs, or the free one where they would go. */
static struct pair_set *
find(const struct pair_sets *sets, const struct pair_set *wanted)
{
	size_t i = wanted->hash & (sets->size - 1);

	while (sets->slots[i].pairs != NULL &&
	    !is_same(&sets->slots[i], wanted))
		i = (i + 1) & (sets->size - 1);
	return &sets->slots[i];
}

static void
grow(struct pair_sets *sets)
{
	struct pair_set *old = sets->slots;
	size_t old_size = sets->size;

	sets->size *= 2;
	sets->slots = xcalloc(sets->size, sizeof *sets->slots);
	for (size_t i = 0; i < old_size; i++)
		if (old[i].pairs != NULL)
			*find(sets, &old[i]) = old[i];
	free(old);
}

struct pair_set *
pair_sets_place(struct pair_sets *sets, enum host_status status,
    const struct pair_facts *pairs, unsigned count)
{
	struct pair_set wanted = {
		.pairs = pairs, .count = count, .status = status,
		.hash = siphash(&sets->hash_key, pairs,
		    count * sizeof *pairs),
	};
	struct pair_set *set = find(sets, &wanted);

	if (set->pairs != NULL)
		return set;
	if (sets->count >= sets->size / 4 * 3) {
		grow(sets);
		set = find(sets, &wanted);
	}
	*set = wanted;
	set->pairs = arena_copy(&sets->arena, pairs, count * sizeof *pairs);
	sets->count++;
	return set;
}

const struct pair_set *
pair_sets_next(const struct pair_sets *sets, size_t *index)
{
	while (*index < sets->size) {
		const struct pair_set *set = &sets->slots[(*index)++];

		if (set->pairs != NULL)
			return set;
	}
	return NULL;
}

#include "analysis/pair_sets.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "scanner/base/arena.h"
#include "scanner/base/memory.h"
#include "scanner/base/siphash.h"

struct pair_set {
	uint64_t	 hash;
	const struct pair_facts *pairs;	/* NULL: free */
	unsigned	 count;
};

struct pair_sets {
	struct siphash_key hash_key;
	struct arena	 arena;
	struct pair_set	*slots;
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

/* The slot of the pairs, or the free one where they would go. */
static struct pair_set *
find(const struct pair_sets *sets, const struct pair_facts *pairs,
    unsigned count, uint64_t hash)
{
	size_t i = hash & (sets->size - 1);

	while (sets->slots[i].pairs != NULL && (sets->slots[i].hash != hash ||
	    sets->slots[i].count != count ||
	    memcmp(sets->slots[i].pairs, pairs, count * sizeof *pairs) != 0))
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
			*find(sets, old[i].pairs, old[i].count,
			    old[i].hash) = old[i];
	free(old);
}

const struct pair_facts *
pair_sets_place(struct pair_sets *sets, const struct pair_facts *pairs,
    unsigned count)
{
	uint64_t hash = siphash(&sets->hash_key, pairs, count * sizeof *pairs);
	struct pair_set *set = find(sets, pairs, count, hash);

	if (set->pairs != NULL)
		return set->pairs;
	if (sets->count >= sets->size / 4 * 3) {
		grow(sets);
		set = find(sets, pairs, count, hash);
	}
	*set = (struct pair_set){ hash, arena_copy(&sets->arena, pairs,
	    count * sizeof *pairs), count };
	sets->count++;
	return set->pairs;
}

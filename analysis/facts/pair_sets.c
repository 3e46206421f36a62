#include "analysis/facts/pair_sets.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "scanner/base/arena.h"
#include "scanner/base/buffer.h"
#include "scanner/base/memory.h"
#include "scanner/base/siphash.h"

struct pair_sets {
	struct siphash_key hash_key;
	struct arena	 arena;
	struct pair_set	*slots;		/* free: no pairs */
	size_t		 size;		/* a power of two */
	size_t		 count;
	struct buffer	 key;		/* of the present pairs */
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
	buffer_fini(&sets->key);
	free(sets->slots);
	free(sets);
}

/* Comparing *************************************************************** */

static bool
is_same_text(const char *a, const char *b)
{
	return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

/* Every member of pair_facts must be here and in append_pair. */
static bool
is_same_pair(const struct pair_facts *a, const struct pair_facts *b)
{
	return a->class == b->class && is_same_text(a->why, b->why) &&
	    a->is_tls_1_2 == b->is_tls_1_2 &&
	    a->chain_trusted == b->chain_trusted &&
	    a->in_dates == b->in_dates && a->name_match == b->name_match &&
	    a->chain_truncated == b->chain_truncated &&
	    is_same_text(a->chain_error, b->chain_error) &&
	    is_same_text(a->chain_id, b->chain_id) &&
	    a->is_legacy == b->is_legacy && a->dane_class == b->dane_class &&
	    is_same_text(a->dane_why, b->dane_why) && a->tlsa == b->tlsa &&
	    is_same_text(a->tlsa_status, b->tlsa_status) &&
	    a->dane == b->dane && a->tlsa_changed == b->tlsa_changed;
}

static bool
is_same(const struct pair_set *a, const struct pair_set *b)
{
	if (a->hash != b->hash || a->status != b->status ||
	    a->count != b->count)
		return false;
	for (unsigned i = 0; i < a->count; i++)
		if (!is_same_pair(&a->pairs[i], &b->pairs[i]))
			return false;
	return true;
}

static void
append_text(struct buffer *key, const char *text)
{
	if (text != NULL)
		buffer_append_text(key, text);
	buffer_append_byte(key, 0);
}

static void
append_pair(struct buffer *key, const struct pair_facts *pair)
{
	const uint8_t values[] = {
		(uint8_t)pair->class, pair->is_tls_1_2, pair->chain_trusted,
		pair->in_dates, pair->name_match, pair->chain_truncated,
		pair->is_legacy,
		(uint8_t)pair->dane_class, (uint8_t)pair->tlsa,
		(uint8_t)pair->dane, pair->tlsa_changed,
	};

	buffer_append(key, values, sizeof values);
	append_text(key, pair->why);
	append_text(key, pair->chain_error);
	append_text(key, pair->chain_id);
	append_text(key, pair->dane_why);
	append_text(key, pair->tlsa_status);
}

static uint64_t
hash_pairs(struct pair_sets *sets, const struct pair_facts *pairs,
    unsigned count)
{
	struct buffer *key = &sets->key;

	key->length = 0;
	for (unsigned i = 0; i < count; i++)
		append_pair(key, &pairs[i]);
	return siphash(&sets->hash_key, key->bytes, key->length);
}

/* Placing ***************************************************************** */

/* Finds the slot of the pairs, or the free slot for them. */
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
		.hash = hash_pairs(sets, pairs, count),
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

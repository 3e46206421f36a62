#include "scanner/base/keyset.h"

#include <stdint.h>
#include <stdlib.h>
#include <sys/random.h>

#include "scanner/base/memory.h"
#include "scanner/base/siphash.h"

struct member {
	uint64_t	a, b;		/* both 0: free */
};

struct keyset {
	struct siphash_key hash_key;
	struct member	*members;
	size_t		 size, count;	/* size is a power of two */
};

struct keyset *
keyset_new(void)
{
	struct keyset *set = xcalloc(1, sizeof *set);

	if (getrandom(&set->hash_key, sizeof set->hash_key, 0) !=
	    (ssize_t)sizeof set->hash_key)
		abort();
	set->size = 256;
	set->members = xcalloc(set->size, sizeof *set->members);
	return set;
}

void
keyset_free(struct keyset *set)
{
	if (set == NULL)
		return;
	free(set->members);
	free(set);
}

static struct member
member_of(const struct keyset *set, const void *key, size_t length)
{
	struct siphash_pair hash = siphash_pair(&set->hash_key, key, length);

	return (struct member){ hash.first, hash.second | 1 };
}

static struct member *
find(const struct keyset *set, const struct member *wanted)
{
	size_t i = wanted->a & (set->size - 1);

	while (set->members[i].b != 0 && (set->members[i].a != wanted->a ||
	    set->members[i].b != wanted->b))
		i = (i + 1) & (set->size - 1);
	return &set->members[i];
}

static void
grow(struct keyset *set)
{
	struct member *old = set->members;
	size_t size = set->size;

	set->size *= 2;
	set->members = xcalloc(set->size, sizeof *set->members);
	for (size_t i = 0; i < size; i++)
		if (old[i].b != 0)
			*find(set, &old[i]) = old[i];
	free(old);
}

bool
keyset_add(struct keyset *set, const void *key, size_t length)
{
	struct member wanted = member_of(set, key, length);
	struct member *place;

	if (set->count >= set->size / 4 * 3)
		grow(set);
	place = find(set, &wanted);
	if (place->b != 0)
		return false;
	*place = wanted;
	set->count++;
	return true;
}

bool
keyset_has(const struct keyset *set, const void *key, size_t length)
{
	struct member wanted = member_of(set, key, length);

	return find(set, &wanted)->b != 0;
}

size_t
keyset_count(const struct keyset *set)
{
	return set->count;
}

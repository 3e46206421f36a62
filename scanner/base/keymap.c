#include "scanner/base/keymap.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>

#include "scanner/base/memory.h"
#include "scanner/base/siphash.h"

#define PART_BITS	4
#define PARTS		(1 << PART_BITS)
#define FIRST_SIZE	64
#define HUGE_PAGE	((size_t)2 << 20)

struct place {
	uint64_t	high;		/* of the hash */
	uint32_t	low;		/* 0: free */
	uint32_t	number;
};

struct part {
	struct place	*places;
	size_t		 size, count;	/* size is a power of two */
};

struct keymap {
	struct siphash_key hash_key;
	struct part	 parts[PARTS];
};

/* Zeroed. */
static struct place *
places_new(size_t size)
{
	size_t bytes = size * sizeof(struct place);
	struct place *places;

	if (bytes < HUGE_PAGE)
		return xcalloc(size, sizeof *places);
	places = aligned_alloc(HUGE_PAGE, bytes);
	if (places == NULL)
		return xcalloc(size, sizeof *places);
	/* Without huge pages it is only slower. */
	(void)madvise(places, bytes, MADV_HUGEPAGE);
	return memset(places, 0, bytes);
}

struct keymap *
keymap_new(void)
{
	struct keymap *map = xcalloc(1, sizeof *map);

	if (getrandom(&map->hash_key, sizeof map->hash_key, 0) !=
	    (ssize_t)sizeof map->hash_key)
		abort();
	for (size_t i = 0; i < PARTS; i++) {
		map->parts[i].size = FIRST_SIZE;
		map->parts[i].places = places_new(FIRST_SIZE);
	}
	return map;
}

void
keymap_free(struct keymap *map)
{
	if (map == NULL)
		return;
	for (size_t i = 0; i < PARTS; i++)
		free(map->parts[i].places);
	free(map);
}

size_t
keymap_count(const struct keymap *map)
{
	size_t count = 0;

	for (size_t i = 0; i < PARTS; i++)
		count += map->parts[i].count;
	return count;
}

/* Returns the place of a hash, or the free place where it would go. */
static struct place *
find(const struct part *part, uint64_t high, uint32_t low)
{
	size_t i = high & (part->size - 1);

	while (part->places[i].low != 0 && (part->places[i].high != high ||
	    part->places[i].low != low))
		i = (i + 1) & (part->size - 1);
	return &part->places[i];
}

static void
grow(struct part *part)
{
	struct place *old = part->places;
	size_t size = part->size;

	part->size *= 2;
	part->places = places_new(part->size);
	for (size_t i = 0; i < size; i++)
		if (old[i].low != 0)
			*find(part, old[i].high, old[i].low) = old[i];
	free(old);
}

uint32_t *
keymap_place(struct keymap *map, const void *key, size_t length)
{
	struct siphash_pair hash = siphash_pair(&map->hash_key, key, length);
	uint32_t low = (uint32_t)hash.second | 1;
	struct part *part = &map->parts[hash.first >> (64 - PART_BITS)];
	struct place *place = find(part, hash.first, low);

	if (place->low != 0)
		return &place->number;
	if (part->count >= part->size / 4 * 3) {
		grow(part);
		place = find(part, hash.first, low);
	}
	part->count++;
	*place = (struct place){ .high = hash.first, .low = low };
	return &place->number;
}

uint32_t
keymap_get(const struct keymap *map, const void *key, size_t length)
{
	struct siphash_pair hash = siphash_pair(&map->hash_key, key, length);
	const struct part *part = &map->parts[hash.first >> (64 - PART_BITS)];

	return find(part, hash.first, (uint32_t)hash.second | 1)->number;
}

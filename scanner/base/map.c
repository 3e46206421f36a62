#include "scanner/base/map.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "scanner/base/arena.h"
#include "scanner/base/memory.h"
#include "scanner/base/siphash.h"

struct slot {
	const char	*key;		/* NULL: free */
	uint32_t	 hash;
	void		*value;
};

struct map {
	struct siphash_key hash_key;
	struct arena	 keys;
	struct slot	*slots;
	size_t		 size;		/* a power of two */
	size_t		 count;
};

struct map *
map_new(void)
{
	struct map *map = xcalloc(1, sizeof *map);

	if (getrandom(&map->hash_key, sizeof map->hash_key, 0) !=
	    (ssize_t)sizeof map->hash_key)
		abort();
	map->size = 64;
	map->slots = xcalloc(map->size, sizeof *map->slots);
	return map;
}

void
map_free(struct map *map)
{
	if (map == NULL)
		return;
	arena_fini(&map->keys);
	free(map->slots);
	free(map);
}

size_t
map_count(const struct map *map)
{
	return map->count;
}

uint64_t
map_hash(const struct map *map, const char *text)
{
	return siphash(&map->hash_key, text, strlen(text));
}

/* Finds the slot of the key, or the free slot where it would go. */
static struct slot *
find(const struct map *map, const char *key, uint32_t hash)
{
	size_t i = hash & (map->size - 1);

	while (map->slots[i].key != NULL && (map->slots[i].hash != hash ||
	    strcmp(map->slots[i].key, key) != 0))
		i = (i + 1) & (map->size - 1);
	return &map->slots[i];
}

void *
map_get(const struct map *map, const char *key)
{
	return find(map, key, (uint32_t)map_hash(map, key))->value;
}

static void
grow(struct map *map)
{
	struct slot *old = map->slots;
	size_t old_size = map->size;

	map->size *= 2;
	map->slots = xcalloc(map->size, sizeof *map->slots);
	for (size_t i = 0; i < old_size; i++)
		if (old[i].key != NULL)
			*find(map, old[i].key, old[i].hash) = old[i];
	free(old);
}

void **
map_place(struct map *map, const char *key, const char **copy)
{
	uint32_t hash = (uint32_t)map_hash(map, key);
	struct slot *slot = find(map, key, hash);

	if (slot->key == NULL) {
		if (map->count >= map->size / 4 * 3) {
			grow(map);
			slot = find(map, key, hash);
		}
		slot->key = arena_text(&map->keys, key);
		slot->hash = hash;
		map->count++;
	}
	if (copy != NULL)
		*copy = slot->key;
	return &slot->value;
}

bool
map_next(const struct map *map, size_t *index, const char **key, void **value)
{
	while (*index < map->size) {
		const struct slot *slot = &map->slots[(*index)++];

		if (slot->key != NULL) {
			*key = slot->key;
			*value = slot->value;
			return true;
		}
	}
	return false;
}

/*
 * map: maps texts to pointers. Strangers choose the keys, so the hash is keyed
 * (siphash), with a new key in each process. Keys are copied into the map's own
 * memory and live as long as the map. The caller owns the values.
 */
#ifndef MXCENSUS_BASE_MAP_H
#define MXCENSUS_BASE_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct map;

struct map *map_new(void);
void	map_free(struct map *);
size_t	map_count(const struct map *);
/* Returns NULL if the key is not there. */
void	*map_get(const struct map *, const char *key);
/* Returns the place of the key's value, and adds one (with the value NULL) if
 * the key is new. If `copy` is not NULL, *copy is the map's copy of the key.
 * The place is valid until the next map_place. */
void	**map_place(struct map *, const char *key, const char **copy);
/* Returns a hash of `text` under the map's own key, for more keys of the
 * caller. */
uint64_t map_hash(const struct map *, const char *text);
/* Walks the map: *index begins at 0; returns false at the end. The order is
 * arbitrary. */
bool	map_next(const struct map *, size_t *index, const char **key,
	    void **value);

#endif

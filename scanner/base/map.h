/*
 * map: from a text to a pointer. Strangers choose the keys, so the hash is
 * keyed (siphash), with a new key in each process. Keys are copied into the
 * map's own memory and live as long as the map. The caller owns the values.
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
/* NULL if the key is not there. */
void	*map_get(const struct map *, const char *key);
/* The place of the key's value, made (NULL) if it is new; *copy, where not NULL,
 * is the map's copy of the key. The place is good until the next map_place. */
void	**map_place(struct map *, const char *key, const char **copy);
/* A hash of the map's own key over `text`: for further keys of the caller. */
uint64_t map_hash(const struct map *, const char *text);
/* Walk: *index from 0; false at the end. Order is arbitrary. */
bool	map_next(const struct map *, size_t *index, const char **key,
	    void **value);

#endif

/*
 * keyset: a set of byte strings by a keyed hash of 128 bits, which takes 16
 * bytes per member. The chance that two different keys are mistaken for each
 * other is 2^-128 times the number of their pairs.
 */
#ifndef MXCENSUS_BASE_KEYSET_H
#define MXCENSUS_BASE_KEYSET_H

#include <stdbool.h>
#include <stddef.h>

struct keyset;

struct keyset *keyset_new(void);
void	keyset_free(struct keyset *);
/* Adds a key. Returns false if it was there already. */
bool	keyset_add(struct keyset *, const void *key, size_t length);
bool	keyset_has(const struct keyset *, const void *key, size_t length);
size_t	keyset_count(const struct keyset *);

#endif

/*
 * keyset: a set of byte strings by a keyed hash of 128 bits, 16 bytes a member:
 * two different keys are taken for one with a chance of 2^-128 times their pairs.
 */
#ifndef MXCENSUS_BASE_KEYSET_H
#define MXCENSUS_BASE_KEYSET_H

#include <stdbool.h>
#include <stddef.h>

struct keyset;

struct keyset *keyset_new(void);
void	keyset_free(struct keyset *);
/* False if it was there. */
bool	keyset_add(struct keyset *, const void *key, size_t length);
bool	keyset_has(const struct keyset *, const void *key, size_t length);
size_t	keyset_count(const struct keyset *);

#endif

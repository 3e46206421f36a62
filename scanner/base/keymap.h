/*
 * keymap: maps byte strings to numbers of 32 bits, for millions of keys that
 * strangers choose. It keeps 95 bits of a keyed hash of each key (siphash), and
 * not the key: each place takes 16 bytes, and at most three quarters of the
 * places are used. The chance that two different keys are mistaken for each
 * other is 2^-95 times the number of their pairs.
 *
 * It is divided into parts, which grow one by one, so that growing takes little
 * extra memory. Large parts ask the kernel for huge pages, because nearly every
 * access to a table of this size also misses the TLB.
 */
#ifndef MXCENSUS_BASE_KEYMAP_H
#define MXCENSUS_BASE_KEYMAP_H

#include <stddef.h>
#include <stdint.h>

struct keymap;

struct keymap *keymap_new(void);
void	keymap_free(struct keymap *);
size_t	keymap_count(const struct keymap *);
/* Returns the place of the key's number, and adds one (with the number 0) if
 * the key is new. The place is valid until the next keymap_place. */
uint32_t *keymap_place(struct keymap *, const void *key, size_t length);
/* Returns the key's number; 0 if the key is not there. */
uint32_t keymap_get(const struct keymap *, const void *key, size_t length);

#endif

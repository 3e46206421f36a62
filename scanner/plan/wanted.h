/*
 * wanted: decides which owners in a file of --delegations the plan may need:
 * its names, and the names above these, since a delegation there occludes what
 * is below it. It is private to plan. The planner owns it, and fills it before
 * it reads such a file.
 *
 * It has a bit for each hash of 27 bits, so memory does not grow with names. An
 * owner that is not wanted passes if it shares a bit with a name: with a list
 * of a million names, that is one owner in 134. It only takes room in a bucket
 * until that is sorted: only a name that an input has becomes a domain.
 */
#ifndef MXCENSUS_PLAN_WANTED_H
#define MXCENSUS_PLAN_WANTED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "scanner/base/siphash.h"

struct wanted;

struct wanted *wanted_new(void);
void	wanted_free(struct wanted *);
/* Adds a name in wire form, and all names above it except the root. */
void	wanted_add(struct wanted *, const struct siphash_key *,
	    const uint8_t *name, size_t length);
bool	wanted_has(const struct wanted *, const struct siphash_key *,
	    const uint8_t *name, size_t length);

#endif

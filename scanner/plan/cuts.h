/*
 * cuts: finds the owners of delegations that are below another delegation of
 * their own zone file. They are occluded: the servers of the upper delegation
 * are authoritative there. It is private to plan.
 *
 * The inputs are read once, and the upper delegation may come last. So the
 * names between an owner and its apex are kept, and afterwards the delegations
 * are searched for them. Most zones have no such names: all owners are one
 * label below the apex.
 */
#ifndef MXCENSUS_PLAN_CUTS_H
#define MXCENSUS_PLAN_CUTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct cuts;

struct cuts *cuts_new(void);
void	cuts_free(struct cuts *);
/* Takes an owner in wire form from an input. `below` bytes of it are labels
 * below the apex. */
void	cuts_note(struct cuts *, uint32_t source, const uint8_t *owner,
	    size_t below);
/* Is there any such name? */
bool	cuts_are_open(const struct cuts *);
/* Searches the records of a file for delegations. Returns false with errno. */
bool	cuts_settle(struct cuts *, FILE *);
/* Is there a delegation of this input above the name? */
bool	cuts_occlude(struct cuts *, uint32_t source, const char *name);

#endif

/*
 * heavy: sets of name servers whose names take longer than the rest of the
 * plan, at the rate at which the servers may be asked (RULES K9). In the order
 * of the hash most of these names would have to wait when their turn comes. So
 * they get separate chunks, which are handed out at the pace of the set's
 * servers from the first second on. It is private to plan.
 */
#ifndef MXCENSUS_PLAN_HEAVY_H
#define MXCENSUS_PLAN_HEAVY_H

#include "scanner/plan/planner.h"

/* Moves the names of heavy sets to the end of the names file, one set after the
 * other, each in the order of the hash. Reads the files of servers and sets.
 * Returns false with errno, or after an interrupt. */
bool	heavy_set_apart(struct planner *);

#endif

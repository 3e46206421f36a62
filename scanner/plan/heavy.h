/*
 * heavy: private to plan. A set of name servers is heavy if its names take longer
 * than the rest of the plan, at the rate that its servers may be asked (RULES
 * K9). In the order of the hash most of its names would have to wait when their
 * turn comes. So they get chunks of their own, which are handed out at the pace
 * of the set's servers from the first second on.
 */
#ifndef MXCENSUS_PLAN_HEAVY_H
#define MXCENSUS_PLAN_HEAVY_H

#include "scanner/plan/planner.h"

/* Moves the names of heavy sets to the end of the names file, a set behind the
 * other, each in the order of the hash. Reads the files of servers and sets.
 * False with errno, or after an interrupt. */
bool	heavy_set_apart(struct planner *);

#endif

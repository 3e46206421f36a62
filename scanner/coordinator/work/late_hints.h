/*
 * late_hints: hints (host_hints.h) for hosts that committed batches behind the
 * chunks of the plan have named. The items of such a batch are gone when its parts
 * are read back. The plan has the same domains in its chunks, so one pass over the
 * plan finds them again.
 */
#ifndef MXCENSUS_COORDINATOR_WORK_LATE_HINTS_H
#define MXCENSUS_COORDINATOR_WORK_LATE_HINTS_H

#include "scanner/coordinator/batch/harvest.h"
#include "scanner/options/options.h"
#include "scanner/plan/plan.h"

struct late_hints;

struct late_hints *late_hints_new(void);
void	late_hints_free(struct late_hints *);
/* Notes the hosts of a batch that are at or below their domains, and that this
 * scan resolves. */
void	late_hints_note(struct late_hints *, const struct options *,
	    const struct harvest *);
/* Finds the domains of these hosts in the plan, and gives the hints to the
 * registry, which has the hosts. False with errno: the plan cannot be read. */
bool	late_hints_take(struct late_hints *, const struct plan *,
	    struct registry *);

#endif

/*
 * probes_return: takes the failed items out of a batch of probes, if the fault
 * is ours. Their attempts are queued again when the rest is committed. It is a
 * part of probes.
 */
#ifndef MXCENSUS_COORDINATOR_WORK_PROBES_RETURN_H
#define MXCENSUS_COORDINATOR_WORK_PROBES_RETURN_H

#include "scanner/coordinator/work/work.h"

/* work.h: work_kind.return_failed. A target whose own fault comes back while
 * others succeed keeps its row of local_error. */
bool	probes_return_failed(struct work *, struct batch *,
	    const struct harvest *, bool own_alone);
/* Gives the rows of sessions that a middlebox has answered the flag
 * `intercepted`, if the operator wants them (--canary none). Returns false with
 * errno. */
bool	probes_flag_forged(struct work *, struct batch *,
	    const struct harvest *);

#endif

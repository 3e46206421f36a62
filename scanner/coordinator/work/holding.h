/*
 * holding: batches with failures that may be ours. A row cannot be taken back,
 * so such a batch is not committed at once: it is held for HOLD_MS after its
 * last failure. It is committed if nothing is suspected then. If the network
 * turns out to be down, its failed items go back without an attempt counted
 * (docs/rules.md, "Whose fault"). Work owns it.
 *
 * What is held is not at a worker any more, and is lost with this process: the
 * next start of the run does it again.
 */
#ifndef MXCENSUS_COORDINATOR_WORK_HOLDING_H
#define MXCENSUS_COORDINATOR_WORK_HOLDING_H

#include "scanner/coordinator/work/work.h"

#define HOLD_MS		15000
/* For tests: the environment variable with another time, in milliseconds. */
#define HOLD_ENVIRONMENT "MXCENSUS_TEST_HOLD"

/* Only a scan holds batches: whoever looks at one domain waits for it. */
struct holding *holding_new(const struct options *);
/* Frees the held batches. Their outputs stay, and the next start removes
 * them. */
void	holding_free(struct holding *);

/* Has the harvest failures that may be ours, or sessions that a middlebox may
 * have answered? */
bool	holding_wants(const struct work *, const struct harvest *);
/* Holds the batch and its harvest, which it owns from now on. */
void	holding_put(struct work *, struct batch *, struct harvest *,
	    int64_t now_ms);
/* Commits or gives back the batches whose time has come. */
void	holding_look(struct work *, int64_t now_ms);
uint64_t holding_count(const struct work *);
/* When a batch can be looked at; INT64_MAX: never. */
int64_t	holding_wake_ms(const struct work *);

#endif

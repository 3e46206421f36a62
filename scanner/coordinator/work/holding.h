/*
 * holding: batches with failures that may be ours. A row cannot be withdrawn,
 * so such a batch is not committed at once but held for HOLD_MS after its last
 * failure. If nothing is suspected then, it is committed. If the network turns
 * out to be down, its failed items are queued again, and no attempt is counted
 * (docs/rules.md, "Whose fault"). Work owns it.
 *
 * A held batch is not at a worker any more, and is lost with this process: the
 * next start of the run repeats it.
 */
#ifndef MXCENSUS_COORDINATOR_WORK_HOLDING_H
#define MXCENSUS_COORDINATOR_WORK_HOLDING_H

#include "scanner/coordinator/work/work.h"

#define HOLD_MS		15000
/* For tests: the environment variable with another time, in milliseconds. */
#define HOLD_ENVIRONMENT "MXCENSUS_TEST_HOLD"

/* Only a scan holds batches, since a person who checks one domain is waiting
 * for the answer. */
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

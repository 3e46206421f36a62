/*
 * host_hints: which MX hosts may be asked at the name servers of a delegation
 * (RULES L14): those at or below the domain whose MX records name them, if the
 * domain is a delegation of a zone file. The registry keeps the hint, with the DS
 * records.
 * It is derived from the items of the batch, so that nothing depends on what a
 * worker says about a delegation.
 */
#ifndef MXCENSUS_COORDINATOR_WORK_HOST_HINTS_H
#define MXCENSUS_COORDINATOR_WORK_HOST_HINTS_H

#include <limits.h>
#include <stdbool.h>

#include "scanner/coordinator/batch/harvest.h"
#include "scanner/message/item.h"
#include "scanner/options/options.h"

/* Is there a host at or below its domain? If not, the items are not needed. */
bool	host_hints_want(const struct harvest *);
/* Puts the hosts of a batch of domains into the registry, if this scan resolves
 * them (run/shard.h). `items` are those of the batch, as far as they are known.
 * Hosts of signed delegations wait for the worker that had the batch, which
 * knows their keys; or HINTS_OF_NOBODY. */
#define HINTS_OF_NOBODY UINT_MAX
void	host_hints_take(const struct options *, struct registry *,
	    const struct harvest *, const struct buffer *items,
	    unsigned worker);
/* Gives the host the hint of its domain, if what the plan says about that may be
 * used. */
void	host_hint_of_item(struct host *, uint8_t labels_below,
	    const struct domain_item *);

#endif

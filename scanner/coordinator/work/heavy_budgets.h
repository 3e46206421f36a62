/*
 * heavy_budgets: how the shards of a stage share the budgets of the name servers
 * of heavy sets (RULES K15: shards). A heavy set is in one shard, which has most of
 * the budget of its servers: only names of other sets ask them elsewhere. The
 * plan alone decides, so all shards decide alike, and their budgets add up to
 * that of a run.
 */
#ifndef MXCENSUS_COORDINATOR_WORK_HEAVY_BUDGETS_H
#define MXCENSUS_COORDINATOR_WORK_HEAVY_BUDGETS_H

#include "scanner/coordinator/work/name_servers.h"
#include "scanner/plan/plan.h"

/* Of a server of a heavy set, in questions a second, if an ordinary server has
 * `share` in each of the shards. */
double	heavy_budget(uint64_t share, uint64_t shards, bool is_own);
/* Sets the budgets of all of them, if this is a shard of domains. */
void	heavy_budgets_set(struct name_servers *, const struct plan *,
	    const struct options *);

#endif

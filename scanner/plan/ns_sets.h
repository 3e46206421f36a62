/*
 * ns_sets: gathers the name servers of all delegations. It is private to plan.
 * Each host and each set of hosts has a number, in the order in which they
 * come, beginning at 1. The planner owns it.
 *
 * Memory grows with distinct hosts and distinct sets. Addresses wait in a file
 * until all hosts that are wanted are known.
 */
#ifndef MXCENSUS_PLAN_NS_SETS_H
#define MXCENSUS_PLAN_NS_SETS_H

#include "scanner/plan/planner.h"

struct ns_sets;

struct ns_sets *ns_sets_new(void);
void	ns_sets_free(struct ns_sets *);
/* Counts a delegation with these servers, in text form, each once and at most
 * SERVERS_MAX. Does the delegation have DS? Returns the number of their set; 0 if
 * there are none. */
uint32_t ns_sets_take(struct ns_sets *, const char *const servers[],
	    size_t count, bool has_ds);
/* The operator of a set, which is stored with it; NULL until it is set. */
const char *ns_sets_operator(const struct ns_sets *, uint32_t set);
void	ns_sets_set_operator(struct ns_sets *, uint32_t set, const char *);
/* Takes the addresses of the hosts from the planner's glue, and writes the
 * files that servers.h reads. Returns false with errno. */
bool	ns_sets_write(struct ns_sets *, struct planner *);

#endif

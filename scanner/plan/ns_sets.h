/*
 * ns_sets: gathers the name servers of all delegations. It is private to plan.
 * The planner owns it.
 *
 * A record of a bucket has the set of its name servers instead of their names,
 * and the order in which the delegation names them. Each host and each set of
 * hosts that a name of the plan has gets a number, in the order of the plan,
 * beginning at 1.
 *
 * Memory grows with distinct hosts and distinct sets. Addresses wait in a file
 * until all hosts that are wanted are known.
 */
#ifndef MXCENSUS_PLAN_NS_SETS_H
#define MXCENSUS_PLAN_NS_SETS_H

#include "scanner/plan/planner.h"

struct ns_sets;

/* The servers of a delegation, in the order in which its records name them. */
struct ns_list {
	uint32_t	hosts[SERVERS_MAX];
	uint32_t	set;	/* 0: these are of several records */
	unsigned	count;
};

struct ns_sets *ns_sets_new(void);
void	ns_sets_free(struct ns_sets *);
/* Appends the servers of a delegation to its record. They are names in wire
 * form, one behind another, each once and at most SERVERS_MAX. */
void	ns_sets_put(struct ns_sets *, const uint8_t *servers, size_t length,
	    struct buffer *record);
/* Adds the servers that a record has to a list, which keeps the first
 * SERVERS_MAX. */
void	ns_sets_get(const struct ns_sets *, struct wire *record,
	    struct ns_list *);
/* Fetches the set of a record into the caches. */
void	ns_sets_prefetch(const struct ns_sets *, uint32_t set);
/* Counts a delegation with these servers, and finds their set. Does the
 * delegation have DS? Returns the number of the set; 0 if there are no
 * servers. */
uint32_t ns_sets_take(struct ns_sets *, struct ns_list *, bool has_ds);
/* The name of a host of a list, in text form. */
const char *ns_sets_host(const struct ns_sets *, uint32_t host);
/* The operator of the set of a list, which is stored with it; NULL until it is
 * set. */
const char *ns_sets_operator(const struct ns_sets *, uint32_t set);
void	ns_sets_set_operator(struct ns_sets *, uint32_t set, const char *);
/* Takes the addresses of the hosts from the planner's glue, and writes the
 * files that servers.h reads. Returns false with errno. */
bool	ns_sets_write(struct ns_sets *, struct planner *);

#endif

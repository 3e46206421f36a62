/*
 * ns_memo: remembers the set of a list of name servers: most delegations have
 * one of a few lists. It is private to plan, and ns_sets owns it. Its size is
 * fixed.
 */
#ifndef MXCENSUS_PLAN_NS_MEMO_H
#define MXCENSUS_PLAN_NS_MEMO_H

#include "scanner/plan/planner.h"

/* The set of a list, and the place of each server of the list in it. */
struct ns_order {
	uint32_t	set;
	uint8_t		count;		/* 0: the list is in the order of the
					 * set */
	uint8_t		places[SERVERS_MAX];
};

struct ns_memo;

struct ns_memo *ns_memo_new(void);
void	ns_memo_free(struct ns_memo *);
/* Returns NULL if the list is not remembered. The servers are names in wire
 * form, one behind another. */
const struct ns_order *ns_memo_get(const struct ns_memo *,
	    const uint8_t *servers, size_t length);
void	ns_memo_put(struct ns_memo *, const uint8_t *servers, size_t length,
	    const struct ns_order *);

#endif

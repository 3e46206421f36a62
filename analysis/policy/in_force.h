/*
 * in_force: the policy list of a run (RUN/policy-list.json), as used by a
 * sender that sends when the run begins. An expired list lists nobody (RULES
 * 9).
 */
#ifndef MXCENSUS_ANALYSIS_POLICY_IN_FORCE_H
#define MXCENSUS_ANALYSIS_POLICY_IN_FORCE_H

#include <stdbool.h>
#include <stdint.h>

#include "analysis/policy/list.h"

#define LISTING_FILE	"policy-list.json"

struct listing;

/* Reads the list of the run in a folder, at `now_s` (Unix time). It is empty
 * for a run without a list. NULL after a line. */
struct listing *listing_read(int folder, int64_t now_s);
void	listing_free(struct listing *);
/* Was the run given a list? */
bool	listing_is_given(const struct listing *);
/* Does it list anybody? If it is NULL, it lists nobody. */
bool	listing_is_empty(const struct listing *);
/* The policy of a domain (canonical text form), with its alias resolved; NULL
 * if it is not listed. */
const struct listed_policy *listing_find(const struct listing *,
	    const char *domain);

#endif

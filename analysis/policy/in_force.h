/*
 * in_force: the policy list of a run (RUN/policy-list.json), as used by a
 * sender that sends when the run begins. An expired list lists no domain (RULES
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
 * for a run without a list. Returns NULL after a message. */
struct listing *listing_read(int folder, int64_t now_s);
void	listing_free(struct listing *);
/* Was the run given a list? */
bool	listing_is_given(const struct listing *);
/* Does it list any domain? NULL lists none. */
bool	listing_is_empty(const struct listing *);
/* Returns the policy of a domain (canonical text form), with its alias
 * resolved, or NULL if it is not listed. */
const struct listed_policy *listing_find(const struct listing *,
	    const char *domain);

#endif

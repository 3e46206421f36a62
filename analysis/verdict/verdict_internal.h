/* What the sources of verdict share: verdict.c decides about pairs, domain.c
 * about the domain, and reasons.c gives reasons. */
#ifndef MXCENSUS_ANALYSIS_VERDICT_VERDICT_INTERNAL_H
#define MXCENSUS_ANALYSIS_VERDICT_VERDICT_INTERNAL_H

#include "analysis/verdict/verdict.h"

/* If it is true, the policy overrides an entry of the policy list. */
bool	sts_policy_is_valid(enum sts_policy);
/* For a domain whose MX answer decides. */
void	verdict_explain_mx(const struct domain_facts *, enum delivery,
	    struct reasons *);
void	verdict_explain(const struct domain_facts *, struct reasons *);

#endif

/* verdict, its sources: pairs (verdict.c), the domain (verdict_domain.c), reasons
 * (verdict_reasons.c). */
#ifndef MXCENSUS_ANALYSIS_VERDICT_VERDICT_INTERNAL_H
#define MXCENSUS_ANALYSIS_VERDICT_VERDICT_INTERNAL_H

#include "analysis/verdict/verdict.h"

/* Then it overrides an entry of the policy list. */
bool	sts_policy_is_valid(enum sts_policy);
/* Of a domain whose MX answer alone decides. */
void	verdict_explain_mx(const struct domain_facts *, enum delivery,
	    struct reasons *);
void	verdict_explain(const struct domain_facts *, struct reasons *);

#endif

/*
 * policy_rules: may a domain be in a policy list, according to one run (RULES
 * 10, C1 to C6 and C9 to C11)? C7 and C8 need several runs and the owner: see
 * candidates.
 *
 * It is pure: it uses no file and no clock. All rules are checked, even after
 * one fails.
 */
#ifndef MXCENSUS_ANALYSIS_POLICY_RULES_H
#define MXCENSUS_ANALYSIS_POLICY_RULES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analysis/facts/presented_chains.h"
#include "analysis/facts/run_domains.h"
#include "analysis/policy/patterns.h"

/* C6: what an MTA-STS policy must at least promise, in seconds: 18 weeks. */
#define POLICY_MAX_AGE_MIN	10886400

enum policy_rule {
	RULE_C1, RULE_C2, RULE_C3, RULE_C4, RULE_C5, RULE_C6, RULE_C7, RULE_C9,
	RULE_C10, RULE_C11,
	RULE_COUNT,
};
extern const char *const policy_rule_texts[RULE_COUNT];

struct policy_reason {
	enum policy_rule rule;
	const char	*host;		/* NULL: the domain itself */
	const char	*value;
};

struct policy_judgement {
	struct policy_reason *reasons;	/* distinct; if there are none, the
					 * domain may be in the list */
	size_t		 reason_count, reason_size;
	struct policy_patterns patterns;	/* in the form that C10
						 * demands */
	size_t		 pattern_size;
	bool		 by_mta_sts;		/* C6 admits it */
	bool		 wants_enforce;		/* C8, by MTA-STS */
	/* When the first of the certificates at its hosts expires, Unix time. */
	int64_t		 expires_ms;
};

/* `list_expires_ms` is for C9: no certificate may expire before it. It is
 * INT64_MIN if the run does not show the certificates in use. A judgement that
 * was zeroed at first can be used for many domains. It points into the facts
 * that it was given. */
void	policy_judge(struct policy_judgement *, const struct run_domain *,
	    const struct presented_chains *, const struct suffix_list *,
	    int64_t list_expires_ms);
void	policy_judgement_fini(struct policy_judgement *);

#endif

/*
 * policy_export: a policy list in the words of others: Postfix's
 * smtp_tls_policy_maps, and the MTA-STS policy (RFC 8461 3.2) that an owner would
 * publish instead.
 */
#ifndef MXCENSUS_ANALYSIS_POLICY_EXPORT_H
#define MXCENSUS_ANALYSIS_POLICY_EXPORT_H

#include <stdio.h>

#include "analysis/policy/list.h"

/* A line for each policy, sorted by domain; those in testing are comments. */
void	policy_export_postfix(const struct policy_list *, FILE *);
/* Enforced policies that Postfix reads wider than the list means them: a suffix is
 * one label (policy_patterns.h), and Postfix has no word for that. */
size_t	policy_export_wider(const struct policy_list *);
/* Lines end in CRLF. */
void	policy_export_mta_sts(const struct listed_policy *, FILE *);
/* NULL if the list has none. */
const struct listed_policy *policy_export_find(const struct policy_list *,
	    const char *domain);

#endif

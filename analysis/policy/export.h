/*
 * policy_export: writes a policy list in other formats: Postfix's
 * smtp_tls_policy_maps, and the MTA-STS policy (RFC 8461 3.2) that an owner
 * would publish in its place.
 */
#ifndef MXCENSUS_ANALYSIS_POLICY_EXPORT_H
#define MXCENSUS_ANALYSIS_POLICY_EXPORT_H

#include <stdio.h>

#include "analysis/policy/list.h"

/* Writes a line for each policy, sorted by domain. Policies in testing become
 * comments. */
void	policy_export_postfix(const struct policy_list *, FILE *);
/* Counts the enforced policies that Postfix reads more widely than the list
 * means them: in the list a suffix covers one label (policy_patterns.h), and
 * Postfix cannot express that. */
size_t	policy_export_wider(const struct policy_list *);
/* Lines end in CRLF. */
void	policy_export_mta_sts(const struct listed_policy *, FILE *);
/* Returns NULL if the list has no such policy. */
const struct listed_policy *policy_export_find(const struct policy_list *,
	    const char *domain);

#endif

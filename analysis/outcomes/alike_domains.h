/*
 * alike_domains: judges domains that are alike in all that a verdict depends on
 * once, writes the row of each into `outcomes` and counts it among the shares.
 *
 * Most domains are of a few kinds: the names of their MX hosts differ, and nothing
 * else does. Memory does not grow with the domains.
 */
#ifndef MXCENSUS_ANALYSIS_OUTCOMES_ALIKE_DOMAINS_H
#define MXCENSUS_ANALYSIS_OUTCOMES_ALIKE_DOMAINS_H

#include "analysis/outcomes/shares.h"
#include "scanner/out/table.h"

struct alike_domains;

/* Rows, shares and the hosts that the facts of a domain point to are the caller's,
 * and live until alike_domains_free. */
struct alike_domains *alike_domains_new(struct table *rows, struct shares *);
void	alike_domains_free(struct alike_domains *);
void	alike_domains_add(struct alike_domains *, const char *domain,
	    const struct domain_facts *, const struct domain_records *);
/* Counts the domains that are still to be counted: the shares are whole then. */
void	alike_domains_count(struct alike_domains *);

#endif

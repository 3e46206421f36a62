/*
 * alike_domains: judges each group of domains that are equal in everything that
 * a verdict depends on once, writes the row of each domain into `outcomes`, and
 * counts it among the shares.
 *
 * Most domains are of a few kinds: only the names of their MX hosts differ.
 * Memory does not grow with the domains.
 */
#ifndef MXCENSUS_ANALYSIS_OUTCOMES_ALIKE_DOMAINS_H
#define MXCENSUS_ANALYSIS_OUTCOMES_ALIKE_DOMAINS_H

#include "analysis/outcomes/shares.h"
#include "scanner/out/table.h"

struct alike_domains;

/* The caller owns the rows, the shares and the hosts to which the facts of a
 * domain point. They live until alike_domains_free. */
struct alike_domains *alike_domains_new(struct table *rows, struct shares *);
void	alike_domains_free(struct alike_domains *);
void	alike_domains_add(struct alike_domains *, const char *domain,
	    const struct domain_facts *, const struct domain_records *);
/* Counts the domains that are not counted yet. After that the shares are
 * complete. */
void	alike_domains_count(struct alike_domains *);

#endif

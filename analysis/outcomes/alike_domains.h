/*
 * kinds: domains that are alike in all that a verdict depends on are judged once.
 * Writes the row of each into `outcomes` and counts it among the shares.
 *
 * Most domains are of a few kinds: their MX hosts are named otherwise, and in all
 * else like those of others. Memory does not grow with domains.
 */
#ifndef MXCENSUS_ANALYSIS_OUTCOMES_ALIKE_DOMAINS_H
#define MXCENSUS_ANALYSIS_OUTCOMES_ALIKE_DOMAINS_H

#include "analysis/outcomes/shares.h"
#include "scanner/out/table.h"

struct kinds;

/* Rows and shares stay the caller's, and so do the hosts that the facts of a
 * domain point to: all are there until kinds_free. */
struct kinds *kinds_new(struct table *rows, struct shares *);
void	kinds_free(struct kinds *);
void	kinds_add(struct kinds *, const char *domain,
	    const struct domain_facts *, const struct domain_records *);
/* Shares are whole after it. */
void	kinds_count(struct kinds *);

#endif

/*
 * domain_rows: walks the rows of one part of `domains`, each with the rows of
 * the domain in the parts of `mx` and `policies` of the same number, which may
 * be missing. All three are sorted by domain. A row of another domain is a
 * fault of the run, which a message reports.
 *
 *	while ((result = domain_rows_next(rows)) == 1)
 *		while ((result = domain_rows_next_mx(rows)) == 1)
 *
 * The caller takes each `mx` row before the next domain.
 */
#ifndef MXCENSUS_ANALYSIS_FACTS_DOMAIN_ROWS_H
#define MXCENSUS_ANALYSIS_FACTS_DOMAIN_ROWS_H

#include "analysis/facts/parts.h"

/* A zeroed struct is closed. */
struct domain_rows {
	struct part	 domains, mx, policies;
	int		 more_mx, more_policies;	/* as part_next returns
							 * it */
	bool		 mx_is_taken, policy_is_taken;
};

/* Returns false after a message. The caller closes it in either case. */
bool	domain_rows_open(struct domain_rows *, int folder, const char *name);
void	domain_rows_close(struct domain_rows *);
/* 1: the next domain is domains.row; 0: the end of all three; -1 after a
 * message. */
int	domain_rows_next(struct domain_rows *);
/* 1: the next of its MX hosts is mx.row; 0: it has no other; -1 after a
 * message. */
int	domain_rows_next_mx(struct domain_rows *);
/* The domain's row of `policies`; NULL if it has none. */
const struct table_reader *domain_rows_policy(struct domain_rows *);

#endif

/*
 * domain_policy: what the rows of a domain say about its policies: MTA-STS (RFC
 * 8461) and TLSRPT (RFC 8460), for a sender that looks when the run does (RULES
 * 9).
 *
 * The caller that walks the domains embeds it and reuses it for each domain.
 * Zeroed, it is empty.
 */
#ifndef MXCENSUS_ANALYSIS_FACTS_DOMAIN_POLICY_H
#define MXCENSUS_ANALYSIS_FACTS_DOMAIN_POLICY_H

#include <stdbool.h>

#include "analysis/verdict/verdict.h"
#include "scanner/base/buffer.h"
#include "scanner/out/table_reader.h"

struct domain_policy {
	enum sts_policy	 mta_sts;
	const char	*mta_sts_status;	/* static: what says so */
	enum answer_of_three tlsrpt;		/* exactly one valid record */
	struct buffer	 patterns;		/* `mx`, each ended by NUL */
};

/* Must the domain have a row in `policies` (docs/schema.md)? */
bool	domain_policy_has_row(const struct table_reader *domain);
/* Reads the row of `domains` at hand, and its row of `policies`, which is NULL
 * if it has none. */
void	domain_policy_read(struct domain_policy *,
	    const struct table_reader *domain,
	    const struct table_reader *policy);
/* Reads the row of `domains` of a run that is not sealed, without a row of
 * `policies`. Returns whether that row is still to come; then its content is
 * undetermined. */
bool	domain_policy_read_pending(struct domain_policy *,
	    const struct table_reader *domain);
/* Does the policy list the MX host (RULES P7)? Without a policy the answer is
 * no. */
bool	domain_policy_lists(const struct domain_policy *, const char *host);
void	domain_policy_fini(struct domain_policy *);

#endif

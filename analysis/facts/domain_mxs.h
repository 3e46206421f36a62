/*
 * domain_mxs: the MX hosts of one domain, in the form that verdict_of needs.
 * The caller that walks the domains embeds it and reuses it for each domain.
 * Zeroed, it is empty.
 */
#ifndef MXCENSUS_ANALYSIS_FACTS_DOMAIN_MXS_H
#define MXCENSUS_ANALYSIS_FACTS_DOMAIN_MXS_H

#include "analysis/facts/domain_policy.h"
#include "analysis/facts/domain_rows.h"
#include "analysis/facts/hosts.h"

struct domain_mxs {
	struct mx_facts	*items;		/* best tier first */
	size_t		 count, size;
	bool		 is_implicit;	/* RFC 5321 5.1: an implicit MX */
	/* The hosts of a run that is not sealed; MX hosts without a row are
	 * added to them. NULL: every MX host has a row. */
	struct hosts	*partial;
	bool		 is_pending;	/* one of the MX hosts is pending, so
					 * nothing is known about any of them */
};

/* What a listing says about a host as an MX host of one domain. */
struct mx_policies {
	const struct domain_policy *mta_sts;	/* NULL: no policy counts */
	const struct listed_policy *listed;	/* NULL: the domain is not
						 * listed */
};

/* Takes the rows of the present domain. An implicit MX is a host only if the
 * run probes it (docs/schema.md). Returns false after a message. */
bool	domain_mxs_read(struct domain_mxs *, struct domain_rows *,
	    const struct hosts *, bool probe_implicit,
	    const struct mx_policies *);
void	domain_mxs_fini(struct domain_mxs *);

#endif

/*
 * domain_mxs: the MX hosts of one domain, in the form that verdict_of needs.
 * The caller that walks the domains embeds it, and uses it again for each
 * domain. Zeroed, it is empty.
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
	/* The hosts of a run that is not sealed: an MX host that has no row yet
	 * is added to them. NULL: every MX host has a row. */
	struct hosts	*partial;
	bool		 is_pending;	/* an MX host is: then nothing is known
					 * of any of them */
};

/* What a listing says about a host as an MX host of one domain. */
struct mx_policies {
	const struct domain_policy *mta_sts;	/* NULL: no policy counts */
	const struct listed_policy *listed;	/* NULL: the domain is not
						 * listed */
};

/* Takes the rows of the present domain. An implicit MX is a host only if the
 * run probes it (docs/schema.md). False after a line. */
bool	domain_mxs_read(struct domain_mxs *, struct domain_rows *,
	    const struct hosts *, bool probe_implicit,
	    const struct mx_policies *);
void	domain_mxs_fini(struct domain_mxs *);

#endif

/*
 * run_domains: walks the domains of a run in the order of its parts, each with
 * its MX hosts and its MTA-STS policy, in the form that verdict_of needs.
 * Memory holds one domain.
 */
#ifndef MXCENSUS_ANALYSIS_FACTS_RUN_DOMAINS_H
#define MXCENSUS_ANALYSIS_FACTS_RUN_DOMAINS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analysis/facts/hosts.h"
#include "analysis/facts/recorded_run.h"
#include "analysis/verdict/verdict.h"

struct run_domain {
	const char	*name;
	/* The facts without a policy list. MX hosts of the best tier come
	 * first. An implicit MX that is not probed has no MX hosts. */
	struct domain_facts facts;
	/* The result of its MTA-STS policy; mode and the rest only if it is
	 * valid. */
	enum mta_sts_status sts_status;
	enum mta_sts_mode sts_mode;
	int64_t		 sts_max_age_s;
	const char	**sts_mx;	/* patterns */
	size_t		 sts_mx_count;
};

/* Passes each domain to `take`. The domain is valid until `take` returns, which
 * may change facts.mxs. Returns false if `take` returned false, or after a
 * message. */
bool	run_domains_walk(const struct recorded_run *, const struct hosts *,
	    void *tag, bool (*take)(void *tag, const struct run_domain *));

#endif

#include "scanner/message/job_outputs.h"

#define ITEMS TABLE_COUNT

static const struct job_outputs kinds[JOB_KINDS] = {
	[JOB_DOMAINS] = { "domains", DOMAINS_OUTPUTS, {
		[DOMAINS_TO_MX] = { "mx", TABLE_MX, false, false },
		[DOMAINS_TO_DEFERRED] = { ".work/deferred/domains", ITEMS,
		    true, false },
		[DOMAINS_TO_DOMAINS] = { "domains", TABLE_DOMAINS, false,
		    false } } },
	[JOB_HOSTS] = { "hosts", HOSTS_OUTPUTS, {
		[HOSTS_TO_TLSA] = { "tlsa", TABLE_TLSA, false, false },
		[HOSTS_TO_ADDRESSES] = { "addresses", TABLE_ADDRESSES, false,
		    false },
		[HOSTS_TO_DEFERRED] = { ".work/deferred/hosts", ITEMS, true,
		    false },
		[HOSTS_TO_HOSTS] = { "hosts", TABLE_HOSTS, false, false } } },
	[JOB_PROBES] = { "probes", PROBES_OUTPUTS, {
		[PROBES_TO_CERTIFICATES] = { ".work/certificates",
		    TABLE_CERTIFICATES, true, true },
		[PROBES_TO_CHAINS] = { ".work/chains", TABLE_CHAINS, true,
		    true },
		[PROBES_TO_TLSA] = { "tlsa", TABLE_TLSA, true, false },
		[PROBES_TO_RESULTS] = { "host_results", TABLE_HOST_RESULTS,
		    false, false },
		[PROBES_TO_PROBES] = { "probes", TABLE_PROBES, false,
		    false } } },
	[JOB_POLICIES] = { "policies", POLICIES_OUTPUTS, {
		[POLICIES_TO_POLICIES] = { "policies", TABLE_POLICIES, false,
		    false } } },
};

const struct job_outputs *
job_outputs_of(enum job_kind kind)
{
	return &kinds[kind];
}

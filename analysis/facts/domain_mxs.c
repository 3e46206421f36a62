#include "analysis/facts/domain_mxs.h"

#include <stdlib.h>

#include "parsers/presented_name.h"
#include "scanner/base/log.h"
#include "scanner/base/memory.h"

/* RFC 7672 3.2.2: the next hop is the domain, or the name of which it is an
 * alias. */
static uint64_t
match_next_hop(const struct known_host *host, const struct table_reader *domain)
{
	const char *target = table_get(domain, DOMAINS_CNAME_TARGET);
	uint64_t bits = 0;

	for (unsigned i = 0; host->names != NULL &&
	    i < host->verdict.pair_count; i++) {
		const struct leaf_names *names = host->names[i];

		if (names == NULL || names->san == NULL)
			continue;
		if (presented_names_match(names->san, names->common_name,
		    table_get(domain, DOMAINS_DOMAIN)) ||
		    (target[0] != '\0' && presented_names_match(names->san,
		    names->common_name, target)))
			bits |= UINT64_C(1) << i;
	}
	return bits;
}

/* Finds the pairs whose certificate has a name that the domain's entry
 * covers. */
static uint64_t
match_listed(const struct known_host *host, const struct listed_policy *listed)
{
	uint64_t bits = 0;

	for (unsigned i = 0; listed != NULL && host->mx_names != NULL &&
	    i < host->verdict.pair_count; i++) {
		const struct leaf_names *names = host->mx_names[i];

		if (names != NULL && names->san != NULL &&
		    policy_patterns_match(&listed->mxs, names->san,
		    SUFFIX_ONE_LABEL))
			bits |= UINT64_C(1) << i;
	}
	return bits;
}

static struct mx_facts *
add(struct domain_mxs *mxs)
{
	if (mxs->count == mxs->size) {
		mxs->size = mxs->size * 2 + 16;
		mxs->items = xreallocarray(mxs->items, mxs->size,
		    sizeof *mxs->items);
	}
	return &mxs->items[mxs->count++];
}

static bool
take_row(struct domain_mxs *mxs, const struct domain_rows *rows,
    const struct hosts *hosts, bool probe_implicit,
    const struct mx_policies *policies)
{
	const struct table_reader *domain = rows->domains.row;
	const char *name = table_get(rows->mx.row, MX_HOST);
	const struct known_host *host = hosts_find(hosts, name);

	if ((table_get_flags(rows->mx.row, MX_FLAGS) &
	    1u << MX_FLAG_IMPLICIT) != 0)
		mxs->is_implicit = true;
	if (host == NULL && mxs->is_implicit && !probe_implicit)
		return true;
	if (host == NULL && mxs->partial != NULL)
		host = hosts_add_pending(mxs->partial, name);
	if (host == NULL) {
		log_line("mx: %s: %s is not in hosts",
		    table_get(domain, DOMAINS_DOMAIN), name);
		return false;
	}
	mxs->is_pending |= host->is_pending;
	*add(mxs) = (struct mx_facts){
		.host = &host->verdict,
		.tier = (unsigned)table_get_number(rows->mx.row, MX_TIER),
		.in_mta_sts = policies->mta_sts != NULL &&
		    domain_policy_lists(policies->mta_sts, name),
		.next_hop_matches = match_next_hop(host, domain),
		.in_policy_list = match_listed(host, policies->listed),
	};
	return true;
}

static int
compare_tiers(const void *a, const void *b)
{
	const struct mx_facts *x = a, *y = b;

	return (x->tier > y->tier) - (x->tier < y->tier);
}

bool
domain_mxs_read(struct domain_mxs *mxs, struct domain_rows *rows,
    const struct hosts *hosts, bool probe_implicit,
    const struct mx_policies *policies)
{
	int result;

	mxs->count = 0;
	mxs->is_implicit = mxs->is_pending = false;
	while ((result = domain_rows_next_mx(rows)) == 1)
		if (!take_row(mxs, rows, hosts, probe_implicit, policies))
			return false;
	for (size_t i = 0; i < mxs->count && mxs->is_pending; i++)
		mxs->items[i].host = host_verdict_unknown();
	if (mxs->count > 1)
		qsort(mxs->items, mxs->count, sizeof *mxs->items,
		    compare_tiers);
	return result == 0;
}

void
domain_mxs_fini(struct domain_mxs *mxs)
{
	free(mxs->items);
	*mxs = (struct domain_mxs){ 0 };
}

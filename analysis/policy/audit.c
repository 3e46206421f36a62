#include "analysis/policy/audit.h"

#include <stdlib.h>
#include <string.h>

#include "analysis/facts/hosts.h"
#include "analysis/facts/presented_chains.h"
#include "analysis/facts/run_domains.h"
#include "analysis/policy/patterns.h"
#include "scanner/base/map.h"
#include "scanner/base/memory.h"

#define POLICY_AUDIT_TEXT(name, text) [name] = text,
const char *const audit_class_texts[AUDIT_COUNT] = {
	POLICY_AUDIT_VALUES(POLICY_AUDIT_TEXT)
};

struct auditing {
	struct map	*entries;	/* by domain */
	size_t		 measured;	/* of these */
	const struct presented_chains *chains;
	struct reasons	 reasons;
	/* Belong to the present domain, and are used again for the next one. */
	struct mx_facts	*mxs;
	size_t		 mx_size;
};

static void
add(struct audit_entry *entry, enum audit_class class)
{
	entry->classes |= 1u << class;
}

static bool
has(const struct audit_entry *entry, enum audit_class class)
{
	return (entry->classes >> class & 1) != 0;
}

/* The list alone ********************************************************** */

static void
find_unused(struct policy_audit *audit, const struct policy_list *list)
{
	struct map *used = map_new();

	for (size_t i = 0; i < list->policy_count; i++)
		if (list->policies[i].alias != NULL)
			*map_place(used, list->policies[i].alias, NULL) = used;
	audit->unused_aliases = xcalloc(list->alias_count + 1,
	    sizeof *audit->unused_aliases);
	for (size_t i = 0; i < list->alias_count; i++)
		if (map_get(used, list->aliases[i].name) == NULL)
			audit->unused_aliases[audit->unused_count++] =
			    list->aliases[i].name;
	map_free(used);
}

void
policy_audit_init(struct policy_audit *audit, const struct policy_list *list,
    const struct suffix_list *suffixes)
{
	*audit = (struct policy_audit){ .count = list->policy_count };
	audit->entries = xcalloc(list->policy_count + 1,
	    sizeof *audit->entries);
	for (size_t i = 0; i < list->policy_count; i++) {
		const struct listed_policy *policy = &list->policies[i];

		audit->entries[i].policy = policy;
		for (size_t j = 0; j < policy->mxs.count; j++)
			if (policy_pattern_is_overbroad(policy->mxs.items[j],
			    suffixes))
				add(&audit->entries[i],
				    AUDIT_OVERBROAD_SUFFIX);
	}
	find_unused(audit, list);
}

void
policy_audit_fini(struct policy_audit *audit)
{
	free(audit->entries);
	free(audit->unused_aliases);
}

/* MX hosts against patterns *********************************************** */

static void
audit_names(struct audit_entry *entry, const struct policy_patterns *patterns,
    const struct domain_facts *facts)
{
	for (size_t i = 0; i < facts->mx_count; i++) {
		const char *host = facts->mxs[i].host->name;

		if (policy_patterns_cover(patterns, host, SUFFIX_ONE_LABEL))
			continue;
		add(entry, AUDIT_MX_NOT_IN_POLICY);
		if (policy_patterns_cover(patterns, host, SUFFIX_ANY_DEPTH))
			add(entry, AUDIT_DEPTH_DIVERGENT);
	}
	for (size_t i = 0; i < patterns->count; i++) {
		bool used = false;

		for (size_t j = 0; j < facts->mx_count; j++)
			used |= policy_pattern_covers(patterns->items[i],
			    facts->mxs[j].host->name, SUFFIX_ONE_LABEL);
		if (!used)
			add(entry, AUDIT_POLICY_MX_UNUSED);
	}
}

static void
audit_mta_sts(struct audit_entry *entry, const struct policy_patterns *patterns,
    const struct run_domain *domain)
{
	const struct domain_facts *facts = &domain->facts;

	if (domain->sts_status != MTA_STS_VALID)
		return;
	/* The owner wants no entry, and the list has one. */
	if (domain->sts_mode == MTA_STS_NONE) {
		add(entry, AUDIT_MTA_STS_CONFLICT);
		return;
	}
	add(entry, AUDIT_MTA_STS_SUPERSEDES);
	for (size_t i = 0; i < facts->mx_count; i++)
		if (facts->mxs[i].in_mta_sts != policy_patterns_cover(patterns,
		    facts->mxs[i].host->name, SUFFIX_ONE_LABEL))
			add(entry, AUDIT_MTA_STS_CONFLICT);
}

/* What senders meet ******************************************************* */

/* Does the policy cover a name of the certificate? */
static bool
audit_tls(struct audit_entry *entry, const struct policy_patterns *patterns,
    const struct pair_facts *pair, const struct presented_chains *chains)
{
	const struct presented_chain *chain = presented_chains_find(chains,
	    pair->chain_id);
	const char *san = chain != NULL ? chain->san : "";
	bool matches = policy_patterns_match(patterns, san, SUFFIX_ONE_LABEL);

	if (pair->chain_truncated)
		add(entry, AUDIT_UNDETERMINED);
	if (!pair->chain_truncated && !pair->chain_trusted)
		add(entry, AUDIT_CERTIFICATE_UNTRUSTED);
	if (!pair->chain_truncated && !pair->in_dates)
		add(entry, AUDIT_CERTIFICATE_EXPIRED);
	if (!pair->is_tls_1_2)
		add(entry, AUDIT_TLS_OLD);
	if (!matches)
		add(entry, AUDIT_CERTIFICATE_NAME);
	if (!matches && policy_patterns_match(patterns, san, SUFFIX_ANY_DEPTH))
		add(entry, AUDIT_DEPTH_DIVERGENT);
	return matches;
}

static uint64_t
audit_host(struct audit_entry *entry, const struct policy_patterns *patterns,
    const struct host_verdict *host, const struct presented_chains *chains,
    bool *connects)
{
	uint64_t matches = 0;

	for (unsigned p = 0; p < host->pair_count; p++)
		switch (host->pairs[p].class) {
		case PAIR_TLS:
			*connects = true;
			if (audit_tls(entry, patterns, &host->pairs[p],
			    chains))
				matches |= UINT64_C(1) << p;
			break;
		case PAIR_NO_TLS:
			*connects = true;
			add(entry, AUDIT_NO_STARTTLS);
			break;
		case PAIR_UNDETERMINED:
			add(entry, AUDIT_UNDETERMINED);
			break;
		default:
			break;
		}
	return matches;
}

/* Decides what a sender would do that enforces the list and ignores MTA-STS. */
static void
audit_verdict(struct auditing *auditing, struct audit_entry *entry,
    const struct domain_facts *seen)
{
	struct domain_facts facts = *seen;
	struct verdict verdict;
	const struct deliveries *enforced =
	    &verdict.senders[SENDER_POLICY_LIST];

	facts.mxs = auditing->mxs;
	facts.mta_sts = STS_NO_POLICY;
	facts.policy_list = LISTED_ENFORCE;
	verdict_of(&facts, &verdict, &auditing->reasons);
	if (verdict.dane_domain == ANSWER_YES)
		add(entry, AUDIT_DANE_AVAILABLE);
	if (enforced->deliver == DELIVERY_REFUSED && delivery_is_usable(
	    verdict.senders[SENDER_OPPORTUNISTIC].deliver))
		add(entry, AUDIT_WOULD_LOSE_MAIL);
}

static bool
is_ready(const struct audit_entry *entry)
{
	static const unsigned faults = 1u << AUDIT_MX_NOT_IN_POLICY |
	    1u << AUDIT_NO_STARTTLS | 1u << AUDIT_CERTIFICATE_UNTRUSTED |
	    1u << AUDIT_CERTIFICATE_EXPIRED | 1u << AUDIT_CERTIFICATE_NAME |
	    1u << AUDIT_TLS_OLD | 1u << AUDIT_UNREACHABLE |
	    1u << AUDIT_UNDETERMINED | 1u << AUDIT_OVERBROAD_SUFFIX |
	    1u << AUDIT_MTA_STS_CONFLICT;

	return entry->policy->mode == LIST_TESTING &&
	    (entry->classes & faults) == 0;
}

static void
audit_hosts(struct auditing *auditing, struct audit_entry *entry,
    const struct policy_patterns *patterns, const struct run_domain *domain)
{
	const struct domain_facts *facts = &domain->facts;
	bool connects = false;

	if (facts->mx_count > auditing->mx_size) {
		auditing->mx_size = facts->mx_count * 2;
		auditing->mxs = xreallocarray(auditing->mxs,
		    auditing->mx_size, sizeof *auditing->mxs);
	}
	for (size_t i = 0; i < facts->mx_count; i++) {
		auditing->mxs[i] = facts->mxs[i];
		auditing->mxs[i].in_policy_list = audit_host(entry, patterns,
		    facts->mxs[i].host, auditing->chains, &connects);
	}
	if (!connects && !has(entry, AUDIT_UNDETERMINED))
		add(entry, AUDIT_UNREACHABLE);
	audit_verdict(auditing, entry, facts);
	audit_names(entry, patterns, facts);
	audit_mta_sts(entry, patterns, domain);
	if (is_ready(entry))
		add(entry, AUDIT_READY_FOR_ENFORCE);
}

/* The domain ************************************************************** */

/* Returns the class if the MX answer decides it, or AUDIT_COUNT if the hosts
 * decide. */
static enum audit_class
class_of_mx(const struct domain_facts *facts)
{
	switch (facts->mx_status) {
	case MX_NXDOMAIN:
		return AUDIT_NXDOMAIN;
	case MX_NO_MAIL:
		return AUDIT_NO_MAIL;
	case MX_NULL:
		return AUDIT_NULL_MX;
	case MX_BOGUS:
		return AUDIT_UNREACHABLE;
	case MX_SERVFAIL:
	case MX_TIMEOUT:
		return facts->attempts > 1 ? AUDIT_UNREACHABLE
		    : AUDIT_UNDETERMINED;
	case MX_RESOLVER_CRASHED:
		return AUDIT_UNDETERMINED;
	default:
		return facts->is_probed ? AUDIT_COUNT : AUDIT_UNDETERMINED;
	}
}

static bool
take_domain(void *tag, const struct run_domain *domain)
{
	struct auditing *auditing = tag;
	struct audit_entry *entry = map_get(auditing->entries, domain->name);
	enum audit_class class;

	if (entry == NULL)
		return true;
	class = class_of_mx(&domain->facts);
	entry->classes &= ~(1u << AUDIT_NOT_MEASURED);
	auditing->measured++;
	if (class != AUDIT_COUNT)
		add(entry, class);
	else
		audit_hosts(auditing, entry, &entry->policy->mxs, domain);
	if ((entry->classes & ((1u << AUDIT_OK) - 1)) == 0)
		add(entry, AUDIT_OK);
	return true;
}

bool
policy_audit_run(struct policy_audit *audit, const struct recorded_run *run)
{
	struct auditing auditing = { .entries = map_new() };
	struct hosts *hosts = hosts_read(run->folder, run->retry_after_ms,
	    NULL);
	struct presented_chains *chains = presented_chains_new();
	bool good;

	for (size_t i = 0; i < audit->count; i++) {
		add(&audit->entries[i], AUDIT_NOT_MEASURED);
		*map_place(auditing.entries, audit->entries[i].policy->name,
		    NULL) = &audit->entries[i];
	}
	auditing.chains = chains;
	good = hosts != NULL && presented_chains_read(chains, run, hosts) &&
	    run_domains_walk(run, hosts, &auditing, take_domain);
	audit->measured = auditing.measured;
	reasons_fini(&auditing.reasons);
	free(auditing.mxs);
	map_free(auditing.entries);
	presented_chains_free(chains);
	hosts_free(hosts);
	return good;
}

#include "analysis/policy/rules.h"

#include <stdlib.h>
#include <string.h>

#include "parsers/policy_list.h"
#include "scanner/base/memory.h"

const char *const policy_rule_texts[RULE_COUNT] = {
	[RULE_C1] = "C1", [RULE_C2] = "C2", [RULE_C3] = "C3",
	[RULE_C4] = "C4", [RULE_C5] = "C5", [RULE_C6] = "C6",
	[RULE_C7] = "C7", [RULE_C9] = "C9", [RULE_C10] = "C10",
	[RULE_C11] = "C11",
};

static void
reject(struct policy_judgement *judgement, enum policy_rule rule,
    const char *host, const char *value)
{
	/* Most addresses of a host give the same reasons. */
	for (size_t i = judgement->reason_count; i-- > 0;) {
		const struct policy_reason *reason = &judgement->reasons[i];

		if (reason->rule == rule && reason->host == host &&
		    strcmp(reason->value, value) == 0)
			return;
	}
	if (judgement->reason_count == judgement->reason_size) {
		judgement->reason_size = judgement->reason_size * 2 + 16;
		judgement->reasons = xreallocarray(judgement->reasons,
		    judgement->reason_size, sizeof *judgement->reasons);
	}
	judgement->reasons[judgement->reason_count++] =
	    (struct policy_reason){ rule, host, value };
}

/* Facts of the hosts ****************************************************** */

static bool
has_any_undetermined(const struct domain_facts *facts)
{
	for (size_t i = 0; i < facts->mx_count; i++)
		for (unsigned p = 0; p < facts->mxs[i].host->pair_count; p++)
			if (facts->mxs[i].host->pairs[p].class ==
			    PAIR_UNDETERMINED)
				return true;
	return false;
}

static bool
connects(const struct pair_facts *pair)
{
	return pair->class == PAIR_TLS || pair->class == PAIR_NO_TLS;
}

static bool
any_connects(const struct domain_facts *facts)
{
	for (size_t i = 0; i < facts->mx_count; i++)
		for (unsigned p = 0; p < facts->mxs[i].host->pair_count; p++)
			if (connects(&facts->mxs[i].host->pairs[p]))
				return true;
	return false;
}

/* C3 and C4, at an address that completed STARTTLS. */
static void
judge_certificate(struct policy_judgement *judgement, const char *host,
    const struct pair_facts *pair)
{
	if (pair->chain_truncated)
		reject(judgement, RULE_C9, host,
		    probe_flag_texts.texts[PROBE_CHAIN_TRUNCATED]);
	if (!pair->chain_truncated && !pair->chain_trusted)
		reject(judgement, RULE_C3, host, pair->chain_error);
	if (!pair->chain_truncated && !pair->in_dates)
		reject(judgement, RULE_C3, host, "certificate_expired");
	if (!pair->name_match)
		reject(judgement, RULE_C3, host, "certificate_name");
	if (!pair->is_tls_1_2)
		reject(judgement, RULE_C4, host, "tls_old");
}

static void
judge_expiry(struct policy_judgement *judgement, const char *host,
    const struct pair_facts *pair, const struct presented_chains *chains,
    int64_t list_expires_ms)
{
	const struct presented_chain *chain = presented_chains_find(chains,
	    pair->chain_id);

	if (chain == NULL)
		return;
	if (chain->expires_ms < judgement->expires_ms)
		judgement->expires_ms = chain->expires_ms;
	if (chain->expires_ms < list_expires_ms)
		reject(judgement, RULE_C9, host, "expires_before_list");
}

/* C9: the "addresses agree" if a sender with the list would do the same at
 * each. */
static bool
addresses_agree(const struct host_verdict *host)
{
	bool accepted = false, refused = false;

	for (unsigned p = 0; p < host->pair_count; p++) {
		if (!connects(&host->pairs[p]))
			continue;
		if (verdict_webpki(&host->pairs[p]) == DELIVERY_AUTHENTICATED)
			accepted = true;
		else
			refused = true;
	}
	return !accepted || !refused;
}

static void
judge_host(struct policy_judgement *judgement, const struct host_verdict *host,
    const struct presented_chains *chains, int64_t list_expires_ms)
{
	for (unsigned p = 0; p < host->pair_count; p++) {
		const struct pair_facts *pair = &host->pairs[p];

		if (pair->class == PAIR_UNDETERMINED)
			reject(judgement, RULE_C9, host->name, pair->why);
		if (pair->class == PAIR_NO_TLS)
			reject(judgement, RULE_C2, host->name, pair->why);
		if (pair->class != PAIR_TLS)
			continue;
		judge_certificate(judgement, host->name, pair);
		judge_expiry(judgement, host->name, pair, chains,
		    list_expires_ms);
	}
	if (!addresses_agree(host))
		reject(judgement, RULE_C9, host->name, "addresses_differ");
}

/* C11: DANE authenticates every address that connects, and WebPKI does not. */
static bool
is_dane_only(const struct domain_facts *facts)
{
	bool secure = facts->mx_dnssec == DNSSEC_SECURE, lacks_webpki = false;

	for (size_t i = 0; i < facts->mx_count; i++) {
		const struct mx_facts *mx = &facts->mxs[i];

		for (unsigned p = 0; p < mx->host->pair_count; p++) {
			const struct pair_facts *pair = &mx->host->pairs[p];

			if (!connects(pair))
				continue;
			if (verdict_dane(pair, secure, (mx->next_hop_matches >>
			    p & 1) != 0) != DELIVERY_AUTHENTICATED)
				return false;
			if (verdict_webpki(pair) != DELIVERY_AUTHENTICATED)
				lacks_webpki = true;
		}
	}
	return lacks_webpki;
}

/* The domain ************************************************************** */

/* Judges only by the MX answer. Returns false if the hosts decide. */
static bool
judge_mx(struct policy_judgement *judgement, const struct domain_facts *facts)
{
	const char *status = mx_status_texts.texts[facts->mx_status];

	switch (facts->mx_status) {
	case MX_NXDOMAIN:
	case MX_NO_MAIL:
	case MX_NULL:
	case MX_BOGUS:
		reject(judgement, RULE_C1, NULL, status);
		return true;
	case MX_SERVFAIL:
	case MX_TIMEOUT:
		/* Two failures that are far apart mean unreachable. */
		reject(judgement, facts->attempts > 1 ? RULE_C1 : RULE_C9,
		    NULL, status);
		return true;
	case MX_RESOLVER_CRASHED:
		reject(judgement, RULE_C9, NULL, status);
		return true;
	default:
		if (facts->is_probed)
			return false;
		reject(judgement, RULE_C9, NULL, "not_probed");
		return true;
	}
}

/* C6: if a policy exists, says what it lacks. */
static bool
judge_mta_sts(struct policy_judgement *judgement,
    const struct run_domain *domain)
{
	switch (domain->sts_status) {
	case MTA_STS_VALID:
		if (domain->sts_mode != MTA_STS_NONE &&
		    domain->sts_max_age_s >= POLICY_MAX_AGE_MIN)
			return true;
		reject(judgement, RULE_C6, NULL, domain->sts_mode ==
		    MTA_STS_NONE ? "mode_none" : "max_age_short");
		return false;
	case MTA_STS_ABSENT:
	case MTA_STS_NOT_ASKED:
		return false;
	case MTA_STS_ERROR:
		reject(judgement, RULE_C9, NULL, "mta_sts_error");
		return false;
	default:
		reject(judgement, RULE_C6, NULL,
		    mta_sts_status_texts.texts[domain->sts_status]);
		return false;
	}
}

/* Removes C1 to C5 from the reasons, since C6 takes their place. */
static void
waive(struct policy_judgement *judgement)
{
	size_t kept = 0;

	for (size_t i = 0; i < judgement->reason_count; i++)
		if (judgement->reasons[i].rule > RULE_C5)
			judgement->reasons[kept++] = judgement->reasons[i];
	judgement->reason_count = kept;
}

/* C6 is needed only if C1 to C5 do not admit the domain. */
static void
drop_unneeded(struct policy_judgement *judgement)
{
	size_t kept = 0;
	bool needed = false;

	for (size_t i = 0; i < judgement->reason_count; i++)
		needed |= judgement->reasons[i].rule <= RULE_C5;
	for (size_t i = 0; i < judgement->reason_count; i++)
		if (needed || judgement->reasons[i].rule != RULE_C6)
			judgement->reasons[kept++] = judgement->reasons[i];
	judgement->reason_count = kept;
}

static void
add_pattern(struct policy_judgement *judgement, const char *name)
{
	struct policy_patterns *patterns = &judgement->patterns;

	if (patterns->count == judgement->pattern_size) {
		judgement->pattern_size = judgement->pattern_size * 2 + 16;
		patterns->items = xreallocarray(patterns->items,
		    judgement->pattern_size, sizeof *patterns->items);
	}
	patterns->items[patterns->count++] = name;
}

/* Collects the MX hosts. If an MTA-STS policy admits the domain, hosts that it
 * does not name are left out, and its exact names are added. */
static void
gather_patterns(struct policy_judgement *judgement,
    const struct run_domain *domain)
{
	const struct domain_facts *facts = &domain->facts;

	for (size_t i = 0; i < facts->mx_count; i++) {
		const char *host = facts->mxs[i].host->name;

		if (judgement->by_mta_sts && !facts->mxs[i].in_mta_sts)
			continue;
		if (policy_list_name_fault(host) == NULL)
			add_pattern(judgement, host);
		else
			reject(judgement, judgement->by_mta_sts ? RULE_C10
			    : RULE_C5, host, "not_expressible");
	}
	for (size_t i = 0; judgement->by_mta_sts && i < domain->sts_mx_count;
	    i++)
		if (policy_list_name_fault(domain->sts_mx[i]) == NULL)
			add_pattern(judgement, domain->sts_mx[i]);
	if (judgement->by_mta_sts && judgement->patterns.count == 0)
		reject(judgement, RULE_C10, NULL, "no_exact_name");
}

void
policy_judge(struct policy_judgement *judgement,
    const struct run_domain *domain, const struct presented_chains *chains,
    const struct suffix_list *suffixes, int64_t list_expires_ms)
{
	const struct domain_facts *facts = &domain->facts;
	bool is_settled;

	judgement->reason_count = judgement->patterns.count = 0;
	judgement->expires_ms = INT64_MAX;
	is_settled = judge_mx(judgement, facts);
	for (size_t i = 0; i < facts->mx_count && !is_settled; i++)
		judge_host(judgement, facts->mxs[i].host, chains,
		    list_expires_ms);
	if (!is_settled && !any_connects(facts) &&
	    !has_any_undetermined(facts))
		reject(judgement, RULE_C1, NULL, "unreachable");
	judgement->by_mta_sts = judge_mta_sts(judgement, domain);
	judgement->wants_enforce = domain->sts_status == MTA_STS_VALID &&
	    domain->sts_mode == MTA_STS_ENFORCE;
	/* If the MX answer decides, a policy changes nothing. */
	if (judgement->by_mta_sts && !is_settled)
		waive(judgement);
	gather_patterns(judgement, domain);
	drop_unneeded(judgement);
	if (policy_list_name_fault(domain->name) != NULL)
		reject(judgement, RULE_C10, NULL, "not_expressible");
	if (!is_settled && is_dane_only(facts))
		reject(judgement, RULE_C11, NULL, "dane_preferred");
	policy_patterns_shape(&judgement->patterns, suffixes);
}

void
policy_judgement_fini(struct policy_judgement *judgement)
{
	free(judgement->reasons);
	free(judgement->patterns.items);
}

/*
 * verdict_reasons: the statuses that kept a sender from a better outcome
 * (docs/schema.md `outcomes`): from `encrypted` for the opportunistic sender,
 * from `authenticated` for the others.
 */
#include <stdlib.h>
#include <string.h>

#include "analysis/verdict/verdict_internal.h"
#include "scanner/base/memory.h"

void
reasons_fini(struct reasons *reasons)
{
	free(reasons->items);
	*reasons = (struct reasons){ 0 };
}

/* Adds a reason once for each sender and host. The reasons of a host come one
 * after the other. */
static void
add(struct reasons *reasons, enum sender sender, const char *host,
    const char *value)
{
	for (size_t i = reasons->count; i > 0; i--) {
		const struct reason *before = &reasons->items[i - 1];

		if (before->sender != sender || before->host != host)
			break;
		if (strcmp(before->value, value) == 0)
			return;
	}
	if (reasons->count == reasons->size) {
		reasons->size = reasons->size * 2 + 32;
		reasons->items = xreallocarray(reasons->items, reasons->size,
		    sizeof *reasons->items);
	}
	reasons->items[reasons->count++] = (struct reason){ sender, host,
	    value };
}

void
verdict_explain_mx(const struct domain_facts *domain, enum delivery delivery,
    struct reasons *reasons)
{
	/* No better outcome is possible. */
	if (delivery == DELIVERY_NO_MAIL || delivery == DELIVERY_NOT_PROBED)
		return;
	for (int i = 0; i < SENDER_COUNT; i++)
		add(reasons, (enum sender)i, NULL,
		    mx_status_texts.texts[domain->mx_status]);
}

/* Returns the first fault that a verifying sender would report. */
static const char *
certificate_fault(const struct pair_facts *pair, enum delivery enforced)
{
	if (!pair->is_tls_1_2)
		return profile_texts.texts[PROFILE_LEGACY];
	if (enforced == DELIVERY_UNDETERMINED)
		return probe_flag_texts.texts[PROBE_CHAIN_TRUNCATED];
	if (!pair->chain_truncated &&
	    (!pair->chain_trusted || !pair->in_dates))
		return pair->chain_error;
	return dane_verdict_texts.texts[DANE_NAME_MISMATCH];
}

/* The result of a sender at a pair, depending on whether it demands TLS. */
static void
explain_session(struct reasons *reasons, enum sender sender,
    const struct host_verdict *host, const struct pair_facts *pair,
    bool demands, enum delivery enforced)
{
	if (pair->class != PAIR_TLS)
		add(reasons, sender, host->name, pair->why);
	else if (demands && enforced != DELIVERY_AUTHENTICATED)
		add(reasons, sender, host->name, certificate_fault(pair,
		    enforced));
}

static void
explain_mta_sts(const struct domain_facts *domain, struct reasons *reasons,
    enum sender sender, const struct mx_facts *mx,
    const struct pair_facts *pair)
{
	bool demands = domain->mta_sts == STS_ENFORCE;

	if (demands && !mx->in_mta_sts)
		add(reasons, sender, mx->host->name, "mx_not_in_policy");
	else
		explain_session(reasons, sender, mx->host, pair, demands,
		    verdict_webpki(pair));
}

static void
explain_dane(struct reasons *reasons, enum sender sender,
    const struct mx_facts *mx, const struct pair_facts *pair,
    enum delivery dane)
{
	const char *host = mx->host->name;

	switch (pair->tlsa) {
	case TLSA_CLASS_USABLE:
		if (pair->dane_class != PAIR_TLS)
			add(reasons, sender, host, pair->dane_why);
		else if (dane == DELIVERY_REFUSED ||
		    dane == DELIVERY_UNDETERMINED)
			add(reasons, sender, host,
			    dane_verdict_texts.texts[pair->dane]);
		return;
	case TLSA_CLASS_NONE:
	case TLSA_CLASS_UNUSABLE:
		if (pair->dane_class != PAIR_TLS)
			add(reasons, sender, host, pair->dane_why);
		/* If no sender reaches the host, its TLSA status is not a
		 * reason. */
		if (pair->dane_class == PAIR_TLS ||
		    pair->dane_class == PAIR_NO_TLS)
			add(reasons, sender, host, pair->tlsa_status);
		return;
	default:
		add(reasons, sender, host, pair->tlsa_status);
	}
}

static void
explain_dane_or(const struct domain_facts *domain, struct reasons *reasons,
    const struct mx_facts *mx, const struct pair_facts *pair,
    enum delivery dane)
{
	enum delivery mta_sts = DELIVERY_REFUSED;

	if (domain->mta_sts == STS_ENFORCE && mx->in_mta_sts)
		mta_sts = verdict_webpki(pair);
	if (verdict_dane_or(pair, dane, mta_sts) == DELIVERY_AUTHENTICATED)
		return;
	explain_dane(reasons, SENDER_DANE_OR_MTA_STS, mx, pair, dane);
	if (pair->tlsa == TLSA_CLASS_NONE || pair->tlsa == TLSA_CLASS_UNUSABLE)
		explain_mta_sts(domain, reasons, SENDER_DANE_OR_MTA_STS, mx,
		    pair);
}

static void
explain_list(const struct domain_facts *domain, struct reasons *reasons,
    const struct mx_facts *mx, const struct pair_facts *pair, unsigned index)
{
	if (domain->policy_list != LISTED_NOT &&
	    sts_policy_is_valid(domain->mta_sts))
		explain_mta_sts(domain, reasons, SENDER_POLICY_LIST, mx, pair);
	else
		explain_session(reasons, SENDER_POLICY_LIST, mx->host, pair,
		    domain->policy_list == LISTED_ENFORCE,
		    verdict_certificate(pair,
		    (mx->in_policy_list >> index & 1) != 0));
}

static void
explain_pair(const struct domain_facts *domain, struct reasons *reasons,
    enum sender sender, const struct mx_facts *mx, unsigned index)
{
	const struct pair_facts *pair = &mx->host->pairs[index];
	enum delivery dane = verdict_dane(pair,
	    domain->mx_dnssec == DNSSEC_SECURE,
	    (mx->next_hop_matches >> index & 1) != 0);

	switch (sender) {
	case SENDER_DANE:
		explain_dane(reasons, sender, mx, pair, dane);
		return;
	case SENDER_MTA_STS:
		explain_mta_sts(domain, reasons, sender, mx, pair);
		return;
	case SENDER_DANE_OR_MTA_STS:
		explain_dane_or(domain, reasons, mx, pair, dane);
		return;
	case SENDER_POLICY_LIST:
		explain_list(domain, reasons, mx, pair, index);
		return;
	default:
		explain_session(reasons, sender, mx->host, pair,
		    sender == SENDER_WEBPKI, verdict_webpki(pair));
	}
}

static bool
is_anywhere(const struct domain_facts *domain,
    bool (*claim)(const struct pair_facts *))
{
	for (size_t i = 0; i < domain->mx_count; i++)
		for (unsigned p = 0; p < domain->mxs[i].host->pair_count; p++)
			if (claim(&domain->mxs[i].host->pairs[p]))
				return true;
	return false;
}

static bool
needs_mta_sts(const struct pair_facts *pair)
{
	return pair->tlsa == TLSA_CLASS_NONE ||
	    pair->tlsa == TLSA_CLASS_UNUSABLE;
}

static bool
matches_tlsa(const struct pair_facts *pair)
{
	return pair->tlsa == TLSA_CLASS_USABLE &&
	    verdict_dane(pair, false, false) ==
	    DELIVERY_AUTHENTICATED_INSECURE_MX;
}

/* Reasons that belong to the domain itself: its MX RRset, its policy, its entry
 * in the list. */
static void
explain_domain(const struct domain_facts *domain, struct reasons *reasons,
    enum sender sender)
{
	const char *policy = domain->mta_sts == STS_ENFORCE ? NULL
	    : domain->mta_sts_status;
	bool insecure = domain->mx_dnssec != DNSSEC_SECURE &&
	    is_anywhere(domain, matches_tlsa);

	if (insecure && (sender == SENDER_DANE ||
	    sender == SENDER_DANE_OR_MTA_STS))
		add(reasons, sender, NULL,
		    dnssec_texts.texts[domain->mx_dnssec]);
	if (sender == SENDER_POLICY_LIST) {
		if (domain->policy_list == LISTED_NOT)
			return;
		/* If the outcome is not known, the reason says only that. */
		if (domain->mta_sts == STS_NO_POLICY)
			policy = domain->policy_list == LISTED_TESTING
			    ? "testing" : NULL;
	} else if (sender == SENDER_DANE_OR_MTA_STS) {
		if (!insecure && !is_anywhere(domain, needs_mta_sts))
			return;
	} else if (sender != SENDER_MTA_STS) {
		return;
	}
	if (policy != NULL)
		add(reasons, sender, NULL, policy);
}

void
verdict_explain(const struct domain_facts *domain, struct reasons *reasons)
{
	for (int s = 0; s < SENDER_COUNT; s++) {
		explain_domain(domain, reasons, (enum sender)s);
		for (size_t i = 0; i < domain->mx_count; i++)
			for (unsigned p = 0;
			    p < domain->mxs[i].host->pair_count; p++)
				explain_pair(domain, reasons, (enum sender)s,
				    &domain->mxs[i], p);
	}
}

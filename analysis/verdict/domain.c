/* verdict_domain: from the pairs of a (host, address) to the domain. */
#include "analysis/verdict/verdict_internal.h"

/* What a policy demands of a sender that reads it. */
enum demand { DEMAND_NOTHING, DEMAND_REPORT, DEMAND_CERTIFICATE };

/* RULES 9: no policy and `none` demand nothing. `testing` demands nothing
 * either, but the verdict says what it would refuse. */
static const enum demand mta_sts_demands[] = {
	[STS_NO_POLICY] = DEMAND_NOTHING, [STS_NONE] = DEMAND_NOTHING,
	[STS_TESTING] = DEMAND_REPORT,
	[STS_ENFORCE] = DEMAND_CERTIFICATE,
	[STS_UNDETERMINED] = DEMAND_NOTHING,
};
static const enum demand list_demands[] = {
	[LISTED_NOT] = DEMAND_NOTHING, [LISTED_TESTING] = DEMAND_REPORT,
	[LISTED_ENFORCE] = DEMAND_CERTIFICATE,
};

/* A domain under one assumption about its MTA-STS policy. */
struct view {
	const struct domain_facts *domain;
	enum sts_policy	 mta_sts;
	bool		 mx_is_secure;
	bool		 supposed;	/* then the policy covers every MX
					 * host */
};

bool
sts_policy_is_valid(enum sts_policy mta_sts)
{
	return mta_sts == STS_NONE || mta_sts == STS_TESTING ||
	    mta_sts == STS_ENFORCE;
}

static bool
has_bit(uint64_t word, unsigned bit)
{
	return (word >> bit & 1) != 0;
}

/* As under an enforced MTA-STS policy. */
static enum delivery
enforce_mta_sts(const struct view *view, const struct mx_facts *mx,
    unsigned index)
{
	if (!mx->in_mta_sts && !view->supposed)
		return DELIVERY_REFUSED;
	return verdict_webpki(&mx->host->pairs[index]);
}

static enum delivery
enforce_list(const struct mx_facts *mx, unsigned index)
{
	return verdict_certificate(&mx->host->pairs[index],
	    has_bit(mx->in_policy_list, index));
}

static enum delivery
at_pair(const struct view *view, enum sender sender, const struct mx_facts *mx,
    unsigned index)
{
	const struct pair_facts *pair = &mx->host->pairs[index];

	switch (sender) {
	case SENDER_DANE:
		return verdict_dane(pair, view->mx_is_secure,
		    has_bit(mx->next_hop_matches, index));
	case SENDER_MTA_STS:
		return mta_sts_demands[view->mta_sts] == DEMAND_CERTIFICATE
		    ? enforce_mta_sts(view, mx, index)
		    : verdict_opportunistic(pair);
	case SENDER_DANE_OR_MTA_STS:
		return verdict_dane_or(pair,
		    at_pair(view, SENDER_DANE, mx, index),
		    at_pair(view, SENDER_MTA_STS, mx, index));
	case SENDER_POLICY_LIST:
		if (view->domain->policy_list == LISTED_NOT)
			return verdict_opportunistic(pair);
		if (sts_policy_is_valid(view->mta_sts))
			return at_pair(view, SENDER_MTA_STS, mx, index);
		return list_demands[view->domain->policy_list] ==
		    DEMAND_CERTIFICATE ? enforce_list(mx, index)
		    : verdict_opportunistic(pair);
	case SENDER_WEBPKI:
		return verdict_webpki(pair);
	default:
		return verdict_opportunistic(pair);
	}
}

/* Over the pairs ********************************************************** */

struct sum {
	bool		 is_settled;	/* `first` is known */
	bool		 any_usable, any_undetermined, any_refused;
	/* Belong to the present tier. */
	bool		 tier_usable, tier_undetermined;
	enum delivery	 tier_value;
	struct deliveries result;
};

static void
add_pair(struct sum *sum, enum delivery delivery)
{
	struct deliveries *result = &sum->result;

	if (!delivery_is_usable(delivery)) {
		sum->any_refused |= delivery == DELIVERY_REFUSED;
		sum->any_undetermined |= delivery == DELIVERY_UNDETERMINED;
		sum->tier_undetermined |= delivery == DELIVERY_UNDETERMINED;
		return;
	}
	if (!sum->any_usable || delivery > result->deliver)
		result->deliver = delivery;
	if (!sum->any_usable || delivery < result->worst)
		result->worst = delivery;
	sum->any_usable = true;
	sum->tier_value = !sum->tier_usable || sum->tier_value == delivery
	    ? delivery : DELIVERY_MIXED;
	sum->tier_usable = true;
}

static void
end_tier(struct sum *sum)
{
	if (!sum->is_settled && (sum->tier_usable || sum->tier_undetermined)) {
		sum->result.first = sum->tier_usable ? sum->tier_value
						     : DELIVERY_UNDETERMINED;
		sum->is_settled = true;
	}
	sum->tier_usable = sum->tier_undetermined = false;
}

static struct deliveries
sum_up(const struct view *view, enum sender sender)
{
	const struct domain_facts *domain = view->domain;
	struct sum sum = { 0 };
	enum delivery none;

	for (size_t i = 0; i < domain->mx_count; i++) {
		const struct mx_facts *mx = &domain->mxs[i];

		if (i > 0 && mx->tier != mx[-1].tier)
			end_tier(&sum);
		for (unsigned p = 0; p < mx->host->pair_count; p++)
			add_pair(&sum, at_pair(view, sender, mx, p));
	}
	end_tier(&sum);
	none = sum.any_refused ? DELIVERY_REFUSED : DELIVERY_UNREACHABLE;
	if (!sum.is_settled)
		sum.result.first = none;
	if (!sum.any_usable)
		sum.result.deliver = sum.result.worst = sum.any_undetermined
		    ? DELIVERY_UNDETERMINED : none;
	return sum.result;
}

static enum delivery
agreed(enum delivery a, enum delivery b)
{
	return a == b ? a : DELIVERY_UNDETERMINED;
}

/* It is not known whether there is a policy, so only what is the same in every
 * case is known: without a policy, with an enforced one, and with one that
 * demands nothing. A policy also overrides the list. */
static struct deliveries
sum_up_any(const struct view *view, enum sender sender)
{
	static const enum sts_policy others[] = { STS_ENFORCE, STS_NONE };
	struct view supposed = *view;
	struct deliveries all;

	supposed.mta_sts = STS_NO_POLICY;
	supposed.supposed = true;
	all = sum_up(&supposed, sender);
	for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
		struct deliveries one;

		supposed.mta_sts = others[i];
		one = sum_up(&supposed, sender);
		all = (struct deliveries){ agreed(all.first, one.first),
		    agreed(all.deliver, one.deliver),
		    agreed(all.worst, one.worst) };
	}
	return all;
}

/* DANE domains ************************************************************ */

struct matches {
	bool	any, any_not, any_unknown;
};

static void
add_match(struct matches *matches, const struct pair_facts *pair,
    enum delivery dane)
{
	switch (pair->dane_class) {
	case PAIR_TLS:
	case PAIR_NO_TLS:
		matches->any |= dane == DELIVERY_AUTHENTICATED;
		matches->any_unknown |= dane == DELIVERY_UNDETERMINED;
		matches->any_not |= dane != DELIVERY_AUTHENTICATED &&
		    dane != DELIVERY_UNDETERMINED;
		break;
	case PAIR_UNDETERMINED:
		matches->any_unknown = true;
		break;
	default:
		break;		/* it does not connect */
	}
}

static bool
have_any(const struct matches *matches)
{
	return matches->any || matches->any_not || matches->any_unknown;
}

static enum answer_of_three
answer(const struct matches *matches)
{
	if (matches->any_not)
		return ANSWER_NO;
	if (matches->any_unknown)
		return ANSWER_UNDETERMINED;
	return matches->any ? ANSWER_YES : ANSWER_NO;
}

/* At least one match is needed, so without secure and usable TLSA records the
 * answer is no. */
static bool
could_match(const struct domain_facts *domain)
{
	for (size_t i = 0; i < domain->mx_count; i++)
		for (unsigned p = 0; p < domain->mxs[i].host->pair_count; p++) {
			enum tlsa_class tlsa =
			    domain->mxs[i].host->pairs[p].tlsa;

			if (tlsa == TLSA_CLASS_USABLE ||
			    tlsa == TLSA_CLASS_UNDETERMINED)
				return true;
		}
	return false;
}

static void
judge_dane_domain(const struct view *view, struct verdict *verdict)
{
	const struct domain_facts *domain = view->domain;
	struct matches all = { 0 }, tier = { 0 };
	bool best_is_known = false;

	verdict->dane_domain = verdict->dane_domain_all = ANSWER_NO;
	if (!view->mx_is_secure || !could_match(domain))
		return;
	for (size_t i = 0; i < domain->mx_count; i++) {
		const struct mx_facts *mx = &domain->mxs[i];

		if (i > 0 && mx->tier != mx[-1].tier && have_any(&tier))
			best_is_known = true;
		for (unsigned p = 0; p < mx->host->pair_count; p++) {
			enum delivery dane = at_pair(view, SENDER_DANE, mx, p);

			add_match(&all, &mx->host->pairs[p], dane);
			if (!best_is_known)
				add_match(&tier, &mx->host->pairs[p], dane);
		}
	}
	verdict->dane_domain = answer(&tier);
	verdict->dane_domain_all = answer(&all);
}

/* Flags ******************************************************************* */

static bool
would_fail(const struct view *view, const struct mx_facts *mx, unsigned index)
{
	enum delivery enforced;

	if (mta_sts_demands[view->mta_sts] == DEMAND_REPORT)
		enforced = enforce_mta_sts(view, mx, index);
	else if (list_demands[view->domain->policy_list] == DEMAND_REPORT &&
	    !sts_policy_is_valid(view->mta_sts))
		enforced = enforce_list(mx, index);
	else
		return false;
	return enforced == DELIVERY_REFUSED && verdict_opportunistic(
	    &mx->host->pairs[index]) != DELIVERY_REFUSED;
}

static unsigned
flag_pair(const struct view *view, const struct mx_facts *mx, unsigned index,
    enum delivery dane)
{
	const struct pair_facts *pair = &mx->host->pairs[index];
	unsigned flags = 0;

	if (pair->class == PAIR_TLS && pair->is_legacy)
		flags |= 1u << VERDICT_FLAG_LEGACY_TLS;
	if (pair->tlsa_changed)
		flags |= 1u << VERDICT_FLAG_TLSA_CHANGED;
	/* T12: a sender may ignore TLSA there (RFC 7672 2.2.1). */
	if (!view->mx_is_secure && dane == DELIVERY_REFUSED &&
	    (pair->tlsa == TLSA_CLASS_USABLE ||
	    pair->tlsa == TLSA_CLASS_UNUSABLE))
		flags |= 1u << VERDICT_FLAG_INSECURE_MX;
	if (would_fail(view, mx, index))
		flags |= 1u << VERDICT_FLAG_WOULD_FAIL;
	return flags;
}

static unsigned
flag(const struct view *view)
{
	const struct domain_facts *domain = view->domain;
	bool any_failed = false, any_authenticated = false;
	unsigned flags = 0;

	for (size_t i = 0; i < domain->mx_count; i++) {
		const struct mx_facts *mx = &domain->mxs[i];
		bool refused = false, authenticated = false;

		for (unsigned p = 0; p < mx->host->pair_count; p++) {
			enum delivery dane = at_pair(view, SENDER_DANE, mx, p);

			/* A bogus address does not depend on TLSA. */
			refused |= dane == DELIVERY_REFUSED &&
			    mx->host->pairs[p].dane_class != PAIR_REFUSED;
			authenticated |= dane == DELIVERY_AUTHENTICATED ||
			    dane == DELIVERY_AUTHENTICATED_INSECURE_MX;
			flags |= flag_pair(view, mx, p, dane);
		}
		if (refused && authenticated)
			flags |= 1u << VERDICT_FLAG_ADDRESSES_DIFFER;
		any_failed |= refused && !authenticated;
		any_authenticated |= authenticated;
	}
	if (any_failed && any_authenticated)
		flags |= 1u << VERDICT_FLAG_PARTIAL_DANE_FAILURE;
	return flags;
}

/* The domain ************************************************************** */

/* Decides by the MX answer only; false if the hosts decide. */
static bool
decide_by_mx(const struct domain_facts *domain, enum delivery *delivery)
{
	switch (domain->mx_status) {
	case MX_NXDOMAIN:
	case MX_NO_MAIL:
	case MX_NULL:
		*delivery = DELIVERY_NO_MAIL;
		return true;
	case MX_BOGUS:
		*delivery = DELIVERY_REFUSED;
		return true;
	case MX_SERVFAIL:
	case MX_TIMEOUT:
		*delivery = domain->attempts > 1 ? DELIVERY_UNREACHABLE
						 : DELIVERY_UNDETERMINED;
		return true;
	case MX_RESOLVER_CRASHED:
		*delivery = DELIVERY_UNDETERMINED;
		return true;
	default:
		*delivery = DELIVERY_NOT_PROBED;
		return !domain->is_probed;
	}
}

static void
settle(const struct view *view, enum delivery delivery, struct verdict *verdict)
{
	enum answer_of_three dane = ANSWER_NO;

	for (int i = 0; i < SENDER_COUNT; i++)
		verdict->senders[i] = (struct deliveries){ delivery, delivery,
		    delivery };
	/* A bogus MX RRset is known not to be secure. */
	if (delivery == DELIVERY_UNREACHABLE ||
	    delivery == DELIVERY_UNDETERMINED ||
	    (delivery == DELIVERY_NOT_PROBED && view->mx_is_secure))
		dane = ANSWER_UNDETERMINED;
	verdict->dane_domain = verdict->dane_domain_all = dane;
}

void
verdict_of(const struct domain_facts *domain, struct verdict *verdict,
    struct reasons *reasons)
{
	struct view view = {
		.domain = domain, .mta_sts = domain->mta_sts,
		.mx_is_secure = domain->mx_dnssec == DNSSEC_SECURE,
	};
	enum delivery delivery;

	verdict->flags = 0;
	reasons->count = 0;
	if (decide_by_mx(domain, &delivery)) {
		settle(&view, delivery, verdict);
		verdict_explain_mx(domain, delivery, reasons);
		return;
	}
	for (int i = 0; i < SENDER_COUNT; i++) {
		enum sender sender = (enum sender)i;

		verdict->senders[i] = domain->mta_sts == STS_UNDETERMINED
		    ? sum_up_any(&view, sender) : sum_up(&view, sender);
	}
	judge_dane_domain(&view, verdict);
	verdict->flags = flag(&view);
	verdict_explain(domain, reasons);
}

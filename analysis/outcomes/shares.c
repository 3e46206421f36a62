#include "analysis/outcomes/shares.h"

static void
count(struct share *share, enum answer_of_three answer)
{
	share->answers[answer]++;
}

static enum answer_of_three
yes_if(bool claim)
{
	return claim ? ANSWER_YES : ANSWER_NO;
}

static bool
connects(enum pair_class class)
{
	return class == PAIR_TLS || class == PAIR_NO_TLS;
}

static void
add_outcomes(uint64_t outcomes[SENDER_COUNT][3][DELIVERY_COUNT],
    const struct verdict *verdict)
{
	for (int i = 0; i < SENDER_COUNT; i++) {
		outcomes[i][0][verdict->senders[i].first]++;
		outcomes[i][1][verdict->senders[i].deliver]++;
		outcomes[i][2][verdict->senders[i].worst]++;
	}
}

/* Returns what is true at every address with TLS and a whole chain, or
 * PROVES_COUNT if the host has no such address. */
static unsigned
proves(const struct host_verdict *host)
{
	unsigned bits = PROVES_COUNT;

	for (unsigned i = 0; i < host->pair_count; i++) {
		const struct pair_facts *pair = &host->pairs[i];

		if (pair->class != PAIR_TLS || pair->chain_truncated)
			continue;
		if (bits == PROVES_COUNT)
			bits = PROVES_COUNT - 1;
		bits &= (pair->chain_trusted ? PROVES_CHAIN : 0) |
		    (pair->name_match ? PROVES_NAME : 0) |
		    (pair->in_dates ? PROVES_DATES : 0);
	}
	return bits;
}

static void
add_times(struct shares *shares, uint64_t times, const struct shares *of_one)
{
	const uint64_t *counters = (const uint64_t *)of_one;
	uint64_t *sums = (uint64_t *)shares;

	for (size_t i = 0; i < sizeof *shares / sizeof *sums; i++)
		sums[i] += counters[i] * times;
}

/* Domains ***************************************************************** */

static enum answer_of_three
takes_mail(enum mx_status status)
{
	switch (status) {
	case MX_FOUND:
	case MX_IMPLICIT:
		return ANSWER_YES;
	case MX_NULL:
	case MX_NO_MAIL:
	case MX_NXDOMAIN:
		return ANSWER_NO;
	default:
		return ANSWER_UNDETERMINED;
	}
}

/* Looks at all pairs of a host, for which TLSA may have been asked again. */
static enum answer_of_three
has_tlsa(const struct host_verdict *host)
{
	enum answer_of_three answer = ANSWER_NO;

	for (unsigned i = 0; i < host->pair_count; i++) {
		if (host->pairs[i].tlsa == TLSA_CLASS_USABLE)
			return ANSWER_YES;
		if (host->pairs[i].tlsa == TLSA_CLASS_FAILING ||
		    host->pairs[i].tlsa == TLSA_CLASS_UNDETERMINED)
			answer = ANSWER_UNDETERMINED;
	}
	return answer;
}

static void
add_tlsa(struct shares *shares, const struct domain_facts *domain)
{
	uint64_t answers[3] = { 0 };

	for (size_t i = 0; i < domain->mx_count; i++)
		answers[has_tlsa(domain->mxs[i].host)]++;
	/* An implicit MX that has no row in hosts. */
	if (domain->mx_count == 0)
		answers[ANSWER_UNDETERMINED] = 1;
	count(&shares->of_domains[SHARE_TLSA],
	    answers[ANSWER_YES] > 0 ? ANSWER_YES
	    : answers[ANSWER_UNDETERMINED] > 0 ? ANSWER_UNDETERMINED
	    : ANSWER_NO);
	count(&shares->of_domains[SHARE_TLSA_ALL],
	    answers[ANSWER_NO] > 0 ? ANSWER_NO
	    : answers[ANSWER_UNDETERMINED] > 0 ? ANSWER_UNDETERMINED
	    : ANSWER_YES);
}

/* Is the delivery `wanted`? A domain to which no sender can deliver is left
 * out. */
static void
add_delivery(struct share *share, enum delivery delivery,
    enum delivery reached, enum delivery wanted)
{
	if (reached == DELIVERY_UNREACHABLE || reached == DELIVERY_REFUSED)
		return;
	if (delivery == DELIVERY_UNDETERMINED ||
	    delivery == DELIVERY_NOT_PROBED)
		count(share, ANSWER_UNDETERMINED);
	else
		count(share, yes_if(delivery == wanted));
}

static void
add_reached(struct shares *shares, const struct verdict *verdict)
{
	const struct deliveries *plain =
	    &verdict->senders[SENDER_OPPORTUNISTIC];
	const struct deliveries *webpki = &verdict->senders[SENDER_WEBPKI];
	struct share *of = shares->of_domains;

	add_delivery(&of[SHARE_STARTTLS], plain->first, plain->deliver,
	    DELIVERY_ENCRYPTED);
	add_delivery(&of[SHARE_STARTTLS_ALL], plain->worst, plain->deliver,
	    DELIVERY_ENCRYPTED);
	add_delivery(&of[SHARE_CERTIFICATE], webpki->first, plain->deliver,
	    DELIVERY_AUTHENTICATED);
}

/* Looks at every pair that connects, and not only at the pairs that a sender
 * would use. */
static void
add_certificates(struct shares *shares, const struct domain_facts *domain,
    const struct verdict *verdict)
{
	const struct deliveries *plain =
	    &verdict->senders[SENDER_OPPORTUNISTIC];
	unsigned bits = PROVES_COUNT;
	enum answer_of_three all = ANSWER_YES;

	for (size_t i = 0; i < domain->mx_count; i++) {
		const struct host_verdict *host = domain->mxs[i].host;
		unsigned here = proves(host);

		if (here != PROVES_COUNT)
			bits = bits == PROVES_COUNT ? here : bits & here;
		for (unsigned p = 0; p < host->pair_count; p++) {
			enum delivery delivery = verdict_webpki(
			    &host->pairs[p]);

			if (delivery == DELIVERY_REFUSED &&
			    connects(host->pairs[p].class))
				all = ANSWER_NO;
			if (delivery == DELIVERY_UNDETERMINED &&
			    all == ANSWER_YES)
				all = ANSWER_UNDETERMINED;
		}
	}
	if (bits != PROVES_COUNT)
		shares->domain_certificates[bits]++;
	if (plain->deliver != DELIVERY_UNREACHABLE &&
	    plain->deliver != DELIVERY_REFUSED)
		count(&shares->of_domains[SHARE_CERTIFICATE_ALL],
		    plain->deliver == DELIVERY_NOT_PROBED
		    ? ANSWER_UNDETERMINED : all);
}

static void
add_policies(struct shares *shares, const struct domain_facts *domain,
    const struct verdict *verdict, const struct domain_records *records)
{
	const struct deliveries *senders = verdict->senders;
	enum delivery reached = senders[SENDER_OPPORTUNISTIC].deliver;
	bool is_known = domain->mta_sts != STS_UNDETERMINED;
	struct share *of = shares->of_domains;

	count(&of[SHARE_MTA_STS], !is_known ? ANSWER_UNDETERMINED
	    : yes_if(domain->mta_sts != STS_NO_POLICY));
	count(&of[SHARE_MTA_STS_ENFORCE], !is_known ? ANSWER_UNDETERMINED
	    : yes_if(domain->mta_sts == STS_ENFORCE));
	count(&of[SHARE_TLSRPT], records->tlsrpt);
	if (records->list_is_given)
		count(&of[SHARE_LISTED],
		    yes_if(domain->policy_list != LISTED_NOT));
	if (domain->mta_sts == STS_ENFORCE)
		add_delivery(&of[SHARE_MTA_STS_HOLDS],
		    senders[SENDER_MTA_STS].first, reached,
		    DELIVERY_AUTHENTICATED);
	if (domain->policy_list == LISTED_ENFORCE)
		add_delivery(&of[SHARE_LIST_HOLDS],
		    senders[SENDER_POLICY_LIST].first, reached,
		    DELIVERY_AUTHENTICATED);
}

void
shares_add_domain(struct shares *shares, const struct domain_facts *domain,
    const struct verdict *verdict, const struct domain_records *records)
{
	struct share *of = shares->of_domains;
	enum answer_of_three mail = takes_mail(domain->mx_status);

	shares->domains++;
	add_outcomes(shares->domain_outcomes, verdict);
	if (records->parent_ds >= 0)
		count(&of[SHARE_DELEGATION_SIGNED],
		    yes_if(records->parent_ds != 0));
	count(&of[SHARE_ANSWER_SECURE], domain->mx_dnssec == DNSSEC_UNCHECKED
	    ? ANSWER_UNDETERMINED
	    : yes_if(domain->mx_dnssec == DNSSEC_SECURE));
	count(&of[SHARE_MAIL], mail);
	if (mail != ANSWER_YES)
		return;
	count(&of[SHARE_SECURE_MX],
	    yes_if(domain->mx_dnssec == DNSSEC_SECURE));
	count(&of[SHARE_DANE], verdict->dane_domain);
	count(&of[SHARE_DANE_ALL], verdict->dane_domain_all);
	add_tlsa(shares, domain);
	add_reached(shares, verdict);
	add_certificates(shares, domain, verdict);
	add_policies(shares, domain, verdict, records);
}

void
shares_add_domains(struct shares *shares, uint64_t times,
    const struct domain_facts *domain, const struct verdict *verdict,
    const struct domain_records *records)
{
	struct shares of_one = { 0 };

	shares_add_domain(&of_one, domain, verdict, records);
	add_times(shares, times, &of_one);
}

/* Hosts ******************************************************************* */

/* Does it hold at every pair that connects? The answer is unknown if another
 * pair may still connect, or if it is unknown at one of them. */
static enum answer_of_three
at_every_pair(const struct host_verdict *host,
    enum answer_of_three (*claim)(const struct pair_facts *))
{
	enum answer_of_three answer = ANSWER_YES;

	for (unsigned i = 0; i < host->pair_count; i++) {
		const struct pair_facts *pair = &host->pairs[i];
		enum answer_of_three here = connects(pair->class)
		    ? claim(pair) : pair->class == PAIR_UNDETERMINED
		    ? ANSWER_UNDETERMINED : ANSWER_YES;

		if (here == ANSWER_NO)
			return ANSWER_NO;
		if (here == ANSWER_UNDETERMINED)
			answer = ANSWER_UNDETERMINED;
	}
	return answer;
}

static enum answer_of_three
is_authenticated(enum delivery delivery)
{
	return delivery == DELIVERY_UNDETERMINED ? ANSWER_UNDETERMINED
	    : yes_if(delivery == DELIVERY_AUTHENTICATED);
}

static enum answer_of_three
has_tls(const struct pair_facts *pair)
{
	return yes_if(pair->class == PAIR_TLS);
}

static enum answer_of_three
has_certificate(const struct pair_facts *pair)
{
	return is_authenticated(verdict_webpki(pair));
}

static enum answer_of_three
matches(const struct pair_facts *pair)
{
	return is_authenticated(verdict_dane(pair, true, false));
}

static enum answer_of_three
takes_connections(const struct host_verdict *host)
{
	enum answer_of_three answer = ANSWER_NO;

	for (unsigned i = 0; i < host->pair_count; i++) {
		if (connects(host->pairs[i].class))
			return ANSWER_YES;
		if (host->pairs[i].class == PAIR_UNDETERMINED)
			answer = ANSWER_UNDETERMINED;
	}
	return answer;
}

static void
add_host_outcomes(struct shares *shares, const struct host_verdict *host)
{
	const struct mx_facts mx = { .host = host, .tier = 1 };
	const struct domain_facts domain = {
		.mx_status = MX_FOUND, .mx_dnssec = DNSSEC_SECURE,
		.attempts = 1, .is_probed = true, .mxs = &mx, .mx_count = 1,
	};
	struct reasons reasons = { 0 };
	struct verdict verdict;

	verdict_of(&domain, &verdict, &reasons);
	add_outcomes(shares->host_outcomes, &verdict);
	reasons_fini(&reasons);
}

static void
add_host(struct shares *shares, const struct known_host *known)
{
	const struct host_verdict *host = &known->verdict;
	enum answer_of_three connecting = takes_connections(host);
	enum answer_of_three tlsa = has_tlsa(host);
	struct share *of = shares->of_hosts;
	unsigned bits = proves(host);

	shares->hosts++;
	add_host_outcomes(shares, host);
	count(&of[HOST_SHARE_CONNECTS], connecting);
	if (known->status == HOST_USABLE)
		count(&of[HOST_SHARE_TLSA], tlsa);
	if (bits != PROVES_COUNT)
		shares->host_certificates[bits]++;
	if (connecting == ANSWER_NO)
		return;
	if (tlsa == ANSWER_YES)
		count(&of[HOST_SHARE_DANE], at_every_pair(host, matches));
	count(&of[HOST_SHARE_STARTTLS], at_every_pair(host, has_tls));
	count(&of[HOST_SHARE_CERTIFICATE],
	    at_every_pair(host, has_certificate));
}

void
shares_add_hosts(struct shares *shares, uint64_t times,
    const struct known_host *host)
{
	struct shares of_one = { 0 };

	add_host(&of_one, host);
	add_times(shares, times, &of_one);
}

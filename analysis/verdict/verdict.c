#include "analysis/verdict/verdict.h"

/* Cells that depend on the certificate, and their result if it is acceptable;
 * if it is not, the sender refuses. */
#define BY_CERTIFICATE	DELIVERY_COUNT

/* RULES 9, "other senders". */
static const enum delivery opportunistic_cells[PAIR_CLASS_COUNT] = {
	[PAIR_TLS]	     = DELIVERY_ENCRYPTED,
	[PAIR_NO_TLS]	     = DELIVERY_CLEARTEXT,
	[PAIR_UNREACHABLE]   = DELIVERY_UNREACHABLE,
	[PAIR_UNDETERMINED]  = DELIVERY_UNDETERMINED,
	[PAIR_REFUSED]	     = DELIVERY_REFUSED,
};
static const enum delivery certificate_cells[PAIR_CLASS_COUNT] = {
	[PAIR_TLS]	     = BY_CERTIFICATE,
	[PAIR_NO_TLS]	     = DELIVERY_REFUSED,
	[PAIR_UNREACHABLE]   = DELIVERY_UNREACHABLE,
	[PAIR_UNDETERMINED]  = DELIVERY_UNDETERMINED,
	[PAIR_REFUSED]	     = DELIVERY_REFUSED,
};

/* RULES 9, `dane`: RFC 7672 2.2 (usable, unusable: TLS is required), 2.1.1
 * (failing: the host is skipped). */
#define CELLS(tls, no_tls, unreachable, undetermined, refused) {	\
	[PAIR_TLS] = DELIVERY_##tls, [PAIR_NO_TLS] = DELIVERY_##no_tls,	\
	[PAIR_UNREACHABLE] = DELIVERY_##unreachable,			\
	[PAIR_UNDETERMINED] = DELIVERY_##undetermined,			\
	[PAIR_REFUSED] = DELIVERY_##refused }
static const enum delivery dane_cells[TLSA_CLASS_COUNT][PAIR_CLASS_COUNT] = {
	[TLSA_CLASS_NONE] = CELLS(
	    ENCRYPTED, CLEARTEXT, UNREACHABLE, UNDETERMINED, REFUSED),
	[TLSA_CLASS_USABLE] = CELLS(
	    COUNT,     REFUSED,   UNREACHABLE, UNDETERMINED, REFUSED),
	[TLSA_CLASS_UNUSABLE] = CELLS(
	    ENCRYPTED, REFUSED,   UNREACHABLE, UNDETERMINED, REFUSED),
	[TLSA_CLASS_FAILING] = CELLS(
	    REFUSED,   REFUSED,   REFUSED,     REFUSED,	     REFUSED),
	[TLSA_CLASS_UNDETERMINED] = CELLS(
	    UNDETERMINED, UNDETERMINED, UNDETERMINED, UNDETERMINED, REFUSED),
};

/* Attempts **************************************************************** */

/* RULES 9, "TLS class". For these classes two attempts are needed. No sender
 * connects to a special-purpose address, so there is no second attempt. */
enum claim {
	CLAIM_NOTHING, CLAIM_TLS, CLAIM_NO_TLS, CLAIM_NO_TLS_IF_TWICE,
	CLAIM_UNREACHABLE_IF_TWICE, CLAIM_UNREACHABLE,
};

static enum claim
claim_of(const struct attempt_facts *attempt)
{
	static const enum claim claims[TLS_CLASS_COUNT] = {
		[TLS_CLASS_TLS] = CLAIM_TLS,
		[TLS_CLASS_NO_TLS] = CLAIM_NO_TLS,
		[TLS_CLASS_UNREACHABLE] = CLAIM_UNREACHABLE_IF_TWICE,
		[TLS_CLASS_UNDETERMINED] = CLAIM_NOTHING,
		[TLS_CLASS_NOT_PROBED] = CLAIM_NOTHING,
	};

	if (!attempt->is_made)
		return CLAIM_NOTHING;
	switch (attempt->outcome) {
	case OUTCOME_STARTTLS_TEMPORARY:
		return CLAIM_NO_TLS_IF_TWICE;
	case OUTCOME_CLOSED:
	case OUTCOME_RESET:
		return attempt->phase == PHASE_HANDSHAKE
		    ? CLAIM_NO_TLS_IF_TWICE : CLAIM_NOTHING;
	case OUTCOME_SPECIAL_ADDRESS:
		return CLAIM_UNREACHABLE;
	default:
		return claims[outcome_tls_class(attempt->outcome)];
	}
}

struct combined
verdict_combine(const struct attempt_facts attempts[VERDICT_ATTEMPTS],
    int64_t retry_after_ms)
{
	enum claim claims[VERDICT_ATTEMPTS];
	int last = attempts[1].is_made ? 1 : attempts[0].is_made ? 0 : -1;

	for (int i = VERDICT_ATTEMPTS - 1; i >= 0; i--) {
		claims[i] = claim_of(&attempts[i]);
		if (claims[i] == CLAIM_TLS)
			return (struct combined){ PAIR_TLS, i };
		if (claims[i] == CLAIM_NO_TLS)
			return (struct combined){ PAIR_NO_TLS, i };
	}
	if (claims[0] == CLAIM_UNREACHABLE || claims[1] == CLAIM_UNREACHABLE)
		return (struct combined){ PAIR_UNREACHABLE, last };
	if (claims[0] == claims[1]) {
		if (claims[0] == CLAIM_NO_TLS_IF_TWICE)
			return (struct combined){ PAIR_NO_TLS, 1 };
		if (claims[0] == CLAIM_UNREACHABLE_IF_TWICE &&
		    attempts[1].measured_at - attempts[0].measured_at >=
		    retry_after_ms)
			return (struct combined){ PAIR_UNREACHABLE, 1 };
	}
	return (struct combined){ PAIR_UNDETERMINED, last };
}

enum tlsa_class
verdict_tlsa_class(enum tlsa_status status, unsigned passes)
{
	switch (status) {
	case TLSA_STATUS_USABLE:
		return TLSA_CLASS_USABLE;
	case TLSA_STATUS_UNUSABLE_ONLY:
		return TLSA_CLASS_UNUSABLE;
	case TLSA_STATUS_BOGUS:
		return TLSA_CLASS_FAILING;
	case TLSA_STATUS_SERVFAIL:
	case TLSA_STATUS_TIMEOUT:
		return passes > 1 ? TLSA_CLASS_FAILING
				  : TLSA_CLASS_UNDETERMINED;
	case TLSA_STATUS_RESOLVER_CRASHED:
		return TLSA_CLASS_UNDETERMINED;
	default:
		return TLSA_CLASS_NONE;
	}
}

enum pair_class
verdict_host_class(enum host_status status, unsigned passes)
{
	switch (status) {
	case HOST_NO_ADDRESS:
	case HOST_NXDOMAIN:
	case HOST_INVALID_NAME:
	case HOST_SPECIAL_ADDRESS:
		return PAIR_UNREACHABLE;
	case HOST_BOGUS:
		return PAIR_REFUSED;
	case HOST_SERVFAIL:
	case HOST_TIMEOUT:
		return passes > 1 ? PAIR_UNREACHABLE : PAIR_UNDETERMINED;
	default:
		return PAIR_UNDETERMINED;
	}
}

/* Senders at one pair ***************************************************** */

bool
delivery_is_usable(enum delivery delivery)
{
	return delivery <= DELIVERY_AUTHENTICATED;
}

enum delivery
verdict_opportunistic(const struct pair_facts *pair)
{
	return opportunistic_cells[pair->class];
}

enum delivery
verdict_certificate(const struct pair_facts *pair, bool name_matches)
{
	enum delivery cell = certificate_cells[pair->class];

	if (cell != BY_CERTIFICATE)
		return cell;
	if (!pair->is_tls_1_2 || !name_matches)
		return DELIVERY_REFUSED;
	if (pair->chain_truncated)
		return DELIVERY_UNDETERMINED;
	return pair->chain_trusted && pair->in_dates ? DELIVERY_AUTHENTICATED
	    : DELIVERY_REFUSED;
}

enum delivery
verdict_webpki(const struct pair_facts *pair)
{
	return verdict_certificate(pair, pair->name_match);
}

enum delivery
verdict_dane(const struct pair_facts *pair, bool mx_is_secure,
    bool next_hop_matches)
{
	enum delivery cell = dane_cells[pair->tlsa][pair->dane_class];
	bool matches = pair->dane == DANE_MATCH ||
	    pair->dane == DANE_MATCH_TA_FROM_DNS ||
	    /* U11: this verdict means that nothing else is wrong. */
	    (pair->dane == DANE_NAME_MISMATCH && mx_is_secure &&
	    next_hop_matches);

	if (cell != BY_CERTIFICATE)
		return cell;
	if (!matches)
		return pair->dane == DANE_UNDETERMINED ? DELIVERY_UNDETERMINED
		    : DELIVERY_REFUSED;
	return mx_is_secure ? DELIVERY_AUTHENTICATED
			    : DELIVERY_AUTHENTICATED_INSECURE_MX;
}

enum delivery
verdict_dane_or(const struct pair_facts *pair, enum delivery dane,
    enum delivery mta_sts)
{
	switch (pair->tlsa) {
	case TLSA_CLASS_NONE:
		return mta_sts;
	case TLSA_CLASS_UNUSABLE:
		return mta_sts == DELIVERY_CLEARTEXT ? DELIVERY_REFUSED
						     : mta_sts;
	default:
		return dane == DELIVERY_AUTHENTICATED_INSECURE_MX &&
		    mta_sts == DELIVERY_AUTHENTICATED ? mta_sts : dane;
	}
}

#include "scanner/commands/check_conditions.h"

#include <stdlib.h>
#include <string.h>

#include "scanner/base/memory.h"

#define DAY_MS		INT64_C(86400000)
#define ENDS_DAYS	14

int64_t
check_days(int64_t now_ms, int64_t then_ms)
{
	int64_t left = then_ms - now_ms;

	return left >= 0 ? left / DAY_MS : -((-left + DAY_MS - 1) / DAY_MS);
}

#define CONDITION(name, claim)						\
	bool								\
	check_##name(const struct check_case *here)			\
	{								\
		return claim;						\
	}

/* MX of the domain ******************************************************** */

static bool
has_mx_status(const struct check_case *here, enum mx_status status)
{
	return here->domain->is_measured && here->domain->mx_status == status;
}

static bool
has_flag(unsigned flags, unsigned flag)
{
	return (flags & 1u << flag) != 0;
}

static bool
takes_mail(const struct check_case *here)
{
	return has_mx_status(here, MX_FOUND) ||
	    has_mx_status(here, MX_IMPLICIT);
}

static bool
is_island(const struct check_domain *domain)
{
	return has_flag(domain->flags, DOMAIN_SIGNED_INSECURE);
}

CONDITION(opted_out, !here->domain->is_measured)
CONDITION(mx_bogus, has_mx_status(here, MX_BOGUS))
CONDITION(mx_nxdomain, has_mx_status(here, MX_NXDOMAIN))
CONDITION(mx_servfail, has_mx_status(here, MX_SERVFAIL))
CONDITION(mx_timeout, has_mx_status(here, MX_TIMEOUT))
CONDITION(mx_crashed, has_mx_status(here, MX_RESOLVER_CRASHED))
CONDITION(mx_implicit, has_mx_status(here, MX_IMPLICIT))
CONDITION(null_mx_mixed, has_flag(here->domain->flags, DOMAIN_NULL_MX_MIXED))
CONDITION(null_mx_preference,
    has_flag(here->domain->flags, DOMAIN_NULL_MX_PREFERENCE))
CONDITION(signed_without_ds, is_island(here->domain))
CONDITION(mx_insecure, takes_mail(here) && !is_island(here->domain) &&
    here->domain->mx_dnssec == DNSSEC_INSECURE)
CONDITION(mx_is_cname, has_flag(here->mx->flags, MX_FLAG_CNAME) ||
    (here->host != NULL && here->host->canonical[0] != '\0'))
CONDITION(mx_is_address, has_flag(here->mx->flags, MX_FLAG_IS_ADDRESS))
CONDITION(mx_is_localhost, has_flag(here->mx->flags, MX_FLAG_IS_LOCALHOST))
CONDITION(mx_is_tld, has_flag(here->mx->flags, MX_FLAG_IS_TLD))

/* Hosts ******************************************************************* */

static bool
has_host_status(const struct check_case *here, enum host_status status)
{
	return here->host != NULL && here->host->status == status;
}

static bool
has_tlsa_status(const struct check_case *here, enum tlsa_status status)
{
	return here->host != NULL && here->host->tlsa_status == status;
}

static bool
matches(const struct check_address *address)
{
	return address->base.is_made && (address->base.dane == DANE_MATCH ||
	    address->base.dane == DANE_MATCH_TA_FROM_DNS);
}

static bool
matches_somewhere(const struct check_host *host)
{
	for (const struct check_address *address = host->addresses;
	    address != NULL; address = address->next)
		if (matches(address))
			return true;
	return false;
}

static bool
has_record(const struct check_host *host, bool is_usable, bool matches_one)
{
	for (const struct check_record *record = host->records;
	    record != NULL; record = record->next)
		if (record->is_usable == is_usable &&
		    (!is_usable || record->matches == matches_one))
			return true;
	return false;
}

CONDITION(host_nxdomain, has_host_status(here, HOST_NXDOMAIN))
CONDITION(host_no_address, has_host_status(here, HOST_NO_ADDRESS))
CONDITION(host_bogus, has_host_status(here, HOST_BOGUS))
CONDITION(host_servfail, has_host_status(here, HOST_SERVFAIL))
CONDITION(host_timeout, has_host_status(here, HOST_TIMEOUT))
CONDITION(host_special, has_host_status(here, HOST_SPECIAL_ADDRESS))
CONDITION(host_opted_out, has_host_status(here, HOST_OPTED_OUT))
CONDITION(host_crashed, has_host_status(here, HOST_RESOLVER_CRASHED))
CONDITION(tlsa_bogus, has_tlsa_status(here, TLSA_STATUS_BOGUS))
CONDITION(tlsa_servfail, has_tlsa_status(here, TLSA_STATUS_SERVFAIL))
CONDITION(tlsa_timeout, has_tlsa_status(here, TLSA_STATUS_TIMEOUT) ||
    has_tlsa_status(here, TLSA_STATUS_RESOLVER_CRASHED))
CONDITION(tlsa_unusable, has_tlsa_status(here, TLSA_STATUS_UNUSABLE_ONLY))
CONDITION(tlsa_some_unusable, has_tlsa_status(here, TLSA_STATUS_USABLE) &&
    has_record(here->host, false, false))
CONDITION(tlsa_insecure, has_tlsa_status(here, TLSA_STATUS_INSECURE))
CONDITION(tlsa_unmatched, has_tlsa_status(here, TLSA_STATUS_USABLE) &&
    matches_somewhere(here->host) && has_record(here->host, true, false))
CONDITION(tlsa_alone, has_tlsa_status(here, TLSA_STATUS_USABLE) &&
    matches_somewhere(here->host) && !here->host->rollover_ready)

/* Addresses *************************************************************** */

/* What the MX name met there; the TLSA base meets the same before the
 * ClientHello. */
static bool
ended(const struct check_case *here, enum outcome outcome)
{
	return here->address->class == CLASS_PUBLIC &&
	    here->address->mx.is_made && here->address->mx.outcome == outcome;
}

static bool
has_tls(const struct check_case *here)
{
	return ended(here, OUTCOME_TLS_ESTABLISHED);
}

static const struct check_policy *
valid_policy(const struct check_case *here)
{
	const struct check_policy *policy = here->domain->policy;

	return policy != NULL && policy->status == MTA_STS_VALID ? policy
								 : NULL;
}

static bool
has_mode(const struct check_case *here, enum mta_sts_mode mode)
{
	const struct check_policy *policy = valid_policy(here);

	return policy != NULL && policy->mode == (int)mode;
}

CONDITION(is_enforced, has_mode(here, MTA_STS_ENFORCE))
CONDITION(tls_is_demanded, check_is_enforced(here) ||
    has_tlsa_status(here, TLSA_STATUS_USABLE) ||
    has_tlsa_status(here, TLSA_STATUS_UNUSABLE_ONLY))
CONDITION(special_address, here->address->class == CLASS_SPECIAL &&
    has_host_status(here, HOST_USABLE))
CONDITION(no_starttls, ended(here, OUTCOME_STARTTLS_ABSENT))
CONDITION(stripped, ended(here, OUTCOME_STARTTLS_STRIPPED))
CONDITION(refused, ended(here, OUTCOME_STARTTLS_REFUSED))
CONDITION(undecodable, ended(here, OUTCOME_HANDSHAKE_FAILED) &&
    here->address->mx.session != NULL &&
    strcmp(here->address->mx.session->chain_error, "undecodable") == 0)
CONDITION(handshake_failed, ended(here, OUTCOME_HANDSHAKE_FAILED) &&
    !check_undecodable(here))
CONDITION(injected, ended(here, OUTCOME_PLAINTEXT_INJECTED))
CONDITION(legacy_tls, has_tls(here) &&
    here->address->mx.profile == PROFILE_LEGACY)
CONDITION(not_reached, ended(here, OUTCOME_CONNECT_REFUSED) ||
    ended(here, OUTCOME_CONNECT_TIMEOUT) || ended(here, OUTCOME_UNREACHABLE))
CONDITION(rejected, ended(here, OUTCOME_REJECTED) ||
    ended(here, OUTCOME_TEMPORARY_REJECT))
CONDITION(not_seen, here->address->class == CLASS_OPTED_OUT ||
    ended(here, OUTCOME_STARTTLS_TEMPORARY) || ended(here, OUTCOME_TIMEOUT) ||
    ended(here, OUTCOME_CLOSED) || ended(here, OUTCOME_RESET) ||
    ended(here, OUTCOME_PROTOCOL_ERROR) || ended(here, OUTCOME_PACED_OUT) ||
    ended(here, OUTCOME_LOCAL_ERROR) || ended(here, OUTCOME_WORKER_CRASHED))

/* DANE */

static bool
has_dane(const struct check_case *here, enum dane_verdict verdict)
{
	return here->address->base.is_made &&
	    here->address->base.dane == verdict;
}

/* conclude knows the other names that a usage 2 certificate may have (RFC 7672
 * 3.2.2): where one is the next hop's it gives no such reason. */
static bool
is_reason(const struct check_case *here, enum sender sender, const char *value)
{
	const char *reasons = here->domain->reasons, *at;
	char *reason = xasprintf("%s:%s:%s", sender_texts.texts[sender],
	    here->mx->name, value);
	size_t length = strlen(reason);
	bool found = false;

	for (at = reasons; at != NULL && !found;
	    at = strchr(at, ' ') != NULL ? strchr(at, ' ') + 1 : NULL)
		found = strncmp(at, reason, length) == 0 &&
		    (at[length] == '\0' || at[length] == ' ');
	free(reason);
	return found;
}

CONDITION(mismatch, has_dane(here, DANE_MISMATCH) &&
    !matches_somewhere(here->host))
CONDITION(differs, has_dane(here, DANE_MISMATCH) &&
    matches_somewhere(here->host))
CONDITION(ta_not_presented, has_dane(here, DANE_TA_NOT_PRESENTED))
CONDITION(ta_expired, has_dane(here, DANE_EXPIRED))
CONDITION(ta_broken, has_dane(here, DANE_CHAIN_BROKEN))
CONDITION(ta_name, has_dane(here, DANE_NAME_MISMATCH) &&
    is_reason(here, SENDER_DANE, dane_verdict_texts.texts[DANE_NAME_MISMATCH]))

/* Certificates */

/* Somebody looks at it: who has no DANE that matches, and MTA-STS. */
static bool
counts(const struct check_case *here)
{
	return has_tls(here) && here->address->mx.session != NULL &&
	    check_mx_leaf(here->address) != NULL &&
	    (!matches(here->address) || check_is_enforced(here) ||
	    has_mode(here, MTA_STS_TESTING));
}

static bool
is_over(const struct check_case *here)
{
	int64_t end = check_mx_leaf(here->address)->not_after;

	return end != INT64_MIN && end < here->now_ms;
}

static bool
is_early(const struct check_case *here)
{
	return check_mx_leaf(here->address)->not_before > here->now_ms;
}

/* Usage 2 heeds dates (RFC 7672 3.1.2), usage 3 does not. */
static bool
matches_anchor(const struct check_host *host)
{
	for (const struct check_record *record = host->records;
	    record != NULL; record = record->next)
		if (record->matches && record->usage == 2)
			return true;
	return false;
}

static bool
ends_soon(const struct check_case *here)
{
	const struct check_certificate *leaf = check_mx_leaf(here->address);

	return leaf != NULL && leaf->not_after != INT64_MIN && !is_over(here) &&
	    check_days(here->now_ms, leaf->not_after) < ENDS_DAYS;
}

static const char *
chain_error(const struct check_case *here)
{
	return here->address->mx.session->chain_error;
}

static bool
is_untrusted(const struct check_case *here)
{
	return counts(here) && !here->address->mx.session->chain_trusted;
}

static bool
has_error(const struct check_case *here, const char *const errors[])
{
	for (size_t i = 0; errors[i] != NULL; i++)
		if (strcmp(chain_error(here), errors[i]) == 0)
			return true;
	return false;
}

static bool
lacks_issuer(const struct check_case *here)
{
	static const char *const errors[] = {
		"unable_to_get_issuer_cert",
		"unable_to_get_issuer_cert_locally",
		"unable_to_verify_leaf_signature", NULL,
	};

	return has_error(here, errors);
}

static bool
is_self_signed(const struct check_case *here)
{
	static const char *const errors[] = {
		"depth_zero_self_signed_cert", NULL,
	};

	return has_error(here, errors);
}

static bool
is_of_dates(const struct check_case *here)
{
	static const char *const errors[] = {
		"cert_has_expired", "cert_not_yet_valid", NULL,
	};

	return has_error(here, errors) && (is_over(here) || is_early(here));
}

CONDITION(certificate_expired, counts(here) && is_over(here) &&
    !check_ta_expired(here))
CONDITION(certificate_early, counts(here) && is_early(here) &&
    !check_ta_expired(here))
CONDITION(certificate_ends, has_tls(here) && ends_soon(here) &&
    (counts(here) || matches_anchor(here->host)))
CONDITION(no_intermediate, is_untrusted(here) && lacks_issuer(here))
CONDITION(self_signed, is_untrusted(here) && is_self_signed(here))
CONDITION(untrusted, is_untrusted(here) && !lacks_issuer(here) &&
    !is_self_signed(here) && !is_of_dates(here))
CONDITION(other_name, counts(here) && !here->address->mx.name_match &&
    !check_ta_name(here))
CONDITION(weak, has_tls(here) && check_mx_leaf(here->address) != NULL &&
    (check_mx_leaf(here->address)->weak_key ||
    check_mx_leaf(here->address)->weak_signature))

/* Policies **************************************************************** */

static bool
has_sts(const struct check_case *here, enum mta_sts_status status)
{
	return here->domain->policy != NULL &&
	    here->domain->policy->status == status;
}

static bool
has_flagged(const struct check_case *here, enum policy_flag flag)
{
	return valid_policy(here) != NULL &&
	    has_flag(here->domain->policy->flags, flag);
}

static bool
has_dane_somewhere(const struct check_domain *domain)
{
	for (size_t i = 0; i < domain->mx_count; i++)
		if (domain->mx[i].host != NULL &&
		    domain->mx[i].host->tlsa_status == TLSA_STATUS_USABLE)
			return true;
	return false;
}

CONDITION(sts_multiple, has_sts(here, MTA_STS_MULTIPLE))
CONDITION(sts_invalid_record, has_sts(here, MTA_STS_INVALID_RECORD))
CONDITION(sts_unfetched, has_sts(here, MTA_STS_FETCH_FAILED))
CONDITION(sts_invalid, has_sts(here, MTA_STS_INVALID_POLICY))
CONDITION(sts_unlisted, here->host != NULL &&
    (has_mode(here, MTA_STS_ENFORCE) || has_mode(here, MTA_STS_TESTING)) &&
    !check_policy_lists(here->domain->policy, here->mx->name))
CONDITION(sts_error, here->domain->mta_sts_record == TXT_ERROR ||
    has_sts(here, MTA_STS_ERROR))
CONDITION(sts_testing, has_mode(here, MTA_STS_TESTING))
CONDITION(sts_none, has_mode(here, MTA_STS_NONE))
CONDITION(sts_max_age, has_flagged(here, POLICY_MAX_AGE_OVER))
CONDITION(sts_content_type, has_flagged(here, POLICY_CONTENT_TYPE))
CONDITION(unprotected, takes_mail(here) &&
    here->domain->mta_sts_record == TXT_ABSENT &&
    !has_dane_somewhere(here->domain))
CONDITION(tlsrpt_multiple, here->domain->tlsrpt_record == TXT_MULTIPLE)
CONDITION(tlsrpt_invalid, here->domain->tlsrpt_record == TXT_INVALID)
CONDITION(tlsrpt_absent, takes_mail(here) &&
    here->domain->tlsrpt_record == TXT_ABSENT)
CONDITION(tlsrpt_error, here->domain->tlsrpt_record == TXT_ERROR)

/* What is left ************************************************************ */

/* A sender that demands what nobody promised says nothing of the domain. */
static bool
meets(const struct check_case *here, enum delivery delivery)
{
	static const enum sender senders[] = {
		SENDER_OPPORTUNISTIC, SENDER_DANE, SENDER_MTA_STS,
		SENDER_DANE_OR_MTA_STS,
	};

	for (size_t i = 0; i < sizeof senders / sizeof senders[0]; i++)
		if (here->domain->outcomes[senders[i]].first == delivery)
			return true;
	return false;
}

CONDITION(otherwise_refused, !here->has_fault && here->domain->is_measured &&
    (meets(here, DELIVERY_REFUSED) || meets(here, DELIVERY_UNREACHABLE)))
CONDITION(otherwise_unknown, !here->has_doubt && here->domain->is_measured &&
    (meets(here, DELIVERY_UNDETERMINED) || meets(here, DELIVERY_NOT_PROBED)))

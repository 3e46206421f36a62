/* conditions_addresses: the conditions on a host at an address: how far its
 * session came, DANE, its certificate. */
#include <stdlib.h>
#include <string.h>

#include "scanner/base/memory.h"
#include "scanner/commands/check/conditions.h"

#define ENDS_DAYS	14

/* The result with the MX name at the address; with the TLSA base it is the same
 * up to the ClientHello. */
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

bool
check_no_starttls(const struct check_case *here)
{
	return ended(here, OUTCOME_STARTTLS_ABSENT);
}

bool
check_stripped(const struct check_case *here)
{
	return ended(here, OUTCOME_STARTTLS_STRIPPED);
}

bool
check_refused(const struct check_case *here)
{
	return ended(here, OUTCOME_STARTTLS_REFUSED);
}

bool
check_undecodable(const struct check_case *here)
{
	const struct check_session *session = here->address->mx.session;

	return ended(here, OUTCOME_HANDSHAKE_FAILED) && session != NULL &&
	    strcmp(session->chain_error, "undecodable") == 0;
}

bool
check_handshake_failed(const struct check_case *here)
{
	return ended(here, OUTCOME_HANDSHAKE_FAILED) &&
	    !check_undecodable(here);
}

bool
check_injected(const struct check_case *here)
{
	return ended(here, OUTCOME_PLAINTEXT_INJECTED);
}

bool
check_legacy_tls(const struct check_case *here)
{
	return has_tls(here) && here->address->mx.profile == PROFILE_LEGACY;
}

bool
check_not_reached(const struct check_case *here)
{
	return ended(here, OUTCOME_CONNECT_REFUSED) ||
	    ended(here, OUTCOME_CONNECT_TIMEOUT) ||
	    ended(here, OUTCOME_UNREACHABLE);
}

bool
check_rejected(const struct check_case *here)
{
	return ended(here, OUTCOME_REJECTED) ||
	    ended(here, OUTCOME_TEMPORARY_REJECT);
}

bool
check_not_allowed(const struct check_case *here)
{
	return here->address->class == CLASS_NOT_ALLOWED;
}

bool
check_not_seen(const struct check_case *here)
{
	return here->address->class == CLASS_OPTED_OUT ||
	    ended(here, OUTCOME_STARTTLS_TEMPORARY) ||
	    ended(here, OUTCOME_TIMEOUT) || ended(here, OUTCOME_CLOSED) ||
	    ended(here, OUTCOME_RESET) ||
	    ended(here, OUTCOME_PROTOCOL_ERROR) ||
	    ended(here, OUTCOME_HANDSHAKE_TOO_LARGE) ||
	    ended(here, OUTCOME_PACED_OUT) ||
	    ended(here, OUTCOME_LOCAL_ERROR) ||
	    ended(here, OUTCOME_WORKER_CRASHED);
}

/* DANE */

static bool
has_dane(const struct check_case *here, enum dane_verdict verdict)
{
	return here->address->base.is_made &&
	    here->address->base.dane == verdict;
}

/* conclude knows the other names that are acceptable for usage 2 (RFC 7672
 * 3.2.2), and gives no such reason if the certificate has one of them. */
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

bool
check_mismatch(const struct check_case *here)
{
	return has_dane(here, DANE_MISMATCH) &&
	    !check_matches_somewhere(here->host);
}

bool
check_differs(const struct check_case *here)
{
	return has_dane(here, DANE_MISMATCH) &&
	    check_matches_somewhere(here->host);
}

bool
check_ta_not_presented(const struct check_case *here)
{
	return has_dane(here, DANE_TA_NOT_PRESENTED);
}

bool
check_ta_expired(const struct check_case *here)
{
	return has_dane(here, DANE_EXPIRED);
}

bool
check_ta_broken(const struct check_case *here)
{
	return has_dane(here, DANE_CHAIN_BROKEN);
}

bool
check_ta_name(const struct check_case *here)
{
	return has_dane(here, DANE_NAME_MISMATCH) &&
	    is_reason(here, SENDER_DANE,
	    dane_verdict_texts.texts[DANE_NAME_MISMATCH]);
}

bool
check_matches_next_hop(const struct check_domain *domain,
    const struct check_mx *mx, const struct check_address *address)
{
	const struct check_case here = {
		.domain = domain, .mx = mx, .host = mx->host,
		.address = address,
	};

	return has_dane(&here, DANE_NAME_MISMATCH) && !check_ta_name(&here);
}

/* Certificates */

/* Some senders verify it: the domain has MTA-STS, and the host has no matching
 * DANE. */
static bool
counts(const struct check_case *here)
{
	return has_tls(here) && here->address->mx.session != NULL &&
	    check_mx_leaf(here->address) != NULL &&
	    (!check_matches(here->address) || check_is_enforced(here) ||
	    check_sts_testing(here));
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

/* Usage 2 depends on dates (RFC 7672 3.1.2), usage 3 does not. */
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
	return counts(here) && !here->address->mx.session->chain_trusted &&
	    !here->address->mx.session->chain_truncated;
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

bool
check_certificate_expired(const struct check_case *here)
{
	return counts(here) && is_over(here) && !check_ta_expired(here);
}

bool
check_certificate_early(const struct check_case *here)
{
	return counts(here) && is_early(here) && !check_ta_expired(here);
}

bool
check_certificate_ends(const struct check_case *here)
{
	return has_tls(here) && ends_soon(here) && (counts(here) ||
	    matches_anchor(here->host));
}

bool
check_no_intermediate(const struct check_case *here)
{
	return is_untrusted(here) && lacks_issuer(here);
}

bool
check_self_signed(const struct check_case *here)
{
	return is_untrusted(here) && is_self_signed(here);
}

bool
check_untrusted(const struct check_case *here)
{
	return is_untrusted(here) && !lacks_issuer(here) &&
	    !is_self_signed(here) && !is_of_dates(here);
}

bool
check_other_name(const struct check_case *here)
{
	return counts(here) && !here->address->mx.name_match &&
	    !check_ta_name(here);
}

bool
check_weak(const struct check_case *here)
{
	return has_tls(here) && check_mx_leaf(here->address) != NULL &&
	    (check_mx_leaf(here->address)->weak_key ||
	    check_mx_leaf(here->address)->weak_signature);
}

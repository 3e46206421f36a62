/* conditions_hosts: the conditions on a host. */
#include "scanner/commands/check/conditions.h"

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

bool
check_matches(const struct check_address *address)
{
	return address->base.is_made && (address->base.dane == DANE_MATCH ||
	    address->base.dane == DANE_MATCH_TA_FROM_DNS);
}

bool
check_matches_somewhere(const struct check_host *host)
{
	for (const struct check_address *address = host->addresses;
	    address != NULL; address = address->next)
		if (check_matches(address))
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

bool
check_host_nxdomain(const struct check_case *here)
{
	return has_host_status(here, HOST_NXDOMAIN);
}

bool
check_host_no_address(const struct check_case *here)
{
	return has_host_status(here, HOST_NO_ADDRESS);
}

bool
check_host_bogus(const struct check_case *here)
{
	return has_host_status(here, HOST_BOGUS);
}

bool
check_host_servfail(const struct check_case *here)
{
	return has_host_status(here, HOST_SERVFAIL);
}

bool
check_host_timeout(const struct check_case *here)
{
	return has_host_status(here, HOST_TIMEOUT);
}

bool
check_host_special(const struct check_case *here)
{
	return has_host_status(here, HOST_SPECIAL_ADDRESS);
}

bool
check_host_opted_out(const struct check_case *here)
{
	return has_host_status(here, HOST_OPTED_OUT);
}

bool
check_host_crashed(const struct check_case *here)
{
	return has_host_status(here, HOST_RESOLVER_CRASHED);
}

bool
check_tlsa_bogus(const struct check_case *here)
{
	return has_tlsa_status(here, TLSA_STATUS_BOGUS);
}

bool
check_tlsa_servfail(const struct check_case *here)
{
	return has_tlsa_status(here, TLSA_STATUS_SERVFAIL);
}

bool
check_tlsa_timeout(const struct check_case *here)
{
	return has_tlsa_status(here, TLSA_STATUS_TIMEOUT) ||
	    has_tlsa_status(here, TLSA_STATUS_RESOLVER_CRASHED);
}

bool
check_tlsa_unusable(const struct check_case *here)
{
	return has_tlsa_status(here, TLSA_STATUS_UNUSABLE_ONLY);
}

bool
check_tlsa_some_unusable(const struct check_case *here)
{
	return has_tlsa_status(here, TLSA_STATUS_USABLE) &&
	    has_record(here->host, false, false);
}

bool
check_tlsa_insecure(const struct check_case *here)
{
	return has_tlsa_status(here, TLSA_STATUS_INSECURE);
}

bool
check_tlsa_unmatched(const struct check_case *here)
{
	return has_tlsa_status(here, TLSA_STATUS_USABLE) &&
	    check_matches_somewhere(here->host) &&
	    has_record(here->host, true, false);
}

/* RFC 7672 2.2: the MX RRset, the addresses and the denial are secure. If the
 * certificate is not trusted, the advice about that has the record. */
bool
check_tlsa_absent(const struct check_case *here)
{
	struct check_case there = *here;
	bool has_key = false;

	/* An alias is replaced first (RFC 2181 10.3). */
	if (!has_tlsa_status(here, TLSA_STATUS_ABSENT) ||
	    check_mx_is_alias(here->mx) ||
	    here->domain->mx_dnssec != DNSSEC_SECURE)
		return false;
	for (there.address = here->host->addresses; there.address != NULL;
	    there.address = there.address->next) {
		if (check_self_signed(&there) || check_untrusted(&there))
			return false;
		has_key = has_key || check_base_leaf(there.address) != NULL;
	}
	return has_key;
}

bool
check_tlsa_alone(const struct check_case *here)
{
	return has_tlsa_status(here, TLSA_STATUS_USABLE) &&
	    check_matches_somewhere(here->host) && !here->host->rollover_ready;
}

bool
check_mx_is_ready(const struct check_mx *mx)
{
	if (mx->host == NULL || mx->host->addresses == NULL ||
	    check_mx_is_alias(mx) || check_mx_is_literal(mx) ||
	    check_mx_goes(mx))
		return false;
	for (const struct check_address *address = mx->host->addresses;
	    address != NULL; address = address->next) {
		const struct check_result *result = &address->mx;

		if (!result->is_made || result->session == NULL ||
		    result->outcome != OUTCOME_TLS_ESTABLISHED ||
		    result->profile == PROFILE_LEGACY ||
		    !result->session->chain_trusted ||
		    !result->session->in_dates || !result->name_match)
			return false;
	}
	return true;
}

bool
check_special_address(const struct check_case *here)
{
	return here->address->class == CLASS_SPECIAL &&
	    has_host_status(here, HOST_USABLE);
}

bool
check_tls_is_demanded(const struct check_case *here)
{
	return check_is_enforced(here) ||
	    has_tlsa_status(here, TLSA_STATUS_USABLE) ||
	    has_tlsa_status(here, TLSA_STATUS_UNUSABLE_ONLY);
}

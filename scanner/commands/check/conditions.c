/* conditions: the conditions on the domain: its MX, its policies, and the
 * rest. */
#include "scanner/commands/check/conditions.h"

#include <inttypes.h>

#include "scanner/base/plural.h"

#define DAY_MS		INT64_C(86400000)
#define HOUR_MS		INT64_C(3600000)

int64_t
check_days(int64_t now_ms, int64_t then_ms)
{
	int64_t left = then_ms - now_ms;

	return left >= 0 ? left / DAY_MS : -((-left + DAY_MS - 1) / DAY_MS);
}

void
check_put_when(struct buffer *text, int64_t now_ms, int64_t then_ms)
{
	int64_t left = then_ms >= now_ms ? then_ms - now_ms
	    : now_ms - then_ms;
	int64_t count = left / DAY_MS;
	const char *unit = plural(count, "day", "days");

	if (count == 0) {
		count = left / HOUR_MS;
		unit = plural(count, "hour", "hours");
	}
	buffer_append_text(text, then_ms >= now_ms ? "in " : "");
	if (count == 0)
		buffer_append_text(text, "less than an hour");
	else
		buffer_printf(text, "%" PRId64 " %s", count, unit);
	buffer_append_text(text, then_ms >= now_ms ? "" : " ago");
}

/* MX of the domain ********************************************************* */

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

bool
check_opted_out(const struct check_case *here)
{
	return !here->domain->is_measured;
}

bool
check_mx_bogus(const struct check_case *here)
{
	return has_mx_status(here, MX_BOGUS);
}

bool
check_mx_nxdomain(const struct check_case *here)
{
	return has_mx_status(here, MX_NXDOMAIN);
}

bool
check_mx_servfail(const struct check_case *here)
{
	return has_mx_status(here, MX_SERVFAIL);
}

bool
check_mx_timeout(const struct check_case *here)
{
	return has_mx_status(here, MX_TIMEOUT);
}

bool
check_mx_crashed(const struct check_case *here)
{
	return has_mx_status(here, MX_RESOLVER_CRASHED);
}

bool
check_mx_implicit(const struct check_case *here)
{
	return has_mx_status(here, MX_IMPLICIT);
}

bool
check_null_mx_mixed(const struct check_case *here)
{
	return has_flag(here->domain->flags, DOMAIN_NULL_MX_MIXED);
}

bool
check_null_mx_preference(const struct check_case *here)
{
	return has_flag(here->domain->flags, DOMAIN_NULL_MX_PREFERENCE);
}

bool
check_signed_without_ds(const struct check_case *here)
{
	return is_island(here->domain);
}

bool
check_mx_insecure(const struct check_case *here)
{
	return takes_mail(here) && !is_island(here->domain) &&
	    here->domain->mx_dnssec == DNSSEC_INSECURE;
}

bool
check_mx_is_cname(const struct check_case *here)
{
	return check_mx_is_alias(here->mx) && !check_mx_goes(here->mx);
}

bool
check_mx_is_address(const struct check_case *here)
{
	return has_flag(here->mx->flags, MX_FLAG_IS_ADDRESS);
}

bool
check_mx_is_localhost(const struct check_case *here)
{
	return has_flag(here->mx->flags, MX_FLAG_IS_LOCALHOST);
}

bool
check_mx_is_tld(const struct check_case *here)
{
	return has_flag(here->mx->flags, MX_FLAG_IS_TLD);
}

/* Policies ***************************************************************** */

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

bool
check_is_enforced(const struct check_case *here)
{
	return has_mode(here, MTA_STS_ENFORCE);
}

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

bool
check_sts_multiple(const struct check_case *here)
{
	return has_sts(here, MTA_STS_MULTIPLE);
}

bool
check_sts_invalid_record(const struct check_case *here)
{
	return has_sts(here, MTA_STS_INVALID_RECORD);
}

bool
check_sts_unfetched(const struct check_case *here)
{
	return has_sts(here, MTA_STS_FETCH_FAILED);
}

bool
check_sts_invalid(const struct check_case *here)
{
	return has_sts(here, MTA_STS_INVALID_POLICY);
}

bool
check_sts_unlisted(const struct check_case *here)
{
	return here->host != NULL && (has_mode(here, MTA_STS_ENFORCE) ||
	    has_mode(here, MTA_STS_TESTING)) &&
	    !check_policy_lists(here->domain->policy, here->mx->name);
}

bool
check_sts_error(const struct check_case *here)
{
	return here->domain->mta_sts_record == TXT_ERROR ||
	    has_sts(here, MTA_STS_ERROR);
}

bool
check_sts_testing(const struct check_case *here)
{
	return has_mode(here, MTA_STS_TESTING);
}

static bool
is_ready(const struct check_domain *domain)
{
	for (size_t i = 0; i < domain->mx_count; i++)
		if (!check_mx_is_ready(&domain->mx[i]))
			return false;
	return domain->mx_count > 0;
}

bool
check_sts_ready(const struct check_case *here)
{
	return check_sts_testing(here) && is_ready(here->domain);
}

bool
check_sts_not_ready(const struct check_case *here)
{
	return check_sts_testing(here) && !is_ready(here->domain);
}

bool
check_sts_none(const struct check_case *here)
{
	return has_mode(here, MTA_STS_NONE);
}

bool
check_sts_max_age(const struct check_case *here)
{
	return has_flagged(here, POLICY_MAX_AGE_OVER);
}

bool
check_sts_content_type(const struct check_case *here)
{
	return has_flagged(here, POLICY_CONTENT_TYPE);
}

bool
check_unprotected(const struct check_case *here)
{
	return takes_mail(here) &&
	    here->domain->mta_sts_record == TXT_ABSENT &&
	    !has_dane_somewhere(here->domain);
}

bool
check_tlsrpt_multiple(const struct check_case *here)
{
	return here->domain->tlsrpt_record == TXT_MULTIPLE;
}

bool
check_tlsrpt_invalid(const struct check_case *here)
{
	return here->domain->tlsrpt_record == TXT_INVALID;
}

bool
check_tlsrpt_absent(const struct check_case *here)
{
	return takes_mail(here) && here->domain->tlsrpt_record == TXT_ABSENT;
}

bool
check_tlsrpt_error(const struct check_case *here)
{
	return here->domain->tlsrpt_record == TXT_ERROR;
}

/* What is left ************************************************************* */

/* The result of a sender that demands what the domain did not promise is not a
 * problem of the domain. */
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

bool
check_otherwise_refused(const struct check_case *here)
{
	return !here->has_fault && here->domain->is_measured &&
	    (meets(here, DELIVERY_REFUSED) ||
	    meets(here, DELIVERY_UNREACHABLE));
}

bool
check_otherwise_unknown(const struct check_case *here)
{
	return !here->has_doubt && here->domain->is_measured &&
	    (meets(here, DELIVERY_UNDETERMINED) ||
	    meets(here, DELIVERY_NOT_PROBED));
}

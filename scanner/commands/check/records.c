/* records: the records to publish, as lines of a zone file and as a policy. It
 * is a part of advice. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "parsers/mta_sts.h"
#include "parsers/prefix.h"
#include "scanner/commands/check/advice.h"

#define TTL		3600
#define MAX_AGE_S	604800		/* RFC 8461 3.2: weeks or more */

static const struct check_certificate *
certificate(const struct check_result *result, unsigned position)
{
	const struct check_chain *chain = result->session != NULL
	    ? result->session->chain : NULL;

	return chain != NULL && position < chain->count
	    ? chain->certificates[position] : NULL;
}

const struct check_certificate *
check_base_leaf(const struct check_address *address)
{
	return certificate(&address->base, 0);
}

const struct check_certificate *
check_mx_leaf(const struct check_address *address)
{
	return certificate(&address->mx, 0);
}

/* TLSA ******************************************************************** */

static const char *
base_of(const struct check_host *host)
{
	return host->tlsa_base[0] != '\0' ? host->tlsa_base : host->name;
}

static void
publish_tlsa(const struct check_case *here, struct check_advice *advice,
    const char *parameters, const struct check_certificate *of)
{
	if (of != NULL && of->spki_sha256 != NULL && of->spki_sha256[0] != '\0')
		check_lines_add(&advice->publish, "_%u._tcp.%s. %d IN TLSA "
		    "%s %s", here->port, base_of(here->host), TTL, parameters,
		    of->spki_sha256);
}

static void
remove_records(const struct check_case *here, struct check_advice *advice,
    bool (*goes)(const struct check_record *))
{
	for (const struct check_record *record = here->host->records;
	    record != NULL; record = record->next)
		if (goes(record))
			check_lines_add(&advice->remove, "_%u._tcp.%s. IN "
			    "TLSA %u %u %u %s", here->port,
			    base_of(here->host), record->usage,
			    record->selector, record->matching_type,
			    record->hex);
}

static bool
is_unusable(const struct check_record *record)
{
	return !record->is_usable;
}

static bool
is_unmatched(const struct check_record *record)
{
	return record->is_usable && !record->matches;
}

void
check_publish_key(const struct check_case *here, struct check_advice *advice)
{
	publish_tlsa(here, advice, "3 1 1", check_base_leaf(here->address));
}

void
check_replace_key(const struct check_case *here, struct check_advice *advice)
{
	check_publish_key(here, advice);
	remove_records(here, advice, is_unmatched);
}

void
check_remove_unusable(const struct check_case *here,
    struct check_advice *advice)
{
	remove_records(here, advice, is_unusable);
}

void
check_replace_unusable(const struct check_case *here,
    struct check_advice *advice)
{
	for (const struct check_address *address = here->host->addresses;
	    address != NULL; address = address->next)
		publish_tlsa(here, advice, "3 1 1", check_base_leaf(address));
	remove_records(here, advice, is_unusable);
}

void
check_remove_unmatched(const struct check_case *here,
    struct check_advice *advice)
{
	remove_records(here, advice, is_unmatched);
}

void
check_publish_issuer(const struct check_case *here,
    struct check_advice *advice)
{
	for (const struct check_address *address = here->host->addresses;
	    address != NULL; address = address->next) {
		const struct check_certificate *issuer =
		    certificate(&address->base, 1);

		if (issuer != NULL && issuer->is_ca &&
		    address->base.session->chain_trusted)
			publish_tlsa(here, advice, "2 1 1", issuer);
	}
}

/* MX ********************************************************************** */

void
check_remove_mx(const struct check_case *here, struct check_advice *advice)
{
	check_lines_add(&advice->remove, "%s. IN MX %u %s.",
	    here->domain->name, here->mx->preference, here->mx->name);
}

void
check_publish_canonical(const struct check_case *here,
    struct check_advice *advice)
{
	check_lines_add(&advice->publish, "%s. %d IN MX %u %s.",
	    here->domain->name, TTL, here->mx->preference,
	    here->host->canonical);
	check_remove_mx(here, advice);
}

/* An address gets a name. */
void
check_publish_named_mx(const struct check_case *here,
    struct check_advice *advice)
{
	const char *name = here->mx->name;
	struct address address;

	check_remove_mx(here, advice);
	if (!address_from_text(name, strlen(name), &address))
		return;
	check_lines_add(&advice->publish, "mail.%s. %d IN %s %s",
	    here->domain->name, TTL, address.family == 4 ? "A" : "AAAA", name);
	check_lines_add(&advice->publish, "%s. %d IN MX %u mail.%s.",
	    here->domain->name, TTL, here->mx->preference,
	    here->domain->name);
}

void
check_publish_null_mx(const struct check_case *here,
    struct check_advice *advice)
{
	check_lines_add(&advice->publish, "%s. %d IN MX 0 .",
	    here->domain->name, TTL);
}

void
check_remove_null_mx(const struct check_case *here,
    struct check_advice *advice)
{
	check_lines_add(&advice->remove, "%s. IN MX 0 .", here->domain->name);
}

void
check_publish_implicit(const struct check_case *here,
    struct check_advice *advice)
{
	check_lines_add(&advice->publish, "%s. %d IN MX 10 %s.",
	    here->domain->name, TTL, here->domain->name);
}

/* Policies **************************************************************** */

bool
check_policy_lists(const struct check_policy *policy, const char *host)
{
	for (const char *at = policy->mx; *at != '\0';) {
		size_t length = strcspn(at, " ");
		char pattern[1024];

		snprintf(pattern, sizeof pattern, "%.*s", (int)length, at);
		if (mta_sts_pattern_matches(pattern, host))
			return true;
		at += length + (at[length] == ' ');
	}
	return false;
}

static bool
is_valid(const struct check_policy *policy)
{
	return policy != NULL && policy->status == MTA_STS_VALID &&
	    policy->mode != MTA_STS_NONE;
}

static bool
is_host_name(const char *name)
{
	return strchr(name, '\\') == NULL && strchr(name, '.') != NULL;
}

/* RFC 8461 3.2: the patterns that are there, and the hosts they lack. */
static void
put_policy(const struct check_domain *domain, const char *mode,
    struct buffer *text)
{
	const struct check_policy *old = is_valid(domain->policy)
	    ? domain->policy : NULL;

	buffer_printf(text, "version: STSv1\nmode: %s\n", mode);
	for (const char *at = old != NULL ? old->mx : ""; *at != '\0';) {
		size_t length = strcspn(at, " ");

		buffer_printf(text, "mx: %.*s\n", (int)length, at);
		at += length + (at[length] == ' ');
	}
	for (size_t i = 0; i < domain->mx_count; i++) {
		const struct check_mx *mx = &domain->mx[i];

		if (is_host_name(mx->name) && mx->host != NULL &&
		    (old == NULL || !check_policy_lists(old, mx->name)))
			buffer_printf(text, "mx: %s\n", mx->name);
	}
	buffer_printf(text, "max_age: %" PRId64 "\n",
	    old != NULL && old->max_age_s >= 86400 &&
	    old->max_age_s <= MTA_STS_MAX_AGE_MAX ? old->max_age_s
	    : (int64_t)MAX_AGE_S);
}

/* A policy that changes has another id, and one record (RFC 8461 3.1). */
static void
publish(const struct check_case *here, struct check_advice *advice,
    const char *mode)
{
	const struct check_policy *old = here->domain->policy;
	time_t now = (time_t)(here->now_ms / 1000);
	struct tm when;
	char id[32];

	if (gmtime_r(&now, &when) == NULL ||
	    strftime(id, sizeof id, "%Y%m%d%H%M%SZ", &when) == 0)
		return;
	check_lines_add(&advice->publish,
	    "_mta-sts.%s. %d IN TXT \"v=STSv1; id=%s;\"", here->domain->name,
	    TTL, id);
	/* One with bytes that are none of a record's is found by its name. */
	if (old != NULL && old->txt[0] != '\0' &&
	    strpbrk(old->txt, "\\\"") == NULL)
		check_lines_add(&advice->remove, "_mta-sts.%s. IN TXT \"%s\"",
		    here->domain->name, old->txt);
	put_policy(here->domain, mode, &advice->policy);
}

void
check_publish_policy(const struct check_case *here,
    struct check_advice *advice)
{
	const struct check_policy *old = here->domain->policy;

	publish(here, advice, is_valid(old)
	    ? mta_sts_mode_texts.texts[old->mode] : "testing");
}

void
check_publish_enforce(const struct check_case *here,
    struct check_advice *advice)
{
	publish(here, advice, "enforce");
}

void
check_publish_tlsrpt(const struct check_case *here,
    struct check_advice *advice)
{
	check_lines_add(&advice->publish, "_smtp._tls.%s. %d IN TXT "
	    "\"v=TLSRPTv1; rua=mailto:tls-reports@%s\"", here->domain->name,
	    TTL, here->domain->name);
}

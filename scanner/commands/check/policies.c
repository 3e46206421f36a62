/* policies: the policy of MTA-STS, and the TXT records of MTA-STS and TLSRPT. It
 * is a part of advice. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "parsers/mta_sts.h"
#include "scanner/base/memory.h"
#include "scanner/commands/check/conditions.h"

#define MAX_AGE_S	604800		/* RFC 8461 3.2: weeks or more */

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

/* The MX patterns ********************************************************* */

/* The parser decides what a pattern is (RFC 8461 3.2). */
static bool
is_pattern(const char *pattern)
{
	char *text = xasprintf("version: STSv1\nmode: testing\nmx: %s\n"
	    "max_age: 86400\n", pattern);
	struct mta_sts_policy policy;
	bool good = mta_sts_policy_read(&policy, text, strlen(text));

	if (good)
		mta_sts_policy_fini(&policy);
	free(text);
	return good;
}

/* Writes "mx: NAME", or the wildcard that covers a name that RFC 8461 cannot
 * express (a Domain of RFC 5321 has no underscore). */
static bool
add_host(struct check_lines *patterns, const char *name)
{
	const char *dot = strchr(name, '.');
	char *wildcard;
	bool good;

	if (is_pattern(name)) {
		check_lines_add(patterns, "mx: %s", name);
		return true;
	}
	if (dot == NULL || strchr(dot + 1, '.') == NULL)
		return false;
	wildcard = xasprintf("*%s", dot);
	good = is_pattern(wildcard) && mta_sts_pattern_matches(wildcard, name);
	if (good)
		check_lines_add(patterns, "mx: %s", wildcard);
	free(wildcard);
	return good;
}

/* Returns the name that the advice puts in the place of an address or of an
 * alias. */
static bool
add_mx(const struct check_case *here, const struct check_mx *mx,
    struct check_lines *patterns)
{
	char *name;
	bool good;

	if (check_mx_goes(mx))
		return true;
	name = check_mx_is_literal(mx) ? check_mx_new_name(here)
	    : xstrdup(check_mx_is_alias(mx) ? mx->host->canonical : mx->name);
	good = add_host(patterns, name);
	free(name);
	return good;
}

static bool
is_valid(const struct check_policy *policy)
{
	return policy != NULL && policy->status == MTA_STS_VALID &&
	    policy->mode != MTA_STS_NONE;
}

/* A host that the advice removes is left out. */
static bool
stays(const struct check_domain *domain, const char *pattern)
{
	for (size_t i = 0; i < domain->mx_count; i++)
		if (strcmp(domain->mx[i].name, pattern) == 0 &&
		    check_mx_goes(&domain->mx[i]))
			return false;
	return true;
}

/* Writes the existing patterns and the hosts that they do not cover. Returns
 * false if a host cannot be listed, or if there is none. */
static bool
make_patterns(const struct check_case *here, struct check_lines *patterns)
{
	const struct check_domain *domain = here->domain;
	const struct check_policy *old = is_valid(domain->policy)
	    ? domain->policy : NULL;
	bool good = true;

	for (const char *at = old != NULL ? old->mx : ""; *at != '\0';) {
		size_t length = strcspn(at, " ");
		char *pattern = xasprintf("%.*s", (int)length, at);

		if (stays(domain, pattern))
			check_lines_add(patterns, "mx: %s", pattern);
		free(pattern);
		at += length + (at[length] == ' ');
	}
	for (size_t i = 0; i < domain->mx_count; i++)
		if (old == NULL || !check_policy_lists(old,
		    domain->mx[i].name))
			good = add_mx(here, &domain->mx[i], patterns) && good;
	return good && patterns->count > 0;
}

static void
put_policy(const struct check_domain *domain, const char *mode,
    const struct check_lines *patterns, struct buffer *text)
{
	const struct check_policy *old = is_valid(domain->policy)
	    ? domain->policy : NULL;

	buffer_printf(text, "version: STSv1\nmode: %s\n", mode);
	for (size_t i = 0; i < patterns->count; i++)
		buffer_printf(text, "%s\n", patterns->items[i]);
	buffer_printf(text, "max_age: %" PRId64 "\n",
	    old != NULL && old->max_age_s >= 86400 &&
	    old->max_age_s <= MTA_STS_MAX_AGE_MAX ? old->max_age_s
	    : (int64_t)MAX_AGE_S);
}

/* The TXT records ********************************************************* */

/* Replaces all records that claim to be of this kind with one, at the end of
 * the aliases (RFC 8461 3.1, RFC 8460 3). Other records there are not
 * touched. */
static void
publish_record(const struct check_case *here, struct check_advice *advice,
    const char *label, enum txt_status status, bool is_alias,
    const char *target, const char *begins, const char *text)
{
	char *own = xasprintf("%s.%s", label, here->domain->name);
	bool is_there = txt_status_is_record(status);
	const char *owner = is_there && target[0] != '\0' ? target : own;

	check_lines_add(&advice->publish, "%s. %d IN TXT \"%s\"", owner,
	    CHECK_TTL, text);
	if (is_there)
		advice->replace = (struct check_records){
			xasprintf("%s.", owner), "TXT", begins,
		};
	else if (is_alias)
		advice->replace = (struct check_records){
			xasprintf("%s.", owner), "CNAME", "",
		};
	if (owner != own)
		check_advice_say(advice, "%s is an alias (CNAME) of %s, which "
		    "has the record.", own, owner);
	else if (!is_there && is_alias)
		check_advice_say(advice, "%s is an alias (CNAME) of a name "
		    "without such a record, and no other record may be "
		    "beside a CNAME, so this one replaces it. (If the alias "
		    "comes from a wildcard, there is nothing to remove.)", own);
	check_owner_ask(here, advice, owner);
	free(own);
}

static bool
has_flag(const struct check_domain *domain, enum domain_flag flag)
{
	return (domain->flags & 1u << flag) != 0;
}

static bool
make_id(const struct check_case *here, char *id, size_t size)
{
	time_t now = (time_t)(here->now_ms / 1000);
	struct tm when;

	return gmtime_r(&now, &when) != NULL &&
	    strftime(id, size, "%Y%m%d%H%M%SZ", &when) != 0;
}

/* A policy that changes needs another id (RFC 8461 3.1). */
static void
publish(const struct check_case *here, struct check_advice *advice,
    const char *mode)
{
	const struct check_domain *domain = here->domain;
	const struct check_policy *old = domain->policy;
	struct check_lines patterns = { 0 };
	char id[MTA_STS_ID_MAX + 1], text[64];

	if (check_is_of_wildcard(here, advice))
		return;
	if (!check_has_public_ca(domain->name)) {
		check_advice_say(advice, "There can be no policy: no public CA "
		    "issues a certificate for mta-sts.%s.", domain->name);
		return;
	}
	if (!make_patterns(here, &patterns) ||
	    !make_id(here, id, sizeof id)) {
		check_advice_say(advice, "No policy can be proposed: a policy "
		    "has to list every MX host, and a name may have letters, "
		    "digits and hyphens only (RFC 8461 3.2).");
		check_lines_fini(&patterns);
		return;
	}
	snprintf(text, sizeof text, "v=STSv1; id=%s;", id);
	publish_record(here, advice, "_mta-sts", domain->mta_sts_record,
	    has_flag(domain, DOMAIN_MTA_STS_ALIAS),
	    old != NULL ? old->sts_target : "", "v=STSv1", text);
	put_policy(domain, mode, &patterns, &advice->policy);
	check_lines_fini(&patterns);
	if (old == NULL || old->status != MTA_STS_VALID)
		check_advice_say(advice, "mta-sts.%s needs an address, and "
		    "there a web server with a certificate of a public CA "
		    "for that name. Serve the policy at "
		    "https://mta-sts.%s/.well-known/mta-sts.txt first, then "
		    "publish the record.", domain->name, domain->name);
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
	const struct check_domain *domain = here->domain;
	char *text;

	if (check_is_of_wildcard(here, advice))
		return;
	text = xasprintf("v=TLSRPTv1; rua=mailto:tls-reports@%s",
	    domain->name);

	publish_record(here, advice, "_smtp._tls", domain->tlsrpt_record,
	    has_flag(domain, DOMAIN_TLSRPT_ALIAS), domain->policy != NULL
	    ? domain->policy->tlsrpt_target : "", "v=TLSRPTv1", text);
	free(text);
}

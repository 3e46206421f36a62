#include "analysis/run_domains.h"

#include <stdlib.h>
#include <string.h>

#include "analysis/parts.h"
#include "parsers/mta_sts.h"
#include "parsers/presented_name.h"
#include "scanner/base/log.h"
#include "scanner/base/memory.h"

struct walk {
	const struct recorded_run *run;
	const struct hosts *hosts;
	void		*tag;
	bool		(*take)(void *tag, const struct run_domain *);
	/* Of the present domain, used again for the next. */
	struct run_domain domain;
	struct mx_facts	*mxs;
	size_t		 mx_count, mx_size;
	bool		 is_implicit;
	char		*patterns;	/* sts_mx points into it */
	size_t		 pattern_size;
};

/* Three parts of one number, each sorted by domain. */
struct joined {
	struct part	domains, mx, policies;
	int		more_mx, more_policies;
};

/* RFC 7672 3.2.2: the next hop is the domain, and what it is an alias of. */
static uint64_t
match_next_hop(const struct known_host *host, const struct table_reader *domain)
{
	const char *target = table_get(domain, DOMAINS_CNAME_TARGET);
	uint64_t bits = 0;

	for (unsigned i = 0; host->names != NULL &&
	    i < host->verdict.pair_count; i++) {
		const struct leaf_names *names = host->names[i];

		if (names == NULL || names->san == NULL)
			continue;
		if (presented_names_match(names->san, names->common_name,
		    table_get(domain, DOMAINS_DOMAIN)) ||
		    (target[0] != '\0' && presented_names_match(names->san,
		    names->common_name, target)))
			bits |= UINT64_C(1) << i;
	}
	return bits;
}

static bool
add_mx(struct walk *walk, const struct table_reader *domain,
    const struct table_reader *mx)
{
	const char *name = table_get(mx, MX_HOST);
	const struct known_host *host = hosts_find(walk->hosts, name);

	if ((table_get_flags(mx, MX_FLAGS) & 1u << MX_FLAG_IMPLICIT) != 0)
		walk->is_implicit = true;
	if (host == NULL) {
		if (walk->is_implicit && !walk->run->probe_implicit)
			return true;
		log_line("mx: %s: %s is not in hosts",
		    table_get(domain, DOMAINS_DOMAIN), name);
		return false;
	}
	if (walk->mx_count == walk->mx_size) {
		walk->mx_size = walk->mx_size * 2 + 16;
		walk->mxs = xreallocarray(walk->mxs, walk->mx_size,
		    sizeof *walk->mxs);
	}
	walk->mxs[walk->mx_count++] = (struct mx_facts){
		.host = &host->verdict,
		.tier = (unsigned)table_get_number(mx, MX_TIER),
		.next_hop_matches = match_next_hop(host, domain),
	};
	return true;
}

static int
compare_tiers(const void *a, const void *b)
{
	const struct mx_facts *x = a, *y = b;

	return (x->tier > y->tier) - (x->tier < y->tier);
}

/* MTA-STS ***************************************************************** */

/* Words by one space each, as COLUMN_LIST has them. */
static void
split_patterns(struct walk *walk, const char *list)
{
	struct run_domain *domain = &walk->domain;
	size_t length = strlen(list) + 1;
	char *word, *rest;

	if (length > walk->pattern_size) {
		walk->pattern_size = length * 2;
		walk->patterns = xrealloc(walk->patterns, walk->pattern_size);
		/* A pattern has a byte at least, and one behind it. */
		domain->sts_mx = xreallocarray(domain->sts_mx,
		    walk->pattern_size / 2 + 1, sizeof *domain->sts_mx);
	}
	memcpy(walk->patterns, list, length);
	domain->sts_mx_count = 0;
	for (word = strtok_r(walk->patterns, " ", &rest); word != NULL;
	    word = strtok_r(NULL, " ", &rest))
		domain->sts_mx[domain->sts_mx_count++] = word;
}

static enum sts_policy
sts_policy_of(const struct run_domain *domain)
{
	switch (domain->sts_status) {
	case MTA_STS_VALID:
		return domain->sts_mode == MTA_STS_ENFORCE ? STS_ENFORCE
		    : domain->sts_mode == MTA_STS_TESTING ? STS_TESTING
		    : STS_NONE;
	case MTA_STS_ERROR:
		return STS_UNDETERMINED;
	default:
		return STS_NO_POLICY;
	}
}

/* A row of `policies`, or NULL: no record, or none that could be asked for. */
static void
take_policy(struct walk *walk, const struct table_reader *domain,
    const struct table_reader *policy)
{
	struct run_domain *present = &walk->domain;
	int record = table_get_enum(domain, DOMAINS_MTA_STS_RECORD);

	present->sts_status = record == TXT_ERROR ? MTA_STS_ERROR
	    : record == TXT_NOT_ASKED ? MTA_STS_NOT_ASKED : MTA_STS_ABSENT;
	present->sts_mx_count = 0;
	if (policy != NULL)
		present->sts_status = (enum mta_sts_status)table_get_enum(
		    policy, POLICIES_MTA_STS_STATUS);
	if (present->sts_status == MTA_STS_VALID) {
		present->sts_mode = (enum mta_sts_mode)table_get_enum(policy,
		    POLICIES_MTA_STS_MODE);
		present->sts_max_age_s = table_get_number(policy,
		    POLICIES_MTA_STS_MAX_AGE_S);
		split_patterns(walk, table_get(policy, POLICIES_MTA_STS_MX));
	}
	present->facts.mta_sts = sts_policy_of(present);
	present->facts.mta_sts_status =
	    mta_sts_status_texts.texts[present->sts_status];
	for (size_t i = 0; i < walk->mx_count; i++)
		for (size_t j = 0; j < present->sts_mx_count; j++)
			walk->mxs[i].in_mta_sts |= mta_sts_pattern_matches(
			    present->sts_mx[j], walk->mxs[i].host->name);
}

/* Parts ******************************************************************* */

static bool
take_domain(struct walk *walk, const struct table_reader *row,
    const struct table_reader *policy)
{
	walk->domain.name = table_get(row, DOMAINS_DOMAIN);
	walk->domain.facts = (struct domain_facts){
		.mx_status = (enum mx_status)table_get_enum(row,
		    DOMAINS_MX_STATUS),
		.mx_dnssec = (enum dnssec)table_get_enum(row,
		    DOMAINS_MX_DNSSEC),
		.attempts = (unsigned)table_get_number(row, DOMAINS_ATTEMPTS),
		.is_probed = walk->run->probing && (walk->run->probe_implicit
		    || !walk->is_implicit),
		.mxs = walk->mxs, .mx_count = walk->mx_count,
	};
	if (walk->mx_count > 1)
		qsort(walk->mxs, walk->mx_count, sizeof *walk->mxs,
		    compare_tiers);
	take_policy(walk, row, policy);
	return walk->take(walk->tag, &walk->domain);
}

static bool
join_row(struct walk *walk, struct joined *joined)
{
	const struct table_reader *row = joined->domains.row, *policy = NULL;
	const char *name = table_get(row, DOMAINS_DOMAIN);
	bool good;

	walk->mx_count = 0;
	walk->is_implicit = false;
	while (joined->more_mx == 1 &&
	    strcmp(table_get(joined->mx.row, MX_DOMAIN), name) == 0) {
		if (!add_mx(walk, row, joined->mx.row))
			return false;
		joined->more_mx = part_next(&joined->mx);
	}
	if (joined->more_policies == 1 && strcmp(table_get(
	    joined->policies.row, POLICIES_DOMAIN), name) == 0)
		policy = joined->policies.row;
	good = joined->more_mx >= 0 && take_domain(walk, row, policy);
	if (good && policy != NULL)
		joined->more_policies = part_next(&joined->policies);
	return good && joined->more_policies >= 0;
}

static bool
join(struct walk *walk, struct joined *joined)
{
	int result = 0;

	joined->more_mx = part_next(&joined->mx);
	joined->more_policies = part_next(&joined->policies);
	if (joined->more_mx < 0 || joined->more_policies < 0)
		return false;
	while ((result = part_next(&joined->domains)) == 1)
		if (!join_row(walk, joined))
			return false;
	if (result == 0 && joined->more_mx + joined->more_policies > 0) {
		log_line("%s/domains/%s: mx or policies are of others",
		    walk->run->path, joined->domains.name);
		return false;
	}
	return result == 0;
}

static bool
walk_part(struct walk *walk, const char *name)
{
	int folder = walk->run->folder;
	struct joined joined = { 0 };
	bool good = part_open(&joined.domains, folder, TABLE_DOMAINS, name,
	    false) && part_open(&joined.mx, folder, TABLE_MX, name, true) &&
	    part_open(&joined.policies, folder, TABLE_POLICIES, name, true) &&
	    join(walk, &joined);

	part_close(&joined.domains);
	part_close(&joined.mx);
	part_close(&joined.policies);
	return good;
}

bool
run_domains_walk(const struct recorded_run *run, const struct hosts *hosts,
    void *tag, bool (*take)(void *tag, const struct run_domain *))
{
	struct walk walk = {
		.run = run, .hosts = hosts, .tag = tag, .take = take,
	};
	struct parts parts;
	bool good = parts_list(run->folder, TABLE_DOMAINS, &parts);

	for (size_t i = 0; i < parts.count && good; i++)
		good = walk_part(&walk, parts.names[i]);
	parts_free(&parts);
	free(walk.mxs);
	free(walk.patterns);
	free(walk.domain.sts_mx);
	return good;
}

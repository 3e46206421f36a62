#include "analysis/facts/run_domains.h"

#include <stdlib.h>
#include <string.h>

#include "analysis/facts/domain_mxs.h"
#include "parsers/mta_sts.h"
#include "scanner/base/memory.h"

struct walk {
	const struct recorded_run *run;
	const struct hosts *hosts;
	void		*tag;
	bool		(*take)(void *tag, const struct run_domain *);
	/* Belong to the present domain, and are used again for the next one. */
	struct run_domain domain;
	struct domain_mxs mxs;
	char		*patterns;	/* sts_mx points into it */
	size_t		 pattern_size;
};

/* MTA-STS ***************************************************************** */

/* Reads words that are separated by one space, as COLUMN_LIST has them. */
static void
split_patterns(struct walk *walk, const char *list)
{
	struct run_domain *domain = &walk->domain;
	size_t length = strlen(list) + 1;
	char *word, *rest;

	if (length > walk->pattern_size) {
		walk->pattern_size = length * 2;
		walk->patterns = xrealloc(walk->patterns, walk->pattern_size);
		/* A pattern has at least one byte, and another byte after
		 * it. */
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

/* `policy` is a row of `policies`. It is NULL if there is no record, or no
 * record that could be asked for. */
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
	for (size_t i = 0; i < walk->mxs.count; i++)
		for (size_t j = 0; j < present->sts_mx_count; j++)
			walk->mxs.items[i].in_mta_sts |=
			    mta_sts_pattern_matches(present->sts_mx[j],
			    walk->mxs.items[i].host->name);
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
		    || !walk->mxs.is_implicit),
		.mxs = walk->mxs.items, .mx_count = walk->mxs.count,
	};
	take_policy(walk, row, policy);
	return walk->take(walk->tag, &walk->domain);
}

static bool
walk_rows(struct walk *walk, struct domain_rows *rows)
{
	int result;

	while ((result = domain_rows_next(rows)) == 1)
		if (!domain_mxs_read(&walk->mxs, rows, walk->hosts,
		    walk->run->probe_implicit, &(struct mx_policies){ 0 }) ||
		    !take_domain(walk, rows->domains.row,
		    domain_rows_policy(rows)))
			return false;
	return result == 0;
}

static bool
walk_part(struct walk *walk, const char *name)
{
	struct domain_rows rows;
	bool good = domain_rows_open(&rows, walk->run->folder, name) &&
	    walk_rows(walk, &rows);

	domain_rows_close(&rows);
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
	domain_mxs_fini(&walk.mxs);
	free(walk.patterns);
	free(walk.domain.sts_mx);
	return good;
}

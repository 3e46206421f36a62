#include "scanner/worker/domain/rows.h"

#include <string.h>

#include "scanner/worker/domain/findings.h"
#include "scanner/worker/job.h"
#include "scanner/worker/worker.h"

static void
write_mx_rows(const struct job *job, const struct domain_item *item,
    const struct mx_set *set)
{
	struct table *table = job->tables[DOMAINS_TO_MX];

	for (size_t i = 0; i < set->count; i++) {
		const struct mx *mx = &set->hosts[i];

		table_set(table, MX_DOMAIN, item->name);
		table_set_number(table, MX_PREFERENCE, mx->preference);
		table_set_number(table, MX_TIER, mx->tier);
		table_set(table, MX_HOST, mx->name);
		table_set_flags(table, MX_FLAGS, mx->flags);
		table_end_row(table);
	}
}

/* MX5: a lookup of MX that fails in the second pass alone has failed once. */
static unsigned
attempts_of(const struct job *job, const struct domain_item *item,
    const struct findings *findings)
{
	return findings_have_failed(findings) && item->state == ITEM_PARTLY
	    ? 1 : job->attempt;
}

static void
write_row(const struct job *job, const struct domain_item *item,
    const struct findings *findings)
{
	struct table *table = job->tables[DOMAINS_TO_DOMAINS];
	const struct answer_facts *answer = &findings->answer;
	const char *registrable = suffix_registrable(job->worker->suffixes,
	    item->name);
	const char *bogus = answer->bogus_text != NULL ? answer->bogus_text
	    : "";
	char target[NAME_TEXT_MAX];

	table_set(table, DOMAINS_DOMAIN, item->name);
	table_set_number(table, DOMAINS_SOURCE_ID, item->source_id);
	if (item->rank != 0)
		table_set_number(table, DOMAINS_RANK, (int64_t)item->rank);
	table_set(table, DOMAINS_TLD, name_tld(item->name));
	table_set(table, DOMAINS_REGISTRABLE_DOMAIN,
	    registrable != NULL ? registrable : "");
	if (item->parent_ds != PARENT_DS_UNKNOWN)
		table_set_bool(table, DOMAINS_PARENT_DS,
		    item->parent_ds == PARENT_DS_YES);
	table_set_numbers(table, DOMAINS_PARENT_DS_ALGORITHMS,
	    item->parent_ds_algorithms);
	table_set(table, DOMAINS_DNS_OPERATOR, item->dns_operator);
	table_set_enum(table, DOMAINS_LANE, answer->lane);
	if (findings->ds_source != DS_SOURCE_COUNT)
		table_set_enum(table, DOMAINS_DS_SOURCE, findings->ds_source);
	table_set_enum(table, DOMAINS_MX_STATUS, findings->status);
	table_set_enum(table, DOMAINS_MX_DNSSEC, answer->dnssec);
	table_set_text(table, DOMAINS_MX_BOGUS_TEXT, bogus, strlen(bogus));
	if (answer->status == LOOKUP_BOGUS)
		table_set_enum(table, DOMAINS_MX_BOGUS_REASON,
		    answer->bogus_reason);
	table_set_bool(table, DOMAINS_MX_WILDCARD, answer->is_wildcard);
	if (answer->has_cname) {
		name_to_text(answer->canonical, target);
		table_set(table, DOMAINS_CNAME_TARGET, target);
	}
	table_set_number(table, DOMAINS_MX_COUNT, (int64_t)findings->set.found);
	table_set_bool(table, DOMAINS_MX_TRUNCATED,
	    findings->set.found > findings->set.count);
	table_set_enum(table, DOMAINS_MTA_STS_RECORD, findings->mta_sts_record);
	table_set_enum(table, DOMAINS_TLSRPT_RECORD, findings->tlsrpt_record);
	table_set_flags(table, DOMAINS_FLAGS, findings->flags);
	if (answer->dnssec != DNSSEC_UNCHECKED)
		table_set_number(table, DOMAINS_TTL_S, answer->ttl);
	table_set_number(table, DOMAINS_LOOKUP_MS, findings->lookup_ms);
	table_set_number(table, DOMAINS_ATTEMPTS, attempts_of(job, item,
	    findings));
	table_set_time(table, DOMAINS_MEASURED_AT, findings->started_ms);
	table_end_row(table);
}

void
rows_write(const struct job *job, const struct domain_item *item,
    const struct findings *findings)
{
	write_mx_rows(job, item, &findings->set);
	write_row(job, item, findings);
}

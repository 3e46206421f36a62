#include "analysis/outcomes/conclude.h"

#include <errno.h>
#include <jansson.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "analysis/facts/domain_mxs.h"
#include "analysis/facts/parts.h"
#include "analysis/outcomes/alike_domains.h"
#include "analysis/policy/in_force.h"
#include "scanner/base/log.h"
#include "scanner/base/memory.h"
#include "scanner/base/write_all.h"
#include "scanner/out/replacement.h"

/* The rows have words that repeat. Above this level zlib looks for matches a
 * second time, which takes twice as long here and makes the files no
 * smaller. */
#define LEVEL_MAX	3

struct conclusion {
	int		 folder;
	bool		 write_failed;
	bool		 is_partial;	/* nothing is written */
	uint64_t	 measured;	/* domains with nothing to come */
	bool		 awaits_policy;	/* the present domain */
	const struct run_json *run;

	struct listing	*listing;
	struct hosts	*hosts;
	struct shares	 shares;
	struct table	*rows;
	struct alike_domains *alike;
	/* Belong to the present domain, and are used again for the next one. */
	struct domain_mxs mxs;
	struct domain_policy policy;
	const struct listed_policy *listed;	/* NULL: it is not listed */
};

/* Domains ***************************************************************** */

static enum list_entry_mode
mode_of(const struct listed_policy *listed)
{
	if (listed == NULL)
		return LISTED_NOT;
	return listed->mode == LIST_ENFORCE ? LISTED_ENFORCE : LISTED_TESTING;
}

static void
conclude_domain(struct conclusion *conclusion, const struct table_reader *row)
{
	const struct domain_policy *policy = &conclusion->policy;
	const struct run_json *run = conclusion->run;
	struct domain_facts facts = {
		.mx_status = (enum mx_status)table_get_enum(row,
		    DOMAINS_MX_STATUS),
		.mx_dnssec = (enum dnssec)table_get_enum(row,
		    DOMAINS_MX_DNSSEC),
		.attempts = (unsigned)table_get_number(row, DOMAINS_ATTEMPTS),
		.is_probed = run->probing && (run->probe_implicit ||
		    !conclusion->mxs.is_implicit),
		.mta_sts = policy->mta_sts,
		.mta_sts_status = policy->mta_sts_status,
		.policy_list = mode_of(conclusion->listed),
		.mxs = conclusion->mxs.items, .mx_count = conclusion->mxs.count,
	};
	const struct domain_records records = {
		.parent_ds = table_is_null(row, DOMAINS_PARENT_DS) ? -1
		    : (int)table_get_number(row, DOMAINS_PARENT_DS),
		.tlsrpt = policy->tlsrpt,
		.list_is_given = listing_is_given(conclusion->listing),
	};

	alike_domains_add(conclusion->alike, table_get(row, DOMAINS_DOMAIN),
	    &facts, &records);
}

/* Parts ******************************************************************* */

static bool
take_policies(struct conclusion *conclusion, struct domain_rows *rows)
{
	const struct table_reader *domain = rows->domains.row;
	const struct table_reader *policy = domain_rows_policy(rows);
	const char *name = table_get(domain, DOMAINS_DOMAIN);

	conclusion->listed = listing_find(conclusion->listing, name);
	conclusion->awaits_policy = false;
	if (policy == NULL && conclusion->is_partial) {
		conclusion->awaits_policy = domain_policy_read_pending(
		    &conclusion->policy, domain);
		return true;
	}
	if (policy == NULL && domain_policy_has_row(domain)) {
		log_line("policies/%s: %s: it has a record, but no row",
		    rows->policies.name, name);
		return false;
	}
	domain_policy_read(&conclusion->policy, domain, policy);
	return true;
}

static bool
conclude_rows(struct conclusion *conclusion, struct domain_rows *rows)
{
	int result;

	while ((result = domain_rows_next(rows)) == 1) {
		/* The facts about a host depend on the policies. */
		if (!take_policies(conclusion, rows))
			return false;
		if (!domain_mxs_read(&conclusion->mxs, rows,
		    conclusion->hosts, conclusion->run->probe_implicit,
		    &(struct mx_policies){ &conclusion->policy,
		    conclusion->listed }))
			return false;
		conclusion->measured += !conclusion->mxs.is_pending &&
		    !conclusion->awaits_policy;
		conclude_domain(conclusion, rows->domains.row);
	}
	return result == 0;
}

/* Returns false after a message. */
static bool
end_replacement(struct conclusion *conclusion, int descriptor,
    const char *name, bool is_whole)
{
	bool good = descriptor >= 0 && replacement_swap(conclusion->folder,
	    descriptor, name, is_whole);

	if (!good)
		log_line("%s: %s", name, strerror(errno));
	conclusion->write_failed = !good;
	return good;
}

static bool
write_part(struct conclusion *conclusion, const char *name)
{
	char *path = xasprintf("%s/%s", table_schemas[TABLE_OUTCOMES].name,
	    name);
	int descriptor = replacement_open(conclusion->folder);
	int level = (int)conclusion->run->level;
	bool is_whole = descriptor >= 0 && table_write(conclusion->rows,
	    descriptor, level < LEVEL_MAX ? level : LEVEL_MAX, false);
	bool good = end_replacement(conclusion, descriptor, path, is_whole);

	free(path);
	return good;
}

static bool
conclude_part(struct conclusion *conclusion, const char *name)
{
	struct domain_rows rows;
	bool good = domain_rows_open(&rows, conclusion->folder, name) &&
	    conclude_rows(conclusion, &rows) && (conclusion->is_partial ||
	    write_part(conclusion, name));

	table_clear(conclusion->rows);
	domain_rows_close(&rows);
	return good;
}

/* Removes parts that belong to no batch. Another program made them, or a person
 * put them there. */
static bool
drop_others(const struct conclusion *conclusion, const struct parts *parts)
{
	struct parts there;
	size_t at = 0;
	bool good = parts_list(conclusion->folder, TABLE_OUTCOMES, &there);

	for (size_t i = 0; i < there.count && good; i++) {
		char *path;

		while (at < parts->count &&
		    strcmp(parts->names[at], there.names[i]) < 0)
			at++;
		if (at < parts->count &&
		    strcmp(parts->names[at], there.names[i]) == 0)
			continue;
		path = xasprintf("%s/%s", table_schemas[TABLE_OUTCOMES].name,
		    there.names[i]);
		good = unlinkat(conclusion->folder, path, 0) == 0;
		if (!good)
			log_line("%s: %s", path, strerror(errno));
		free(path);
	}
	parts_free(&there);
	return good;
}

static bool
conclude_parts(struct conclusion *conclusion)
{
	struct parts parts;
	bool good = parts_list(conclusion->folder, TABLE_DOMAINS, &parts) &&
	    (conclusion->is_partial || drop_others(conclusion, &parts));

	for (size_t i = 0; i < parts.count && good; i++)
		good = conclude_part(conclusion, parts.names[i]);
	parts_free(&parts);
	return good;
}

/* ************************************************************************* */

static json_t *
sample_to_json(const struct run_sample *sample)
{
	return json_pack("{s:I, s:I, s:I}",
	    "one_of", (json_int_t)sample->one_of,
	    "drawn", (json_int_t)sample->drawn,
	    "records", (json_int_t)(sample->drawn + sample->not_drawn));
}

/* All domains are concluded. */
static json_t *
make_summary(struct conclusion *conclusion)
{
	const struct known_host *host;
	size_t index = 0;
	uint64_t count;
	struct run_sample sample;
	json_t *summary;

	alike_domains_count(conclusion->alike);
	while ((host = hosts_next_alike(conclusion->hosts, &index,
	    &count)) != NULL)
		shares_add_hosts(&conclusion->shares, count, host);
	summary = shares_to_json(&conclusion->shares);
	if (run_json_sample(conclusion->run, &sample))
		json_object_set_new(summary, "sample", sample_to_json(
		    &sample));
	return summary;
}

static bool
write_summary(struct conclusion *conclusion)
{
	static const char name[] = "summary.json";
	int descriptor = replacement_open(conclusion->folder);
	json_t *summary = make_summary(conclusion);
	/* json_dumpfd() would write each token with a separate call. */
	char *text = json_dumps(summary, JSON_INDENT(1));
	bool is_whole;

	is_whole = descriptor >= 0 && text != NULL && write_all(descriptor,
	    text, strlen(text)) && write_all(descriptor, "\n", 1);
	free(text);
	json_decref(summary);
	return end_replacement(conclusion, descriptor, name, is_whole);
}

static bool
read_listing(struct conclusion *conclusion)
{
	const char *fault = run_json_check(conclusion->run,
	    RUN_MEMBERS_OF_A_VERDICT | 1u << RUN_MEMBER_LEVEL);

	if (fault != NULL) {
		log_line(RUN_JSON_FILE ": %s", fault);
		return false;
	}
	conclusion->listing = listing_read(conclusion->folder,
	    conclusion->run->started_ms / 1000);
	return conclusion->listing != NULL;
}

static void
begin(struct conclusion *conclusion)
{
	conclusion->rows = table_new(TABLE_OUTCOMES);
	conclusion->alike = alike_domains_new(conclusion->rows,
	    &conclusion->shares);
}

static void
finish(struct conclusion *conclusion)
{
	alike_domains_free(conclusion->alike);
	table_free(conclusion->rows);
	hosts_free(conclusion->hosts);
	listing_free(conclusion->listing);
	domain_policy_fini(&conclusion->policy);
	domain_mxs_fini(&conclusion->mxs);
}

enum conclude_result
conclude_run(int folder, const struct run_json *run)
{
	struct conclusion conclusion = { .folder = folder, .run = run };
	bool good;

	if (read_listing(&conclusion))
		conclusion.hosts = hosts_read_alike(folder,
		    run->retry_after_ms, conclusion.listing);
	begin(&conclusion);
	good = conclusion.hosts != NULL && conclude_parts(&conclusion) &&
	    write_summary(&conclusion);
	finish(&conclusion);
	return good ? CONCLUDED : conclusion.write_failed
	    ? CONCLUDE_NOT_WRITTEN : CONCLUDE_BROKEN_FACTS;
}

/* How much of the run is in the summary. Until the plan is made, the number of
 * domains is unknown. */
static json_t *
partial_to_json(const struct conclusion *conclusion)
{
	const json_t *domains = json_object_get(json_object_get(
	    conclusion->run->root, "inputs"), "domains");
	uint64_t hosts = conclusion->shares.hosts;

	return json_pack("{s:O?, s:I, s:I, s:I, s:I}",
	    "domains", json_is_integer(domains) ? domains : NULL,
	    "domains_resolved", (json_int_t)conclusion->shares.domains,
	    "domains_measured", (json_int_t)conclusion->measured,
	    "hosts", (json_int_t)hosts,
	    "hosts_measured",
	    (json_int_t)(hosts - hosts_pending(conclusion->hosts)));
}

json_t *
conclude_partially(int folder, const struct run_json *run)
{
	struct conclusion conclusion = {
		.folder = folder, .run = run, .is_partial = true,
	};
	json_t *summary = NULL;

	if (read_listing(&conclusion))
		conclusion.hosts = hosts_read_partial(folder, run,
		    conclusion.listing);
	conclusion.mxs.partial = conclusion.hosts;
	begin(&conclusion);
	if (conclusion.hosts != NULL && conclude_parts(&conclusion)) {
		summary = make_summary(&conclusion);
		json_object_set_new(summary, "partial",
		    partial_to_json(&conclusion));
	}
	finish(&conclusion);
	return summary;
}

#include "analysis/outcomes/conclude.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "analysis/facts/domain_mxs.h"
#include "analysis/facts/parts.h"
#include "analysis/outcomes/alike_domains.h"
#include "analysis/policy/in_force.h"
#include "parsers/policy_list.h"
#include "scanner/base/log.h"
#include "scanner/base/memory.h"

/* Rows of words that repeat: above this zlib looks for matches a second time,
 * which takes twice as long here and makes them no smaller. */
#define LEVEL_MAX	3

struct conclusion {
	int		 folder;
	bool		 write_failed;
	/* run.json, options. */
	int		 level;
	int64_t		 retry_after_ms, started_at_s;
	bool		 probing, probe_implicit;

	struct listing	*listing;
	struct hosts	*hosts;
	struct shares	 shares;
	struct table	*rows;
	struct kinds	*kinds;
	/* Of the present domain, used again for the next. */
	struct domain_mxs mxs;
	struct domain_policy policy;
	const struct listed_policy *listed;	/* NULL: it is not */
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
	struct domain_facts facts = {
		.mx_status = (enum mx_status)table_get_enum(row,
		    DOMAINS_MX_STATUS),
		.mx_dnssec = (enum dnssec)table_get_enum(row,
		    DOMAINS_MX_DNSSEC),
		.attempts = (unsigned)table_get_number(row, DOMAINS_ATTEMPTS),
		.is_probed = conclusion->probing && (conclusion->probe_implicit
		    || !conclusion->mxs.is_implicit),
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

	kinds_add(conclusion->kinds, table_get(row, DOMAINS_DOMAIN), &facts,
	    &records);
}

/* Parts ******************************************************************* */

static bool
take_policies(struct conclusion *conclusion, struct domain_rows *rows)
{
	const struct table_reader *domain = rows->domains.row;
	const struct table_reader *policy = domain_rows_policy(rows);
	const char *name = table_get(domain, DOMAINS_DOMAIN);

	conclusion->listed = listing_find(conclusion->listing, name);
	if (policy == NULL && domain_policy_has_row(domain)) {
		log_line("policies/%s: %s: it has a record, and no row",
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
		/* What is said of a host depends on the policies. */
		if (!take_policies(conclusion, rows))
			return false;
		if (!domain_mxs_read(&conclusion->mxs, rows,
		    conclusion->hosts, conclusion->probe_implicit,
		    &(struct mx_policies){ &conclusion->policy,
		    conclusion->listed }))
			return false;
		conclude_domain(conclusion, rows->domains.row);
	}
	return result == 0;
}

static bool
write_part(struct conclusion *conclusion, const char *name)
{
	char *path = xasprintf("%s/%s", table_schemas[TABLE_OUTCOMES].name,
	    name);
	int descriptor = beside_open(conclusion->folder, path);
	bool good = descriptor >= 0 && beside_swap(conclusion->folder,
	    descriptor, path, table_write(conclusion->rows, descriptor,
	    conclusion->level, false));

	conclusion->write_failed = !good;
	free(path);
	return good;
}

static bool
conclude_part(struct conclusion *conclusion, const char *name)
{
	struct domain_rows rows;
	bool good = domain_rows_open(&rows, conclusion->folder, name) &&
	    conclude_rows(conclusion, &rows) && write_part(conclusion, name);

	domain_rows_close(&rows);
	return good;
}

/* Parts of no batch: of another program, or put there by hand. */
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
	    drop_others(conclusion, &parts);

	for (size_t i = 0; i < parts.count && good; i++)
		good = conclude_part(conclusion, parts.names[i]);
	parts_free(&parts);
	return good;
}

/* ************************************************************************* */

static bool
write_summary(struct conclusion *conclusion)
{
	static const char name[] = "summary.json";
	const struct known_host *host;
	size_t index = 0;
	uint64_t count;
	json_t *summary;
	int descriptor;
	bool good;

	kinds_count(conclusion->kinds);
	while ((host = hosts_next_alike(conclusion->hosts, &index,
	    &count)) != NULL)
		shares_add_hosts(&conclusion->shares, count, host);
	conclusion->write_failed = true;
	descriptor = beside_open(conclusion->folder, name);
	if (descriptor < 0)
		return false;
	summary = shares_to_json(&conclusion->shares);
	good = json_dumpfd(summary, descriptor, JSON_INDENT(1)) == 0 &&
	    write(descriptor, "\n", 1) == 1;
	json_decref(summary);
	conclusion->write_failed = !beside_swap(conclusion->folder, descriptor,
	    name, good);
	return !conclusion->write_failed;
}

/* "1800000ms", "4": as options_in_force has them. */
static bool
read_number(const json_t *options, const char *name, int64_t *number)
{
	const char *text = json_string_value(json_object_get(options, name));
	char *end;

	if (text == NULL)
		return false;
	errno = 0;
	*number = strtoll(text, &end, 10);
	return errno == 0 && end != text && *number >= 0;
}

static bool
read_options(struct conclusion *conclusion, const json_t *run)
{
	const json_t *options = json_object_get(run, "options");
	const char *implicit = json_string_value(json_object_get(options,
	    "probe-implicit"));
	const char *started = json_string_value(json_object_get(run,
	    "started_at"));
	int64_t level;

	if (implicit == NULL || started == NULL ||
	    !policy_list_time(started, &conclusion->started_at_s) ||
	    !read_number(options, "level", &level) ||
	    level < 1 || level > 9 || !read_number(options, "retry-after",
	    &conclusion->retry_after_ms) ||
	    !json_is_boolean(json_object_get(options, "probing"))) {
		log_line("run.json: its options are not those of a run");
		return false;
	}
	conclusion->level = level < LEVEL_MAX ? (int)level : LEVEL_MAX;
	conclusion->probe_implicit = strcmp(implicit, "yes") == 0;
	conclusion->probing = json_is_true(json_object_get(options,
	    "probing"));
	return true;
}

enum conclude_result
conclude_run(int folder, const json_t *run)
{
	struct conclusion conclusion = { .folder = folder };
	bool good = read_options(&conclusion, run);

	if (good)
		conclusion.listing = listing_read(folder,
		    conclusion.started_at_s);
	if (conclusion.listing != NULL)
		conclusion.hosts = hosts_read_alike(folder,
		    conclusion.retry_after_ms, conclusion.listing);
	conclusion.rows = table_new(TABLE_OUTCOMES);
	conclusion.kinds = kinds_new(conclusion.rows, &conclusion.shares);
	good = conclusion.hosts != NULL && conclude_parts(&conclusion) &&
	    write_summary(&conclusion);
	kinds_free(conclusion.kinds);
	table_free(conclusion.rows);
	hosts_free(conclusion.hosts);
	listing_free(conclusion.listing);
	domain_policy_fini(&conclusion.policy);
	domain_mxs_fini(&conclusion.mxs);
	return good ? CONCLUDED : conclusion.write_failed
	    ? CONCLUDE_NOT_WRITTEN : CONCLUDE_BROKEN_FACTS;
}

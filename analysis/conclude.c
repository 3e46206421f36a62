#include "analysis/conclude.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "analysis/domain_policy.h"
#include "analysis/hosts.h"
#include "analysis/listing.h"
#include "analysis/parts.h"
#include "analysis/reason_list.h"
#include "analysis/shares.h"
#include "parsers/policy_list.h"
#include "parsers/presented_name.h"
#include "scanner/base/buffer.h"
#include "scanner/base/log.h"
#include "scanner/base/memory.h"
#include "scanner/base/siphash.h"
#include "scanner/out/table.h"

/* Rows of words that repeat: above this zlib looks for matches a second time,
 * which takes twice as long here and makes them no smaller. */
#define LEVEL_MAX	3

/* Most domains share the MX hosts of others, and all that is said of them: facts
 * that came twice, with their verdict and their row. Those of a domain with a host
 * of its own never come again, and are not to take the place of others. */
#define ALIKE_COUNT	16384		/* a power of two */

struct alike {
	uint64_t	 last;		/* hash of what was not kept */
	struct buffer	 facts, row;
	struct verdict	 verdict;
};

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
	struct siphash_key hash_key;
	struct alike	*alike;
	/* Of the present domain, used again for the next. */
	struct mx_facts	*mxs;
	size_t		 mx_count, mx_size;
	bool		 is_implicit;
	struct domain_policy policy;
	const struct listed_policy *listed;	/* NULL: it is not */
	struct reasons	 reasons;
	struct reason_list list;
	struct buffer	 facts;
	struct verdict	 verdict;
};

/* Domains ***************************************************************** */

static void
write_row(struct conclusion *conclusion, const char *domain,
    const struct verdict *verdict)
{
	struct table *rows = conclusion->rows;

	table_set(rows, OUTCOMES_DOMAIN, domain);
	for (unsigned i = 0; i < SENDER_COUNT; i++) {
		const struct deliveries *sender = &verdict->senders[i];
		unsigned column = OUTCOMES_FIRST_SENDER +
		    OUTCOMES_OF_A_SENDER * i;

		table_set_enum(rows, column, (int)sender->first);
		table_set_enum(rows, column + 1, (int)sender->deliver);
		table_set_enum(rows, column + 2, (int)sender->worst);
	}
	if (verdict->dane_domain != ANSWER_UNDETERMINED)
		table_set_bool(rows, OUTCOMES_DANE_DOMAIN,
		    verdict->dane_domain == ANSWER_YES);
	if (verdict->dane_domain_all != ANSWER_UNDETERMINED)
		table_set_bool(rows, OUTCOMES_DANE_DOMAIN_ALL,
		    verdict->dane_domain_all == ANSWER_YES);
	table_set(rows, OUTCOMES_REASONS, reason_list_text(
	    &conclusion->list, &conclusion->reasons));
	table_set_flags(rows, OUTCOMES_FLAGS, verdict->flags);
	table_end_row(rows);
}

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

/* The pairs whose certificate has a name that the domain's entry covers. */
static uint64_t
match_listed(const struct known_host *host, const struct listed_policy *listed)
{
	uint64_t bits = 0;

	for (unsigned i = 0; listed != NULL && host->mx_names != NULL &&
	    i < host->verdict.pair_count; i++) {
		const struct leaf_names *names = host->mx_names[i];

		if (names != NULL && names->san != NULL &&
		    policy_patterns_match(&listed->mxs, names->san,
		    SUFFIX_ONE_LABEL))
			bits |= UINT64_C(1) << i;
	}
	return bits;
}

static int
compare_tiers(const void *a, const void *b)
{
	const struct mx_facts *x = a, *y = b;

	return (x->tier > y->tier) - (x->tier < y->tier);
}

static bool
add_mx(struct conclusion *conclusion, const struct table_reader *domain,
    const struct table_reader *mx)
{
	const char *name = table_get(mx, MX_HOST);
	const struct known_host *host = hosts_find(conclusion->hosts, name);

	if ((table_get_flags(mx, MX_FLAGS) & 1u << MX_FLAG_IMPLICIT) != 0)
		conclusion->is_implicit = true;
	if (host == NULL) {
		/* SCHEMA: it is a host only where it is probed. */
		if (conclusion->is_implicit && !conclusion->probe_implicit)
			return true;
		log_line("mx: %s: %s is not in hosts",
		    table_get(domain, DOMAINS_DOMAIN), name);
		return false;
	}
	if (conclusion->mx_count == conclusion->mx_size) {
		conclusion->mx_size = conclusion->mx_size * 2 + 16;
		conclusion->mxs = xreallocarray(conclusion->mxs,
		    conclusion->mx_size, sizeof *conclusion->mxs);
	}
	conclusion->mxs[conclusion->mx_count++] = (struct mx_facts){
		.host = &host->verdict,
		.tier = (unsigned)table_get_number(mx, MX_TIER),
		.in_mta_sts = domain_policy_lists(&conclusion->policy, name),
		.next_hop_matches = match_next_hop(host, domain),
		.in_policy_list = match_listed(host, conclusion->listed),
	};
	return true;
}

/* All that a verdict depends on, in bytes without gaps between. */
static void
append_facts(struct buffer *bytes, const struct domain_facts *facts)
{
	const uint32_t own[] = {
		(uint32_t)facts->mx_status, (uint32_t)facts->mx_dnssec,
		facts->attempts, facts->is_probed, (uint32_t)facts->mta_sts,
		(uint32_t)facts->policy_list,
	};

	bytes->length = 0;
	buffer_append(bytes, own, sizeof own);
	buffer_append(bytes, &facts->mta_sts_status,
	    sizeof facts->mta_sts_status);
	for (size_t i = 0; i < facts->mx_count; i++) {
		const struct mx_facts *mx = &facts->mxs[i];
		const uint64_t words[] = {
			(uintptr_t)mx->host, mx->tier, mx->in_mta_sts,
			mx->next_hop_matches, mx->in_policy_list,
		};

		buffer_append(bytes, words, sizeof words);
	}
}

static void
keep(struct conclusion *conclusion, struct alike *alike)
{
	const struct buffer *bytes = &conclusion->facts;
	size_t length;
	const void *rest = table_rest(conclusion->rows, &length);

	alike->facts.length = alike->row.length = 0;
	buffer_append(&alike->facts, bytes->bytes, bytes->length);
	buffer_append(&alike->row, rest, length);
	alike->verdict = conclusion->verdict;
}

/* Writes the row of the domain; the verdict is good until the next. */
static const struct verdict *
judge(struct conclusion *conclusion, const char *domain,
    const struct domain_facts *facts)
{
	struct buffer *bytes = &conclusion->facts;
	struct alike *alike;
	uint64_t hash;

	append_facts(bytes, facts);
	hash = siphash(&conclusion->hash_key, bytes->bytes, bytes->length);
	alike = &conclusion->alike[hash & (ALIKE_COUNT - 1)];
	if (alike->facts.length == bytes->length &&
	    memcmp(alike->facts.bytes, bytes->bytes, bytes->length) == 0) {
		table_end_row_like(conclusion->rows, domain, alike->row.bytes,
		    alike->row.length);
		return &alike->verdict;
	}
	verdict_of(facts, &conclusion->verdict, &conclusion->reasons);
	write_row(conclusion, domain, &conclusion->verdict);
	if (alike->last == hash)
		keep(conclusion, alike);
	alike->last = hash;
	return &conclusion->verdict;
}

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
		    || !conclusion->is_implicit),
		.mta_sts = policy->mta_sts,
		.mta_sts_status = policy->mta_sts_status,
		.policy_list = mode_of(conclusion->listed),
		.mxs = conclusion->mxs, .mx_count = conclusion->mx_count,
	};
	const struct domain_records records = {
		.parent_ds = table_is_null(row, DOMAINS_PARENT_DS) ? -1
		    : (int)table_get_number(row, DOMAINS_PARENT_DS),
		.tlsrpt = policy->tlsrpt,
		.list_is_given = listing_is_given(conclusion->listing),
	};
	const struct verdict *verdict;

	if (conclusion->mx_count > 1)
		qsort(conclusion->mxs, conclusion->mx_count,
		    sizeof *conclusion->mxs, compare_tiers);
	verdict = judge(conclusion, table_get(row, DOMAINS_DOMAIN), &facts);
	shares_add_domain(&conclusion->shares, &facts, verdict, &records);
}

/* Parts ******************************************************************* */

/* A part that is read along with that of `domains`: both are sorted by domain, and
 * its rows are of these. */
struct companion {
	struct part	 part;
	int		 more;		/* as part_next says it */
};

static bool
companion_open(struct companion *companion, int folder, enum table_id table,
    const char *name)
{
	if (!part_open(&companion->part, folder, table, name, true))
		return false;
	companion->more = part_next(&companion->part);
	return companion->more >= 0;
}

/* Is the present row of the domain? The domain is the first column. */
static bool
is_of(const struct companion *companion, const char *domain)
{
	return companion->more == 1 &&
	    strcmp(table_get(companion->part.row, 0), domain) == 0;
}

static bool
is_at_end(const struct companion *companion)
{
	if (companion->more == 1)
		log_line("%s/%s: %s: not in domains, or not in order",
		    table_schemas[companion->part.table].name,
		    companion->part.name, table_get(companion->part.row, 0));
	return companion->more == 0;
}

static bool
take_policies(struct conclusion *conclusion, const struct table_reader *domain,
    struct companion *policies)
{
	const char *name = table_get(domain, DOMAINS_DOMAIN);
	bool has_row = is_of(policies, name);

	conclusion->listed = listing_find(conclusion->listing, name);
	if (!has_row && domain_policy_has_row(domain)) {
		log_line("policies/%s: %s: it has a record, and no row",
		    policies->part.name, name);
		return false;
	}
	domain_policy_read(&conclusion->policy, domain, has_row
	    ? policies->part.row : NULL);
	if (has_row)
		policies->more = part_next(&policies->part);
	return policies->more >= 0;
}

static bool
take_mx(struct conclusion *conclusion, const struct table_reader *domain,
    struct companion *mx)
{
	const char *name = table_get(domain, DOMAINS_DOMAIN);

	conclusion->mx_count = 0;
	conclusion->is_implicit = false;
	while (is_of(mx, name)) {
		if (!add_mx(conclusion, domain, mx->part.row))
			return false;
		mx->more = part_next(&mx->part);
	}
	return mx->more >= 0;
}

static bool
join_parts(struct conclusion *conclusion, struct part *domains,
    struct companion *mx, struct companion *policies)
{
	int result;

	while ((result = part_next(domains)) == 1) {
		/* What is said of a host depends on the policies. */
		if (!take_policies(conclusion, domains->row, policies) ||
		    !take_mx(conclusion, domains->row, mx))
			return false;
		conclude_domain(conclusion, domains->row);
	}
	return result == 0 && is_at_end(mx) && is_at_end(policies);
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
	struct part domains = { 0 };
	struct companion mx = { 0 }, policies = { 0 };
	int folder = conclusion->folder;
	bool good = part_open(&domains, folder, TABLE_DOMAINS, name, false) &&
	    companion_open(&mx, folder, TABLE_MX, name) &&
	    companion_open(&policies, folder, TABLE_POLICIES, name) &&
	    join_parts(conclusion, &domains, &mx, &policies) &&
	    write_part(conclusion, name);

	part_close(&domains);
	part_close(&mx.part);
	part_close(&policies.part);
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
	json_t *summary;
	int descriptor;
	bool good;

	while ((host = hosts_next(conclusion->hosts, &index)) != NULL)
		shares_add_host(&conclusion->shares, host);
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
		conclusion.hosts = hosts_read(folder,
		    conclusion.retry_after_ms, conclusion.listing);
	conclusion.rows = table_new(TABLE_OUTCOMES);
	conclusion.alike = xcalloc(ALIKE_COUNT, sizeof *conclusion.alike);
	/* Strangers choose the facts; what they steer is time alone. */
	if (getrandom(&conclusion.hash_key, sizeof conclusion.hash_key, 0) !=
	    (ssize_t)sizeof conclusion.hash_key)
		abort();
	good = conclusion.hosts != NULL && conclude_parts(&conclusion) &&
	    write_summary(&conclusion);
	table_free(conclusion.rows);
	hosts_free(conclusion.hosts);
	listing_free(conclusion.listing);
	domain_policy_fini(&conclusion.policy);
	reasons_fini(&conclusion.reasons);
	for (size_t i = 0; i < ALIKE_COUNT; i++) {
		buffer_fini(&conclusion.alike[i].facts);
		buffer_fini(&conclusion.alike[i].row);
	}
	free(conclusion.alike);
	buffer_fini(&conclusion.facts);
	free(conclusion.mxs);
	reason_list_fini(&conclusion.list);
	return good ? CONCLUDED : conclusion.write_failed
	    ? CONCLUDE_NOT_WRITTEN : CONCLUDE_BROKEN_FACTS;
}

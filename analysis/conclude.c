#include "analysis/conclude.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "analysis/hosts.h"
#include "analysis/parts.h"
#include "analysis/reason_list.h"
#include "analysis/shares.h"
#include "parsers/presented_name.h"
#include "scanner/base/buffer.h"
#include "scanner/base/log.h"
#include "scanner/base/memory.h"
#include "scanner/base/siphash.h"
#include "scanner/out/table.h"

/* Rows of words that repeat: above this zlib looks for matches a second time,
 * which takes twice as long here and makes them no smaller. */
#define LEVEL_MAX	3

/* Most domains share the MX hosts of others, and all that is said of them: the
 * latest facts of each kind, with their verdict and their row. */
#define ALIKE_COUNT	16384		/* a power of two */

struct alike {
	struct buffer	 facts, row;
	struct verdict	 verdict;
};

struct conclusion {
	int		 folder;
	bool		 write_failed;
	/* run.json, options. */
	int		 level;
	int64_t		 retry_after_ms;
	bool		 probing, probe_implicit;

	struct hosts	*hosts;
	struct shares	 shares;
	struct table	*rows;
	struct siphash_key hash_key;
	struct alike	*alike;
	/* Of the present domain, used again for the next. */
	struct mx_facts	*mxs;
	size_t		 mx_count, mx_size;
	bool		 is_implicit;
	struct reasons	 reasons;
	struct reason_list list;
	struct buffer	 facts;
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
		.next_hop_matches = match_next_hop(host, domain),
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

static struct alike *
find_alike(struct conclusion *conclusion, const struct domain_facts *facts)
{
	struct buffer *bytes = &conclusion->facts;

	append_facts(bytes, facts);
	return &conclusion->alike[siphash(&conclusion->hash_key, bytes->bytes,
	    bytes->length) & (ALIKE_COUNT - 1)];
}

/* Writes the row of the domain; the verdict is good until the next. */
static const struct verdict *
judge(struct conclusion *conclusion, const char *domain,
    const struct domain_facts *facts)
{
	struct alike *alike = find_alike(conclusion, facts);
	const struct buffer *bytes = &conclusion->facts;
	const void *rest;
	size_t length;

	if (alike->facts.length == bytes->length &&
	    memcmp(alike->facts.bytes, bytes->bytes, bytes->length) == 0) {
		table_end_row_like(conclusion->rows, domain, alike->row.bytes,
		    alike->row.length);
		return &alike->verdict;
	}
	verdict_of(facts, &alike->verdict, &conclusion->reasons);
	write_row(conclusion, domain, &alike->verdict);
	rest = table_rest(conclusion->rows, &length);
	alike->facts.length = alike->row.length = 0;
	buffer_append(&alike->facts, bytes->bytes, bytes->length);
	buffer_append(&alike->row, rest, length);
	return &alike->verdict;
}

static void
conclude_domain(struct conclusion *conclusion, const struct table_reader *row)
{
	int record = table_get_enum(row, DOMAINS_MTA_STS_RECORD);
	struct domain_facts facts = {
		.mx_status = (enum mx_status)table_get_enum(row,
		    DOMAINS_MX_STATUS),
		.mx_dnssec = (enum dnssec)table_get_enum(row,
		    DOMAINS_MX_DNSSEC),
		.attempts = (unsigned)table_get_number(row, DOMAINS_ATTEMPTS),
		.is_probed = conclusion->probing && (conclusion->probe_implicit
		    || !conclusion->is_implicit),
		.mta_sts = record == TXT_ERROR ? STS_UNDETERMINED
		    : STS_NO_POLICY,
		.mta_sts_status = txt_status_texts.texts[record],
		.mxs = conclusion->mxs, .mx_count = conclusion->mx_count,
	};
	const struct verdict *verdict;

	if (conclusion->mx_count > 1)
		qsort(conclusion->mxs, conclusion->mx_count,
		    sizeof *conclusion->mxs, compare_tiers);
	verdict = judge(conclusion, table_get(row, DOMAINS_DOMAIN), &facts);
	shares_add_domain(&conclusion->shares, &facts, verdict,
	    table_is_null(row, DOMAINS_PARENT_DS) ? -1
	    : (int)table_get_number(row, DOMAINS_PARENT_DS));
}

/* Parts ******************************************************************* */

/* Both parts are sorted by domain. */
static bool
join_parts(struct conclusion *conclusion, struct part *domains, struct part *mx)
{
	int more = part_next(mx), result;

	while ((result = part_next(domains)) == 1) {
		const char *name = table_get(domains->row, DOMAINS_DOMAIN);

		conclusion->mx_count = 0;
		conclusion->is_implicit = false;
		while (more == 1 && strcmp(table_get(mx->row, MX_DOMAIN),
		    name) == 0) {
			if (!add_mx(conclusion, domains->row, mx->row))
				return false;
			more = part_next(mx);
		}
		if (more < 0)
			return false;
		conclude_domain(conclusion, domains->row);
	}
	if (result == 0 && more == 1)
		log_line("mx/%s: %s: not in domains, or not in order", mx->name,
		    table_get(mx->row, MX_DOMAIN));
	return result == 0 && more == 0;
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
	struct part domains = { 0 }, mx = { 0 };
	bool good = part_open(&domains, conclusion->folder, TABLE_DOMAINS,
	    name, false) &&
	    part_open(&mx, conclusion->folder, TABLE_MX, name, true) &&
	    join_parts(conclusion, &domains, &mx) &&
	    write_part(conclusion, name);

	part_close(&domains);
	part_close(&mx);
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
	int64_t level;

	if (implicit == NULL || !read_number(options, "level", &level) ||
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
		conclusion.hosts = hosts_read(folder,
		    conclusion.retry_after_ms);
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

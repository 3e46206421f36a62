/* merge_domains: whose rows a domain has, and these rows, with those of mx and
 * policies (RULES V3, V7, V10). */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/facts/domain_rows.h"
#include "scanner/base/arena.h"
#include "scanner/base/keymap.h"
#include "scanner/base/log.h"
#include "scanner/commands/merge/merge_internal.h"

/* What is kept of a domain of B, in 32 bits. */
#define IN_B		(1u << 0)
#define IN_BOTH		(1u << 1)
#define FROM_B		(1u << 2)	/* its row, and its rows of mx */
#define OTHER_POLICY	(1u << 3)	/* its policy is of the other run */
#define POLICY_SHIFT	4		/* enum policy_state of B */
#define POLICY_MASK	3u
#define SIGHT_SHIFT	6		/* enum sight of B */
#define SIGHT_MASK	7u
#define RECORDS_SHIFT	9		/* TXT records that B was told */
#define RECORDS_MASK	3u

enum policy_state { POLICY_NO_ROW, POLICY_SEEN, POLICY_MISSED, POLICY_TOLD };

struct domains {
	struct merge	*merge;
	struct keymap	*of_b;
	uint64_t	 count_b, both, only_a;
	uint64_t	 base;
	struct map	*policies;	/* of the other run, by domain */
	struct arena	 arena;
	struct table	*tables[3];	/* domains, mx, policies */
};

enum { OUT_DOMAINS, OUT_MX, OUT_POLICIES };
static const enum table_id out_tables[] = { TABLE_DOMAINS, TABLE_MX,
	TABLE_POLICIES };

typedef bool on_domain(struct domains *, enum place, struct domain_rows *);

static uint32_t *
bits_of(struct domains *domains, const char *name)
{
	return keymap_place(domains->of_b, name, strlen(name));
}

/* Choosing **************************************************************** */

static enum policy_state
policy_state(const struct table_reader *policy)
{
	enum mta_sts_status status;

	if (policy == NULL)
		return POLICY_NO_ROW;
	status = (enum mta_sts_status)table_get_enum(policy,
	    POLICIES_MTA_STS_STATUS);
	return policy_is_seen(status) ? POLICY_SEEN
	    : policy_is_missed(status) ? POLICY_MISSED : POLICY_TOLD;
}

static enum sight
row_sight(const struct table_reader *row)
{
	return sight_of_mx((enum mx_status)table_get_enum(row,
	    DOMAINS_MX_STATUS), (unsigned)table_get_number(row,
	    DOMAINS_ATTEMPTS));
}

static unsigned
row_records(const struct table_reader *row)
{
	return sight_of_records((enum txt_status)table_get_enum(row,
	    DOMAINS_MTA_STS_RECORD), (enum txt_status)table_get_enum(row,
	    DOMAINS_TLSRPT_RECORD));
}

static bool
note(struct domains *domains, enum place place, struct domain_rows *rows)
{
	const struct table_reader *row = rows->domains.row;
	uint32_t *bits = bits_of(domains, table_get(row, DOMAINS_DOMAIN));

	(void)place;
	*bits = IN_B | policy_state(domain_rows_policy(rows)) << POLICY_SHIFT |
	    row_sight(row) << SIGHT_SHIFT | row_records(row) << RECORDS_SHIFT;
	domains->count_b++;
	return true;
}

static bool
decide(struct domains *domains, enum place place, struct domain_rows *rows)
{
	const struct table_reader *row = rows->domains.row;
	uint32_t *bits = bits_of(domains, table_get(row, DOMAINS_DOMAIN));
	enum policy_state of_a = policy_state(domain_rows_policy(rows));
	enum policy_state of_b = *bits >> POLICY_SHIFT & POLICY_MASK;
	enum sight sight_b = *bits >> SIGHT_SHIFT & SIGHT_MASK;
	unsigned records_b = *bits >> RECORDS_SHIFT & RECORDS_MASK;
	bool is_b;

	(void)place;
	if ((*bits & IN_B) == 0) {
		domains->only_a++;
		return true;
	}
	is_b = sight_b > row_sight(row) || (sight_b == row_sight(row) &&
	    records_b > row_records(row));
	*bits |= IN_BOTH;
	if (is_b)
		*bits |= FROM_B;
	if (is_b ? of_b == POLICY_MISSED && of_a == POLICY_SEEN
	    : of_a == POLICY_MISSED && of_b == POLICY_SEEN)
		*bits |= OTHER_POLICY;
	domains->both++;
	return true;
}

/* Walks ******************************************************************* */

static bool
walk_rows(struct domains *domains, enum place place, struct domain_rows *rows,
    on_domain *take)
{
	int result, more = 0;
	bool good = true;

	while (good && (result = domain_rows_next(rows)) == 1) {
		good = take(domains, place, rows);
		/* What it has not taken. */
		(void)domain_rows_policy(rows);
		while (good && (more = domain_rows_next_mx(rows)) == 1)
			continue;
		good = good && more == 0;
	}
	return good && result == 0;
}

static bool
begin_part(struct domains *domains)
{
	for (int i = 0; i < 3; i++)
		domains->tables[i] = table_new(out_tables[i]);
	return true;
}

static bool
end_part(struct domains *domains, enum place place, const char *name,
    bool good)
{
	struct merge *merge = domains->merge;
	uint64_t number = 0;

	good = good && merge_part_number(merge, place, TABLE_DOMAINS, name,
	    &number);
	if (place == PLACE_B)
		number += domains->base;
	/* The key part comes last. */
	for (int i = OUT_POLICIES; i >= OUT_DOMAINS; i--) {
		if (good && (i == OUT_DOMAINS ||
		    table_rows(domains->tables[i]) > 0))
			good = merge_write(merge, out_tables[i], number,
			    domains->tables[i]);
		table_free(domains->tables[i]);
	}
	return good;
}

static bool
walk(struct domains *domains, enum place place, on_domain *take, bool writes)
{
	int folder = domains->merge->runs[place].folder;
	struct parts parts;
	bool good = parts_list(folder, TABLE_DOMAINS, &parts);

	for (size_t i = 0; i < parts.count && good; i++) {
		struct domain_rows rows;

		if (writes)
			(void)begin_part(domains);
		good = domain_rows_open(&rows, folder, parts.names[i]) &&
		    walk_rows(domains, place, &rows, take);
		domain_rows_close(&rows);
		if (writes)
			good = end_part(domains, place, parts.names[i], good);
	}
	parts_free(&parts);
	return good;
}

/* Policies of the other run *********************************************** */

struct policy_walk {
	struct domains	*domains;
	enum place	 place;
};

/* The texts of a row, in the order of the columns. */
static bool
keep_policy(void *tag, const struct table_reader *row)
{
	const struct policy_walk *walk = tag;
	struct domains *domains = walk->domains;
	const char *name = table_get(row, POLICIES_DOMAIN);
	uint32_t bits = *bits_of(domains, name);
	unsigned count = table_schemas[TABLE_POLICIES].column_count;
	const char **fields;

	if ((bits & OTHER_POLICY) == 0 ||
	    ((bits & FROM_B) != 0) != (walk->place == PLACE_A))
		return true;
	fields = arena_take(&domains->arena, count * sizeof *fields);
	for (unsigned i = 0; i < count; i++)
		fields[i] = arena_text(&domains->arena, table_get(row, i));
	*map_place(domains->policies, name, NULL) = fields;
	return true;
}

static bool
keep_policies(struct domains *domains)
{
	for (int place = 0; place < PLACE_COUNT; place++) {
		struct policy_walk walk = { domains, (enum place)place };

		if (!parts_walk(domains->merge->runs[place].folder,
		    TABLE_POLICIES, &walk, keep_policy))
			return false;
	}
	return true;
}

/* Rows ******************************************************************** */

static void
count_policy(struct tally *tally, int mta_sts, int tlsrpt)
{
	tally->policies++;
	tally->mta_sts_status[mta_sts]++;
	tally->tlsrpt_status[tlsrpt]++;
}

static void
write_other_policy(struct domains *domains, enum place place,
    const char *const *fields)
{
	struct merge *merge = domains->merge;
	struct table *table = domains->tables[OUT_POLICIES];

	for (unsigned i = 0; i < POLICIES_VANTAGE; i++)
		if (fields[i][0] != '\0')
			table_set_written(table, i, fields[i]);
	table_set(table, POLICIES_VANTAGE, merge->names[place == PLACE_A
	    ? PLACE_B : PLACE_A]);
	table_end_row(table);
	count_policy(&merge->tally, enumeration_value(&mta_sts_status_texts,
	    fields[POLICIES_MTA_STS_STATUS]),
	    enumeration_value(&tlsrpt_status_texts,
	    fields[POLICIES_TLSRPT_STATUS]));
}

static void
write_policy(struct domains *domains, enum place place,
    const struct table_reader *row)
{
	const char *const *fields = map_get(domains->policies,
	    table_get(row, POLICIES_DOMAIN));

	if (fields != NULL) {
		write_other_policy(domains, place, fields);
		return;
	}
	count_policy(&domains->merge->tally, table_get_enum(row,
	    POLICIES_MTA_STS_STATUS), table_get_enum(row,
	    POLICIES_TLSRPT_STATUS));
	merge_copy(domains->merge, place, domains->tables[OUT_POLICIES], row,
	    TABLE_POLICIES, POLICIES_VANTAGE);
}

/* V8. */
static void
name_host(struct merge *merge, const struct table_reader *row)
{
	bool is_implicit = (table_get_flags(row, MX_FLAGS) &
	    1u << MX_FLAG_IMPLICIT) != 0;

	for (int i = 0; i < PLACE_COUNT; i++) {
		struct place_host *host = place_run_host(merge->places[i],
		    table_get(row, MX_HOST));

		if (host != NULL && (!is_implicit ||
		    merge->runs[PLACE_A].file.probe_implicit))
			host->is_named = true;
	}
}

static bool
write_domain(struct domains *domains, enum place place,
    struct domain_rows *rows)
{
	struct merge *merge = domains->merge;
	const struct table_reader *row = rows->domains.row, *policy;
	uint32_t bits = *bits_of(domains, table_get(row, DOMAINS_DOMAIN));
	int more;

	if ((bits & IN_BOTH) == 0 ||
	    ((bits & FROM_B) != 0) != (place == PLACE_B))
		return true;
	merge->kept[place].domains++;
	merge->tally.domains++;
	merge->tally.mx_status[table_get_enum(row, DOMAINS_MX_STATUS)][
	    table_get_enum(row, DOMAINS_MX_DNSSEC)]++;
	merge_copy(merge, place, domains->tables[OUT_DOMAINS], row,
	    TABLE_DOMAINS, DOMAINS_VANTAGE);
	while ((more = domain_rows_next_mx(rows)) == 1) {
		name_host(merge, rows->mx.row);
		merge_copy(merge, place, domains->tables[OUT_MX],
		    rows->mx.row, TABLE_MX, -1);
	}
	policy = more == 0 ? domain_rows_policy(rows) : NULL;
	if (policy != NULL)
		write_policy(domains, place, policy);
	return more == 0;
}

/* V10: a name that only one run has was opted out in the other. */
static bool
have_same_domains(const struct domains *domains)
{
	struct merge *merge = domains->merge;
	uint64_t only_b = domains->count_b - domains->both;

	if (domains->only_a <= (uint64_t)merge->runs[PLACE_B].file.opted_out &&
	    only_b <= (uint64_t)merge->runs[PLACE_A].file.opted_out) {
		merge->left_out.domains = domains->only_a + only_b;
		return true;
	}
	log_line("%s and %s do not have the same domains: %" PRIu64 " are in the "
	    "first alone, %" PRIu64 " in the second, and the opt-outs do not "
	    "explain it", merge->runs[PLACE_A].path, merge->runs[PLACE_B].path,
	    domains->only_a, only_b);
	return false;
}

bool
merge_domains(struct merge *merge)
{
	static const enum table_id sequence[] = { TABLE_DOMAINS };
	struct domains domains = {
		.merge = merge, .of_b = keymap_new(), .policies = map_new(),
	};
	bool good = walk(&domains, PLACE_B, note, false) &&
	    walk(&domains, PLACE_A, decide, false) &&
	    have_same_domains(&domains) && keep_policies(&domains) &&
	    merge_base(merge, sequence, 1, &domains.base) &&
	    walk(&domains, PLACE_A, write_domain, true) &&
	    walk(&domains, PLACE_B, write_domain, true);

	keymap_free(domains.of_b);
	map_free(domains.policies);
	arena_fini(&domains.arena);
	return good;
}

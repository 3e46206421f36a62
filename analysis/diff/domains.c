/* diff_domains: joins the domains of both runs, and finds who takes their
 * mail. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/diff/diff_internal.h"
#include "analysis/diff/domain_table.h"
#include "analysis/facts/parts.h"
#include "scanner/base/buffer.h"
#include "scanner/base/log.h"
#include "scanner/base/map.h"
#include "scanner/base/memory.h"
#include "scanner/base/plural.h"

/* What is kept of one run, to compare the other with it. */
struct join {
	struct comparison *comparison;
	struct domain_changes *changes;
	enum side	 kept, walked;
	struct domain_table *table;
	struct map	*by_name;	/* providers; the diff owns them */
};

/* A domain of a run. A walk gives it to its callback. */
struct met {
	const char	*name;
	enum delivery	 firsts[SENDER_COUNT];
	uint32_t	 provider;
};

typedef bool on_domain(struct join *, const struct met *);

/* Providers *************************************************************** */

static uint32_t
provider_number(struct join *join, const char *name)
{
	struct domain_changes *changes = join->changes;
	void **place = map_place(join->by_name, name, NULL);
	struct provider *provider;

	if (*place == NULL) {
		size_t count = changes->provider_count;

		/* The array grows by powers of two. */
		if ((count & (count - 1)) == 0)
			changes->providers = xreallocarray(changes->providers,
			    count == 0 ? 1 : 2 * count,
			    sizeof *changes->providers);
		provider = xcalloc(1, sizeof *provider);
		provider->name = xstrdup(name);
		changes->providers[changes->provider_count++] = provider;
		*place = (void *)(uintptr_t)changes->provider_count;
	}
	return (uint32_t)((uintptr_t)*place - 1);
}

/* An implicit MX that was not probed is not a host. */
static uint32_t
provider_of(struct join *join, enum side side, const char *best)
{
	const struct known_host *host = best[0] == '\0' ? NULL
	    : hosts_find(join->comparison->hosts[side], best);

	if (host == NULL)
		return 0;
	return provider_number(join,
	    host->shown->registrable_domain[0] != '\0'
	    ? host->shown->registrable_domain : best);
}

/* Domains ***************************************************************** */

static bool
keep(struct join *join, const struct met *met)
{
	struct domain_entry *entry = domain_table_add(join->table, met->name);

	if (entry == NULL) {
		log_line("outcomes: %s: two rows", met->name);
		return false;
	}
	entry->provider = met->provider;
	domain_entry_set(entry, met->firsts);
	join->changes->count[join->kept]++;
	join->changes->providers[met->provider]->domains[join->kept]++;
	return true;
}

static void
list_domain(const struct join *join, const char *name, enum side side)
{
	if (join->comparison->files != NULL)
		fprintf(join->comparison->files->domains, "%s,%s\n", name,
		    side == SIDE_OLD ? "removed" : "added");
}

static void
list_seen(const struct join *join, const char *name, uint32_t provider,
    enum delivery a, enum delivery b)
{
	enum seen_by seen = seen_of(a, b);

	if (seen != SEEN_ALIKE)
		fprintf(join->comparison->seen, "%s,%s,%s,%s,%s\n", name,
		    join->changes->providers[provider]->name,
		    seen_texts.texts[seen], delivery_texts.texts[a],
		    delivery_texts.texts[b]);
}

static void
count_both(struct join *join, const struct domain_entry *entry,
    const struct met *met)
{
	struct domain_changes *changes = join->changes;
	bool kept_is_old = join->kept == SIDE_OLD;
	uint32_t before = kept_is_old ? entry->provider : met->provider;
	uint32_t after = kept_is_old ? met->provider : entry->provider;
	/* One place may not know who takes its mail. */
	uint32_t known = before != 0 ? before : after;
	struct provider *provider = changes->providers[before];

	changes->both++;
	for (unsigned i = 0; i < SENDER_COUNT; i++) {
		enum delivery kept = domain_entry_first(entry, i);
		enum delivery old = kept_is_old ? kept : met->firsts[i];
		enum delivery new = kept_is_old ? met->firsts[i] : kept;

		changes->first[i][old][new]++;
		changes->providers[known]->seen[i][seen_of(old, new)]++;
		if (join->comparison->seen != NULL &&
		    join->comparison->seen_sender == (enum sender)i)
			list_seen(join, met->name, known, old, new);
		if (before == after)
			provider->moves[i][move_of(old, new)]++;
	}
	if (before != after) {
		provider->left++;
		changes->providers[after]->joined++;
	}
}

static bool
compare(struct join *join, const struct met *met)
{
	struct domain_entry *entry = domain_table_find(join->table, met->name);

	join->changes->count[join->walked]++;
	join->changes->providers[met->provider]->domains[join->walked]++;
	if (entry == NULL) {
		list_domain(join, met->name, join->walked);
	} else if (domain_entry_is_marked(entry)) {
		log_line("outcomes: %s: two rows", met->name);
		return false;
	} else {
		domain_entry_mark(entry);
		count_both(join, entry, met);
	}
	return true;
}

static bool
list_unmarked(void *tag, const struct table_reader *row)
{
	const struct join *join = tag;
	const char *name = table_get(row, CONCLUSIONS_DOMAIN);
	const struct domain_entry *entry = domain_table_find(join->table, name);

	if (entry != NULL && !domain_entry_is_marked(entry))
		list_domain(join, name, join->kept);
	return true;
}

/* Walks ******************************************************************* */

/* Finds the best host among the rows of mx that belong to the domain; the rows
 * are sorted by domain and host. *more is what part_next() returned last. */
static void
best_host(struct part *mx, int *more, const char *domain,
    struct buffer *best)
{
	int64_t best_tier = INT64_MAX;

	best->length = 0;
	for (; *more == 1 && strcmp(table_get(mx->row, MX_DOMAIN), domain) ==
	    0; *more = part_next(mx)) {
		int64_t tier = table_get_number(mx->row, MX_TIER);

		if (tier >= best_tier)
			continue;
		best_tier = tier;
		best->length = 0;
		buffer_append_text(best, table_get(mx->row, MX_HOST));
	}
}

static bool
walk_rows(struct join *join, enum side side, struct part *outcomes,
    struct part *mx, on_domain *take)
{
	struct buffer best = { 0 };
	int more = part_next(mx), result;
	bool good = true;

	while (good && (result = part_next(outcomes)) == 1) {
		struct met met = { .name = table_get(outcomes->row,
		    CONCLUSIONS_DOMAIN) };

		for (unsigned i = 0; i < SENDER_COUNT; i++)
			met.firsts[i] = (enum delivery)table_get_enum(
			    outcomes->row, CONCLUSIONS_FIRST_SENDER +
			    CONCLUSIONS_OF_A_SENDER * i);
		best_host(mx, &more, met.name, &best);
		met.provider = provider_of(join, side, buffer_text(&best));
		good = more >= 0 && take(join, &met);
	}
	if (good && result == 0 && more == 1)
		log_line("mx/%s: %s: not in outcomes, or not in order",
		    mx->name, table_get(mx->row, MX_DOMAIN));
	buffer_fini(&best);
	return good && result == 0 && more == 0;
}

static bool
walk_domains(struct join *join, enum side side, on_domain *take)
{
	int folder = join->comparison->runs[side].folder;
	struct parts parts;
	bool good = parts_list(folder, TABLE_OUTCOMES, &parts);

	for (size_t i = 0; i < parts.count && good; i++) {
		struct part outcomes = { 0 }, mx = { 0 };

		good = part_open(&outcomes, folder, TABLE_OUTCOMES,
		    parts.names[i], false) &&
		    part_open(&mx, folder, TABLE_MX, parts.names[i], true) &&
		    walk_rows(join, side, &outcomes, &mx, take);
		part_close(&outcomes);
		part_close(&mx);
	}
	parts_free(&parts);
	return good;
}

/* Lists ******************************************************************* */

static int
compare_providers(const void *a, const void *b)
{
	return strcmp((*(struct provider *const *)a)->name,
	    (*(struct provider *const *)b)->name);
}

static void
list_transitions(const struct join *join, FILE *out)
{
	fputs("sender,old,new,move,domains\n", out);
	for (int s = 0; s < SENDER_COUNT; s++)
		for (int old = 0; old < DELIVERY_COUNT; old++)
			for (int new = 0; new < DELIVERY_COUNT; new++) {
				uint64_t count = join->changes->first[s][old][
				    new];

				if (count == 0)
					continue;
				fprintf(out, "%s,%s,%s,%s,%" PRIu64 "\n",
				    sender_texts.texts[s],
				    delivery_texts.texts[old],
				    delivery_texts.texts[new],
				    move_texts.texts[move_of(
				    (enum delivery)old, (enum delivery)new)],
				    count);
			}
}

static bool
is_unmoved(const struct provider *provider)
{
	if (provider->left + provider->joined > 0 ||
	    provider->domains[SIDE_OLD] != provider->domains[SIDE_NEW])
		return false;
	for (int s = 0; s < SENDER_COUNT; s++)
		if (provider->moves[s][MOVE_SAME] !=
		    provider->domains[SIDE_OLD])
			return false;
	return true;
}

/* Writes the domains that have moved in any way. */
static void
list_providers(const struct join *join, FILE *out)
{
	fputs("provider,sender,old_domains,new_domains,left,joined", out);
	for (int m = 0; m < MOVE_COUNT; m++)
		fprintf(out, ",%s", move_texts.texts[m]);
	putc('\n', out);
	for (size_t i = 0; i < join->changes->provider_count; i++) {
		const struct provider *provider = join->changes->providers[i];

		for (int s = 0; s < SENDER_COUNT && !is_unmoved(provider);
		    s++) {
			fprintf(out, "%s,%s,%" PRIu32 ",%" PRIu32 ",%" PRIu32
			    ",%" PRIu32, provider->name, sender_texts.texts[s],
			    provider->domains[SIDE_OLD],
			    provider->domains[SIDE_NEW], provider->left,
			    provider->joined);
			for (int m = 0; m < MOVE_COUNT; m++)
				fprintf(out, ",%" PRIu32,
				    provider->moves[s][m]);
			putc('\n', out);
		}
	}
}

/* ************************************************************************* */

/* The run with fewer domains is kept. run.json says how many it has. */
static void
choose_sides(struct join *join)
{
	const struct diff_run *runs = join->comparison->runs;

	join->kept = runs[SIDE_NEW].domains < runs[SIDE_OLD].domains
	    ? SIDE_NEW : SIDE_OLD;
	join->walked = join->kept == SIDE_OLD ? SIDE_NEW : SIDE_OLD;
	join->table = domain_table_new(runs[join->kept].domains);
}

/* Otherwise missing domains would be reported as new or gone. */
static bool
are_whole(const struct join *join)
{
	const struct diff_run *runs = join->comparison->runs;

	for (int side = 0; side < SIDE_COUNT; side++) {
		uint64_t count = join->changes->count[side];

		if (runs[side].domains == 0 || runs[side].domains == count)
			continue;
		log_line("outcomes: %" PRIu64 " %s, %" PRIu64 " in "
		    "run.json of the %s run", count, plural(count, "domain",
		    "domains"), runs[side].domains,
		    side == SIDE_OLD ? "old" : "new");
		return false;
	}
	return true;
}

bool
diff_domains(struct comparison *comparison)
{
	const struct diff_files *files = comparison->files;
	struct join join = {
		.comparison = comparison,
		.changes = &comparison->diff->domains, .by_name = map_new(),
	};
	bool good;

	choose_sides(&join);
	(void)provider_number(&join, "");
	if (comparison->seen != NULL)
		fputs("domain,provider,seen,a_first,b_first\n",
		    comparison->seen);
	if (files != NULL)
		fputs("domain,change\n", files->domains);
	good = walk_domains(&join, join.kept, keep) &&
	    walk_domains(&join, join.walked, compare) && are_whole(&join) &&
	    (files == NULL || parts_walk(comparison->runs[join.kept].folder,
	    TABLE_OUTCOMES, &join, list_unmarked));
	if (good)
		qsort(join.changes->providers, join.changes->provider_count,
		    sizeof *join.changes->providers, compare_providers);
	if (good && files != NULL) {
		list_transitions(&join, files->transitions);
		list_providers(&join, files->providers);
	}
	domain_table_free(join.table);
	map_free(join.by_name);
	return good;
}

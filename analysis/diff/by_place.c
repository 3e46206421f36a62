#include "analysis/diff/by_place.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "analysis/places/place_run.h"
#include "parsers/prefix.h"
#include "scanner/base/log.h"
#include "scanner/base/map.h"
#include "scanner/base/memory.h"

static const char *const class_texts[PAIR_CLASS_COUNT] = {
	[PAIR_TLS] = "tls", [PAIR_NO_TLS] = "no_tls",
	[PAIR_UNREACHABLE] = "unreachable",
	[PAIR_UNDETERMINED] = "undetermined", [PAIR_REFUSED] = "refused",
};

struct comparing {
	struct place_run *runs[PLACE_COUNT];
	struct places_diff *diff;
	struct map	*networks, *providers;
	FILE		*list;		/* NULL: none */
};

enum seen_by
seen_from(const enum sight sights[PLACE_COUNT], bool alike)
{
	enum sight a = sights[PLACE_A], b = sights[PLACE_B];

	if (a < SIGHT_FILTERED && b < SIGHT_FILTERED)
		return SEEN_BY_NONE;
	if (a != b)
		return a > b ? SEEN_BY_OLD : SEEN_BY_NEW;
	return alike ? SEEN_ALIKE : SEEN_OTHERWISE;
}

/* Groups ****************************************************************** */

static struct place_counts *
counts_of(struct map *by_name, struct place_groups *groups, const char *name)
{
	void **place = map_place(by_name, name, NULL);
	struct place_group *group = *place;

	if (group == NULL) {
		/* The array grows by powers of two. */
		if ((groups->count & (groups->count - 1)) == 0)
			groups->groups = xreallocarray(groups->groups,
			    groups->count == 0 ? 1 : 2 * groups->count,
			    sizeof(struct place_group *));
		*place = group = xcalloc(1, sizeof *group);
		group->name = xstrdup(name);
		groups->groups[groups->count++] = group;
	}
	return &group->counts;
}

static int
compare_groups(const void *a, const void *b)
{
	return strcmp((*(struct place_group *const *)a)->name,
	    (*(struct place_group *const *)b)->name);
}

static void
sort_groups(struct place_groups *groups)
{
	if (groups->count > 0)
		qsort(groups->groups, groups->count,
		    sizeof(struct place_group *), compare_groups);
}

static void
free_groups(struct place_groups *groups)
{
	for (size_t i = 0; i < groups->count; i++) {
		free((char *)(uintptr_t)groups->groups[i]->name);
		free(groups->groups[i]);
	}
	free(groups->groups);
}

/* Pairs ******************************************************************* */

static const char *
provider_of(const struct place_host *host)
{
	return host->registrable_domain[0] != '\0' ? host->registrable_domain
	    : host->name;
}

static bool
are_alike(const struct place_pair *a, const struct place_pair *b)
{
	bool same_chain = a->chain_id == NULL || b->chain_id == NULL
	    ? a->chain_id == b->chain_id
	    : strcmp(a->chain_id, b->chain_id) == 0;

	return a->pair_class == b->pair_class && a->dane == b->dane &&
	    same_chain;
}

static void
count(struct place_counts *counts, enum seen_by seen,
    const struct place_pair *const pairs[PLACE_COUNT])
{
	counts->seen[seen]++;
	if (seen == SEEN_BY_OLD)
		counts->obstacles[PLACE_B][pairs[PLACE_B]->obstacle]++;
	else if (seen == SEEN_BY_NEW)
		counts->obstacles[PLACE_A][pairs[PLACE_A]->obstacle]++;
}

static void
list_pair(const struct comparing *comparing, const struct place_host *host,
    const char *network, enum seen_by seen,
    const struct place_pair *const pairs[PLACE_COUNT])
{
	fprintf(comparing->list, "%s,%s,%s,%s,%s", host->name,
	    pairs[PLACE_A]->address, network, provider_of(host),
	    seen_texts.texts[seen]);
	for (int i = 0; i < PLACE_COUNT; i++)
		fprintf(comparing->list, ",%s,%s,%s",
		    class_texts[pairs[i]->pair_class],
		    obstacle_texts.texts[pairs[i]->obstacle],
		    dane_verdict_texts.texts[pairs[i]->dane]);
	putc('\n', comparing->list);
}

/* False after a line: the run has an address that is none. */
static bool
compare_pair(struct comparing *comparing, const struct place_host *host,
    const struct place_pair *a, const struct place_pair *b)
{
	const struct place_pair *const pairs[PLACE_COUNT] = { a, b };
	const enum sight sights[PLACE_COUNT] = { a->sight, b->sight };
	struct places_diff *diff = comparing->diff;
	enum seen_by seen = seen_from(sights, are_alike(a, b));
	char network[NETWORK_TEXT_MAX];

	if (!address_network_text(a->address, network)) {
		log_line("addresses: %s: %s is no address", host->name,
		    a->address);
		return false;
	}
	count(&diff->all, seen, pairs);
	count(counts_of(comparing->networks, &diff->networks, network), seen,
	    pairs);
	count(counts_of(comparing->providers, &diff->providers,
	    provider_of(host)), seen, pairs);
	if (comparing->list != NULL && seen != SEEN_ALIKE)
		list_pair(comparing, host, network, seen, pairs);
	return true;
}

/* Hosts ******************************************************************* */

static bool
compare_host(struct comparing *comparing, const struct place_host *a,
    const struct place_host *b)
{
	struct places_diff *diff = comparing->diff;
	int order = host_sight_compare(&a->sight, &b->sight);
	bool good = true;

	diff->hosts++;
	if (order != 0)
		diff->more_answers[order > 0 ? PLACE_A : PLACE_B]++;
	else
		diff->other_answers += !place_host_same(a, b);
	for (unsigned i = 0; i < a->pair_count && good; i++) {
		const struct place_pair *other = place_host_pair(b,
		    a->pairs[i].address);

		if (other == NULL)
			diff->addresses_only[PLACE_A]++;
		else
			good = compare_pair(comparing, a, &a->pairs[i], other);
	}
	for (unsigned i = 0; i < b->pair_count; i++)
		diff->addresses_only[PLACE_B] += place_host_pair(a,
		    b->pairs[i].address) == NULL;
	return good;
}

static bool
compare_hosts(struct comparing *comparing)
{
	struct places_diff *diff = comparing->diff;
	const struct place_host *host, *other;
	bool good = true;

	if (comparing->list != NULL)
		fputs("host,address,network,provider,seen,a_class,a_obstacle,"
		    "a_dane_verdict,b_class,b_obstacle,b_dane_verdict\n",
		    comparing->list);
	for (host = place_run_first(comparing->runs[PLACE_A]);
	    host != NULL && good; host = host->next) {
		other = place_run_host(comparing->runs[PLACE_B], host->name);
		if (other == NULL)
			diff->hosts_only[PLACE_A]++;
		else
			good = compare_host(comparing, host, other);
	}
	diff->hosts_only[PLACE_B] = place_run_hosts(comparing->runs[PLACE_B]) -
	    diff->hosts;
	return good;
}

static bool
read_runs(struct comparing *comparing, const struct diff_run runs[PLACE_COUNT])
{
	struct siphash_key key;
	bool good = true;

	if (getrandom(&key, sizeof key, 0) != (ssize_t)sizeof key)
		abort();
	for (int i = 0; i < PLACE_COUNT && good; i++) {
		comparing->runs[i] = place_run_read(runs[i].folder,
		    runs[i].retry_after_ms, &key);
		good = comparing->runs[i] != NULL;
	}
	return good;
}

struct places_diff *
places_compare(const struct diff_run runs[PLACE_COUNT], FILE *list)
{
	struct comparing comparing = {
		.networks = map_new(), .providers = map_new(), .list = list,
		.diff = xcalloc(1, sizeof *comparing.diff),
	};
	bool good = read_runs(&comparing, runs) && compare_hosts(&comparing);

	for (int i = 0; i < PLACE_COUNT; i++)
		place_run_free(comparing.runs[i]);
	map_free(comparing.networks);
	map_free(comparing.providers);
	sort_groups(&comparing.diff->networks);
	sort_groups(&comparing.diff->providers);
	if (good)
		return comparing.diff;
	places_diff_free(comparing.diff);
	return NULL;
}

void
places_diff_free(struct places_diff *diff)
{
	if (diff == NULL)
		return;
	free_groups(&diff->networks);
	free_groups(&diff->providers);
	free(diff);
}

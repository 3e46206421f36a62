/* places: compares two runs of one plan from two places (RULES V12), and writes
 * the lists. */
#include <inttypes.h>
#include <string.h>

#include "scanner/base/log.h"
#include "scanner/commands/diff/diff_internal.h"
#include "scanner/commands/same_plan.h"
#include "scanner/options/options.h"

/* Lists ******************************************************************* */

static void
list_heads(FILE *out, const char *what)
{
	fputs(what, out);
	for (int i = 0; i < SEEN_COUNT; i++)
		fprintf(out, ",%s", seen_texts.texts[i]);
	for (int place = 0; place < PLACE_COUNT; place++)
		for (int i = OBSTACLE_NONE + 1; i < OBSTACLE_COUNT; i++)
			fprintf(out, ",%c_%s", "ab"[place],
			    obstacle_texts.texts[i]);
}

static void
list_counts(FILE *out, const struct place_counts *counts)
{
	for (int i = 0; i < SEEN_COUNT; i++)
		fprintf(out, ",%" PRIu64, counts->seen[i]);
	for (int place = 0; place < PLACE_COUNT; place++)
		for (int i = OBSTACLE_NONE + 1; i < OBSTACLE_COUNT; i++)
			fprintf(out, ",%" PRIu64,
			    counts->obstacles[place][i]);
}

static void
list_networks(FILE *out, const struct place_groups *networks)
{
	list_heads(out, "network");
	putc('\n', out);
	for (size_t i = 0; i < networks->count; i++) {
		fputs(networks->groups[i]->name, out);
		list_counts(out, &networks->groups[i]->counts);
		putc('\n', out);
	}
}

/* Providers of domains and of hosts are both sorted by name. */
static void
list_providers(FILE *out, const struct place_groups *of_hosts,
    const struct domain_changes *domains, enum sender sender)
{
	static const struct place_counts none;
	static const struct provider nobody;
	size_t i = 0, j = 0;

	list_heads(out, "provider");
	for (int seen = 0; seen < SEEN_COUNT; seen++)
		fprintf(out, ",domains_%s", seen_texts.texts[seen]);
	putc('\n', out);
	while (i < of_hosts->count || j < domains->provider_count) {
		const struct place_group *group = i < of_hosts->count
		    ? of_hosts->groups[i] : NULL;
		const struct provider *provider = j < domains->provider_count
		    ? domains->providers[j] : NULL;
		int order = group == NULL ? 1 : provider == NULL ? -1
		    : strcmp(group->name, provider->name);

		fputs(order <= 0 ? group->name : provider->name, out);
		list_counts(out, order <= 0 ? &group->counts : &none);
		for (int seen = 0; seen < SEEN_COUNT; seen++)
			fprintf(out, ",%" PRIu32, (order >= 0 ? provider
			    : &nobody)->seen[sender][seen]);
		putc('\n', out);
		i += order <= 0;
		j += order >= 0;
	}
}

static bool
list_groups(const char *folder, const struct places_diff *places,
    const struct diff *diff, enum sender sender)
{
	FILE *networks = diff_create(folder, "networks");
	FILE *providers = diff_create(folder, "providers");
	bool good;

	if (networks != NULL)
		list_networks(networks, &places->networks);
	if (providers != NULL)
		list_providers(providers, &places->providers, &diff->domains,
		    sender);
	good = diff_close(networks, folder);
	return diff_close(providers, folder) && good;
}

/* ************************************************************************* */

struct lists {
	const char	*folder;	/* NULL: no lists are wanted */
	FILE		*domains, *addresses;
};

static bool
open_lists(struct lists *lists)
{
	if (lists->folder == NULL)
		return true;
	return diff_make_folder(lists->folder) &&
	    (lists->domains = diff_create(lists->folder, "domains")) != NULL &&
	    (lists->addresses = diff_create(lists->folder, "addresses")) !=
	    NULL;
}

static bool
close_lists(const struct lists *lists)
{
	bool good;

	if (lists->folder == NULL)
		return true;
	good = diff_close(lists->domains, lists->folder);
	return diff_close(lists->addresses, lists->folder) && good;
}

static int
compare(const struct diff_run described[SIDE_COUNT],
    const struct sealed_run runs[SIDE_COUNT], const struct options *options)
{
	enum sender sender = (enum sender)options->sender;
	struct lists lists = { .folder = options->csv };
	struct places_diff *places = NULL;
	struct diff *diff = NULL;
	int status = EXIT_OUTPUT;

	if (open_lists(&lists)) {
		diff = diff_places(described, sender, lists.domains);
		places = diff == NULL ? NULL : places_compare(described,
		    lists.addresses);
		status = places == NULL ? EXIT_INPUT : EXIT_COMPLETE;
	}
	if (!close_lists(&lists) || (status == EXIT_COMPLETE &&
	    lists.folder != NULL && !list_groups(lists.folder, places, diff,
	    sender)))
		status = status == EXIT_INPUT ? status : EXIT_OUTPUT;
	if (places != NULL)
		diff_print_places(diff, places, runs, sender, stdout);
	places_diff_free(places);
	diff_free(diff);
	return status;
}

int
diff_by_place(const struct options *options,
    const struct sealed_run runs[SIDE_COUNT])
{
	struct diff_run described[SIDE_COUNT];
	int status = same_plan_check(&runs[PLACE_A], &runs[PLACE_B]);

	if (status != EXIT_COMPLETE)
		return status;
	for (int i = 0; i < PLACE_COUNT; i++)
		if (!diff_describe(&runs[i], &described[i]))
			return EXIT_INPUT;
	return compare(described, runs, options);
}

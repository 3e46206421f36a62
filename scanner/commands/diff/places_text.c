/* places_text: prints what two places see, for people, in 80 columns. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "scanner/base/memory.h"
#include "scanner/commands/diff/diff_internal.h"
#include "scanner/commands/same_plan.h"

#define GROUPS_SHOWN	10

struct seen_counts {
	uint64_t	counts[SEEN_COUNT];
};

static struct seen_counts
seen_of_domains(const struct domain_changes *domains, enum sender sender)
{
	struct seen_counts seen = { 0 };

	for (int a = 0; a < DELIVERY_COUNT; a++)
		for (int b = 0; b < DELIVERY_COUNT; b++)
			seen.counts[seen_of((enum delivery)a,
			    (enum delivery)b)] += domains->first[sender][a][b];
	return seen;
}

static void
print_seen(FILE *out, const struct seen_counts *domains,
    const struct place_counts *hosts)
{
	static const char *const lines[SEEN_COUNT] = {
		[SEEN_ALIKE] = "both, alike",
		[SEEN_OTHERWISE] = "both, with other answers",
		[SEEN_BY_OLD] = "A alone", [SEEN_BY_NEW] = "B alone",
		[SEEN_BY_NONE] = "neither",
	};

	fprintf(out, "\n%-30s %12s %12s\n", "Seen by", "domains", "addresses");
	for (int i = 0; i < SEEN_COUNT; i++)
		fprintf(out, "  %-28s %12" PRIu64 " %12" PRIu64 "\n", lines[i],
		    domains->counts[i], hosts->seen[i]);
}

static void
print_obstacles(FILE *out, const struct place_counts *counts)
{
	fprintf(out, "%-24s", "Addresses seen by");
	for (int i = OBSTACLE_NONE + 1; i < OBSTACLE_COUNT; i++)
		fprintf(out, " %10s", obstacle_texts.texts[i]);
	for (int place = 0; place < PLACE_COUNT; place++) {
		fprintf(out, "\n  %c alone, since for %c   ", "BA"[place],
		    "AB"[place]);
		for (int i = OBSTACLE_NONE + 1; i < OBSTACLE_COUNT; i++)
			fprintf(out, " %10" PRIu64,
			    counts->obstacles[place][i]);
	}
	putc('\n', out);
}

static void
print_hosts(FILE *out, const struct places_diff *places)
{
	fprintf(out, "\nMX hosts: %" PRIu64 " in both, %" PRIu64 " in A alone, %"
	    PRIu64 " in B alone\n", places->hosts,
	    places->hosts_only[PLACE_A], places->hosts_only[PLACE_B]);
	for (int i = 0; i < PLACE_COUNT; i++)
		fprintf(out, "  %12" PRIu64 " with more answers from name "
		    "servers in %c\n", places->more_answers[i], "AB"[i]);
	fprintf(out, "  %12" PRIu64 " with other addresses or TLSA records\n",
	    places->other_answers);
	for (int i = 0; i < PLACE_COUNT; i++)
		fprintf(out, "  %12" PRIu64 " of their addresses in %c alone\n",
		    places->addresses_only[i], "AB"[i]);
}

/* Groups ****************************************************************** */

static uint64_t
difference_of(const struct place_group *group)
{
	return group->counts.seen[SEEN_BY_OLD] +
	    group->counts.seen[SEEN_BY_NEW] +
	    group->counts.seen[SEEN_OTHERWISE];
}

/* Most first, then by name. */
static int
compare_groups(const void *a, const void *b)
{
	const struct place_group *x = *(struct place_group *const *)a;
	const struct place_group *y = *(struct place_group *const *)b;

	if (difference_of(x) != difference_of(y))
		return difference_of(x) < difference_of(y) ? 1 : -1;
	return strcmp(x->name, y->name);
}

static void
print_group(FILE *out, const struct place_group *group)
{
	const uint64_t *seen = group->counts.seen;

	if (strlen(group->name) > 28)
		fprintf(out, "%.26s..", group->name);
	else
		fprintf(out, "%-28s", group->name);
	fprintf(out, " %9" PRIu64 " %9" PRIu64 " %9" PRIu64 " %9" PRIu64 " %9"
	    PRIu64 "\n", seen[SEEN_BY_OLD], seen[SEEN_BY_NEW],
	    seen[SEEN_OTHERWISE], seen[SEEN_ALIKE], seen[SEEN_BY_NONE]);
}

static void
print_groups(FILE *out, const char *title, const struct place_groups *groups)
{
	struct place_group **list = xcalloc(groups->count + 1, sizeof *list);
	size_t count = 0;

	for (size_t i = 0; i < groups->count; i++)
		if (difference_of(groups->groups[i]) > 0)
			list[count++] = groups->groups[i];
	qsort(list, count, sizeof *list, compare_groups);
	if (count > 0)
		fprintf(out, "\n%-28s %9s %9s %9s %9s %9s\n", title, "A alone",
		    "B alone", "other", "alike", "neither");
	for (size_t i = 0; i < count && i < GROUPS_SHOWN; i++)
		print_group(out, list[i]);
	if (count > GROUPS_SHOWN)
		fprintf(out, "and %zu more\n", count - GROUPS_SHOWN);
	free(list);
}

void
diff_print_places(const struct diff *diff, const struct places_diff *places,
    const struct sealed_run runs[SIDE_COUNT], enum sender sender, FILE *out)
{
	struct seen_counts domains = seen_of_domains(&diff->domains, sender);

	for (int i = 0; i < PLACE_COUNT; i++) {
		const char *at = run_json_text(&runs[i].file, "started_at");

		fprintf(out, "%c  %.16s  %s  %s\n", "AB"[i],
		    at != NULL ? at : "", run_place(&runs[i].file),
		    runs[i].path);
	}
	fprintf(out, "\nDomains as the sender %s meets them; addresses of MX "
	    "hosts\n", sender_texts.texts[sender]);
	print_seen(out, &domains, &places->all);
	putc('\n', out);
	print_obstacles(out, &places->all);
	print_hosts(out, places);
	print_groups(out, "Networks", &places->networks);
	print_groups(out, "Providers", &places->providers);
}

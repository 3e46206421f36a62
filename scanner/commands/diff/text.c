/* text: prints what changed, for people, in 80 columns. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "scanner/base/memory.h"
#include "scanner/base/plural.h"
#include "scanner/commands/diff/diff_internal.h"

#define COLUMNS_OF_A_BLOCK	6
#define PROVIDERS_SHOWN		10
#define TEXT_MAX		80

static const char *const heads[DELIVERY_COUNT] = {
	"clear", "encrypt", "auth-imx", "auth", "refused", "unreach", "undeterm",
	"no_mail", "unprobed", "mixed",
};

static void
print_run(FILE *out, const char *side, const struct sealed_run *run)
{
	const char *at = run_json_text(&run->file, "started_at");

	fprintf(out, "%s  %.*s  %s\n", side, 16, at != NULL ? at : "",
	    run->path);
}

static void
print_differences(FILE *out, const json_t *differences)
{
	const json_t *difference;
	size_t i;

	if (json_array_size(differences) == 0)
		return;
	fputs("\nThe runs were made differently:\n", out);
	json_array_foreach(differences, i, difference) {
		const char *texts[3];
		char line[TEXT_MAX * 2];

		for (size_t j = 0; j < 3; j++) {
			texts[j] = json_string_value(json_array_get(difference,
			    j));
			if (texts[j][0] == '\0')
				texts[j] = "-";
		}
		snprintf(line, sizeof line, "  %s: %.60s, was %.60s", texts[0],
		    texts[2], texts[1]);
		fprintf(out, "%.*s%s\n", TEXT_MAX - 3, line,
		    strlen(line) > TEXT_MAX - 3 ? "..." : "");
	}
}

/* Domains ***************************************************************** */

static void
print_domains(FILE *out, const struct domain_changes *domains)
{
	uint64_t old = domains->count[SIDE_OLD];
	uint64_t new = domains->count[SIDE_NEW], both = domains->both;

	fprintf(out, "\nDomains: %" PRIu64 " now, %" PRIu64 " before\n"
	    "  %12" PRIu64 " in both\n  %12" PRIu64 " added\n"
	    "  %12" PRIu64 " removed\n",
	    new, old, both, new - both, old - both);
}

static bool
occurs(const uint64_t first[DELIVERY_COUNT][DELIVERY_COUNT], int delivery,
    bool as_new)
{
	for (int i = 0; i < DELIVERY_COUNT; i++)
		if ((as_new ? first[i][delivery] : first[delivery][i]) != 0)
			return true;
	return false;
}

static void
print_block(FILE *out, const uint64_t first[DELIVERY_COUNT][DELIVERY_COUNT],
    const int *columns, int count)
{
	fprintf(out, "%-26s", "before \\ now");
	for (int i = 0; i < count; i++)
		fprintf(out, " %8s", heads[columns[i]]);
	putc('\n', out);
	for (int old = 0; old < DELIVERY_COUNT; old++) {
		if (!occurs(first, old, false))
			continue;
		fprintf(out, "%-26s", delivery_texts.texts[old]);
		for (int i = 0; i < count; i++)
			fprintf(out, " %8" PRIu64, first[old][columns[i]]);
		putc('\n', out);
	}
}

static void
print_transitions(FILE *out, const struct domain_changes *domains,
    enum sender sender)
{
	const uint64_t (*first)[DELIVERY_COUNT] =
	    (const uint64_t (*)[DELIVERY_COUNT])domains->first[sender];
	int columns[DELIVERY_COUNT], count = 0;
	uint64_t moves[MOVE_COUNT] = { 0 };

	fprintf(out, "\nResults for mail from the sender %s, in domains of both "
	    "runs\n", sender_texts.texts[sender]);
	for (int i = 0; i < DELIVERY_COUNT; i++)
		if (occurs(first, i, true))
			columns[count++] = i;
	for (int at = 0; at < count; at += COLUMNS_OF_A_BLOCK)
		print_block(out, first, columns + at,
		    count - at < COLUMNS_OF_A_BLOCK ? count - at
		    : COLUMNS_OF_A_BLOCK);
	for (int i = 0; i < DELIVERY_COUNT; i++)
		for (int j = 0; j < DELIVERY_COUNT; j++)
			moves[move_of((enum delivery)i, (enum delivery)j)] +=
			    first[i][j];
	for (int i = 0; i < MOVE_COUNT; i++)
		if (moves[i] != 0 || i == MOVE_BETTER || i == MOVE_WORSE)
			fprintf(out, "  %12" PRIu64 " %s\n", moves[i],
			    move_texts.texts[i]);
}

/* Providers *************************************************************** */

struct mover {
	const struct provider *provider;
	uint64_t	 moved;
};

static uint64_t
moved(const struct provider *provider, enum sender sender)
{
	uint64_t sum = 0;

	for (int i = MOVE_SAME + 1; i < MOVE_COUNT; i++)
		sum += provider->moves[sender][i];
	return sum;
}

/* Most first, then by name. */
static int
compare_movers(const void *a, const void *b)
{
	const struct mover *x = a, *y = b;

	if (x->moved != y->moved)
		return x->moved < y->moved ? 1 : -1;
	return strcmp(x->provider->name, y->provider->name);
}

static void
print_mover(FILE *out, const struct provider *provider, enum sender sender)
{
	const uint32_t *moves = provider->moves[sender];
	const char *name = provider->name[0] != '\0' ? provider->name : "-";

	if (strlen(name) > 24)
		fprintf(out, "%.22s..", name);
	else
		fprintf(out, "%-24s", name);
	fprintf(out, " %8" PRIu32, provider->domains[SIDE_NEW]);
	for (int i = MOVE_SAME + 1; i < MOVE_COUNT; i++)
		fprintf(out, " %6" PRIu32, moves[i]);
	fprintf(out, " %5" PRIu32 " %5" PRIu32 "\n", provider->left,
	    provider->joined);
}

static void
print_providers(FILE *out, const struct domain_changes *domains,
    enum sender sender)
{
	struct mover *movers = xcalloc(domains->provider_count + 1,
	    sizeof *movers);
	size_t count = 0;

	for (size_t i = 0; i < domains->provider_count; i++) {
		const struct provider *provider = domains->providers[i];
		uint64_t sum = moved(provider, sender);

		if (sum > 0)
			movers[count++] = (struct mover){ provider, sum };
	}
	qsort(movers, count, sizeof *movers, compare_movers);
	if (count > 0)
		fprintf(out, "\nProviders whose domains changed most, for that "
		    "sender; ? is undetermined\n%-24s %8s %6s %6s %6s %6s %6s "
		    "%5s %5s\n", "", "domains", "better", "worse", "into ?",
		    "from ?", "other", "left", "came");
	for (size_t i = 0; i < count && i < PROVIDERS_SHOWN; i++)
		print_mover(out, movers[i].provider, sender);
	if (count > PROVIDERS_SHOWN)
		fprintf(out, "and %zu more\n", count - PROVIDERS_SHOWN);
	free(movers);
}

/* Hosts ******************************************************************* */

static void
print_rollovers(FILE *out, const struct host_changes *hosts)
{
	static const char *const meanings[ROLLOVER_COUNT] = {
		[ROLLOVER_NONE] = "no change of key",
		[ROLLOVER_NOT_APPLICABLE] = "no usable TLSA in one of the runs",
		[ROLLOVER_UNDETERMINED] = "not seen in one of the runs",
		[ROLLOVER_PRE_PUBLISHED] = "the record was there before the key",
		[ROLLOVER_TTL_TOO_SHORT] = "seen for less than its TTL before "
		    "the key",
		[ROLLOVER_LATE] = "the record came with the key, or after",
		[ROLLOVER_RETRACTED_EARLY] = "the record of the key was removed",
		[ROLLOVER_NEVER_UPDATED] = "no record of the new key",
	};

	fprintf(out, "\n%-18s %9s %9s\n", "Keys and records",
	    "addresses", "MX hosts");
	for (int i = 0; i < ROLLOVER_COUNT; i++)
		if (hosts->pair_rollovers[i] + hosts->host_rollovers[i] > 0)
			fprintf(out, "  %-16s %9" PRIu64 " %9" PRIu64
			    "  %s\n", rollover_texts.texts[i],
			    hosts->pair_rollovers[i], hosts->host_rollovers[i],
			    meanings[i]);
}

static void
print_hosts(FILE *out, const struct host_changes *hosts)
{
	fprintf(out, "\nMX hosts: %" PRIu64 " now, %" PRIu64 " before; %" PRIu64
	    " in both, at %" PRIu64 " %s\n"
	    "  %12" PRIu64 " %s\n"
	    "  %12" PRIu64 " %s\n"
	    "  %12" PRIu64 " not seen in one of the runs\n",
	    hosts->hosts[SIDE_NEW], hosts->hosts[SIDE_OLD], hosts->both,
	    hosts->pairs, plural(hosts->pairs, "address", "addresses"),
	    hosts->leaves_changed, plural(hosts->leaves_changed,
	    "certificate changed", "certificates changed"),
	    hosts->keys_changed, plural(hosts->keys_changed,
	    "key changed with its certificate",
	    "keys changed with their certificates"),
	    hosts->leaves_unknown);
	fprintf(out, "TLSA RRsets of hosts in both runs\n"
	    "  %12" PRIu64 " added\n  %12" PRIu64 " removed\n"
	    "  %12" PRIu64 " changed\n  %12" PRIu64 " unchanged\n"
	    "  %12" PRIu64 " not answered or not asked for in one of the "
	    "runs\n", hosts->rrsets_added, hosts->rrsets_removed,
	    hosts->rrsets_changed, hosts->rrsets_same, hosts->rrsets_unknown);
	print_rollovers(out, hosts);
}

void
diff_print(const struct diff *diff, const struct sealed_run runs[SIDE_COUNT],
    const json_t *differences, enum sender sender, FILE *out)
{
	print_run(out, "old", &runs[SIDE_OLD]);
	print_run(out, "new", &runs[SIDE_NEW]);
	print_differences(out, differences);
	print_domains(out, &diff->domains);
	if (diff->domains.both > 0)
		print_transitions(out, &diff->domains, sender);
	print_providers(out, &diff->domains, sender);
	print_hosts(out, &diff->hosts);
}

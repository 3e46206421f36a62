/* dry_run: prints what a scan would measure (--dry-run). */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "scanner/base/log.h"
#include "scanner/base/memory.h"
#include "scanner/base/plural.h"
#include "scanner/input/input.h"
#include "scanner/plan/interrupt.h"
#include "scanner/plan/load.h"
#include "scanner/plan/plan.h"
#include "scanner/run/figures.h"
#include "scanner/run/opt_out_file.h"
#include "scanner/run/policy_list_file.h"

#define HOSTS_SHOWN	3	/* of a set */

static void
print_source(const struct source *source, FILE *out)
{
	fprintf(out, "%s: %s%s%s, %" PRIu64 " %s, %" PRIu64 " rejected\n",
	    source->name, input_format_text((enum input_format)source->format),
	    source->apex[0] != '\0' ? " of " : "", source->apex,
	    source->records, source->is_delegations
	    ? "of the domains are delegated in it"
	    : plural(source->records, "record", "records"),
	    source->rejected);
}

static void
print_plan(const struct plan *plan, FILE *out)
{
	const struct plan_counts *counts = &plan->counts;

	for (size_t i = 0; i < plan->source_count; i++)
		print_source(&plan->sources[i], out);
	fprintf(out, "%" PRIu64 " %s to measure in %" PRIu64 " %s; %" PRIu64
	    " %s, %" PRIu64 " rejected, %" PRIu64 " left out by --sample or "
	    "--limit\n", counts->domains,
	    plural(counts->domains, "domain", "domains"), plan->chunk_count,
	    plural(plan->chunk_count, "batch", "batches"), counts->duplicates,
	    plural(counts->duplicates, "duplicate", "duplicates"),
	    counts->rejected, counts->not_sampled);
}

static void
print_set(const struct plan *plan, const struct slow_set *slow, FILE *out)
{
	char left[TIME_LEFT_MAX];
	struct plan_set set;
	struct plan_host host;

	if (!plan_set(plan->servers, slow->number, &set))
		return;
	fprintf(out, "  %" PRIu32 " %s of", set.names,
	    plural(set.names, "name", "names"));
	for (unsigned i = 0; i < set.host_count && i < HOSTS_SHOWN; i++)
		if (plan_host(plan->servers, set.hosts[i], &host))
			fprintf(out, "%s %s", i > 0 ? "," : "", host.name);
	if (set.host_count > HOSTS_SHOWN)
		fprintf(out, " and %u more", set.host_count - HOSTS_SHOWN);
	time_left_text(slow->seconds, left);
	fprintf(out, ": %s\n", left);
}

/* Prints how long the names take, and which sets of name servers take longest,
 * if that is at least a second. */
static void
print_load(const struct plan *plan, const struct options *options, FILE *out)
{
	struct slow_set slow[PLAN_SLOW_SETS];
	size_t count = plan_slow_sets(plan->servers, options, slow);
	char left[TIME_LEFT_MAX];

	while (count > 0 && slow[count - 1].seconds < 1)
		count--;
	time_left_text(plan_least_seconds(plan->servers, plan->counts.domains,
	    options), left);
	fprintf(out, "the questions about them take about %s or more%s\n",
	    left, count > 0 ? "; these take longest, at the rates of "
	    "--dns-rate and --dns-prefix-rate:" : "");
	for (size_t i = 0; i < count; i++)
		print_set(plan, &slow[i], out);
}

/* Reads the opt-out list and the policy list, as a scan reads them. */
static bool
read_lists(const struct options *options)
{
	struct opt_out_list opt_out = { 0 };
	struct buffer policy_list = { 0 };
	bool good = policy_list_file_load(options, &policy_list) &&
	    opt_out_list_load(&opt_out, options->opt_out);

	opt_out_list_fini(&opt_out);
	buffer_fini(&policy_list);
	return good;
}

int
plan_dry_run(const struct options *options, FILE *out)
{
	const char *place = getenv("TMPDIR");
	char *path = xasprintf("%s/mxcensus-XXXXXX",
	    place != NULL ? place : "/tmp");
	struct folder parent = { .descriptor = AT_FDCWD }, folder;
	struct plan plan = { .names = -1 };
	enum plan_result planned;
	int status;

	if (!read_lists(options)) {
		free(path);
		return EXIT_INPUT;
	}
	interrupt_watch();
	if (mkdtemp(path) == NULL || folder_open(&folder, path) != FOLDER_OK) {
		log_line("%s: %s", path, strerror(errno));
		free(path);
		return EXIT_OUTPUT;
	}
	planned = plan_make(&plan, &folder, options);
	status = plan_exit_status(planned);
	if (planned == PLAN_OK) {
		print_plan(&plan, out);
		print_load(&plan, options, out);
		if (!plan.input_is_whole)
			status = EXIT_INPUT;
	}
	plan_fini(&plan);
	folder_close(&folder);
	if (!folder_remove_tree(&parent, path))
		log_line("%s: %s", path, strerror(errno));
	free(path);
	return status;
}

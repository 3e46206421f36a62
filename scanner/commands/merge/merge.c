#include "scanner/commands/merge/merge.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "scanner/base/log.h"
#include "scanner/base/plural.h"
#include "scanner/commands/merge/merge_internal.h"
#include "scanner/commands/same_plan.h"
#include "scanner/commands/verify.h"
#include "scanner/options/options.h"
#include "scanner/run/derived.h"
#include "scanner/run/empty_parts.h"

#define POLICY_LIST	"policy-list.json"

/* Both runs *************************************************************** */

static bool
read_places(struct merge *merge)
{
	struct siphash_key key;

	if (getrandom(&key, sizeof key, 0) != (ssize_t)sizeof key)
		abort();
	for (int i = 0; i < PLACE_COUNT; i++) {
		const struct sealed_run *run = &merge->runs[i];

		merge->places[i] = place_run_read(run->folder,
		    run->file.retry_after_ms, &key);
		if (merge->places[i] == NULL)
			return false;
	}
	return true;
}

/* It is the same in both runs. */
static bool
copy_policy_list(struct merge *merge)
{
	struct folder from = { .descriptor = merge->runs[PLACE_A].folder };
	struct buffer text = { 0 };
	bool good;

	if (!folder_exists(&from, POLICY_LIST))
		return true;
	good = folder_read_all(&from, POLICY_LIST, &text) && folder_replace(
	    &merge->folder, POLICY_LIST, text.bytes, text.length);
	if (!good) {
		log_line("%s/" POLICY_LIST ": %s", merge->to,
		    strerror(errno));
		merge->not_written = true;
	}
	buffer_fini(&text);
	return good;
}

/* The merged run ********************************************************** */

static bool
write_tables(struct merge *merge)
{
	if (!read_places(merge) || !merge_domains(merge))
		return false;
	merge_choose(merge);
	return merge_hosts(merge) && merge_chains(merge) &&
	    merge_rejects(merge) && copy_policy_list(merge);
}

static int
seal(struct merge *merge)
{
	struct run_json file = { 0 };
	int status = EXIT_COMPLETE;

	if (!empty_parts_write(&merge->folder, merge->level))
		return EXIT_OUTPUT;
	merge_describe(merge, &file);
	switch (derived_write(&merge->folder, &file)) {
	case CONCLUDE_BROKEN_FACTS:
		status = EXIT_INPUT;
		break;
	case CONCLUDE_NOT_WRITTEN:
		status = EXIT_OUTPUT;
		break;
	case CONCLUDED:
		folder_remove_work(&merge->folder);
		break;
	}
	run_json_close(&file);
	return status;
}

static int
make_run(struct merge *merge)
{
	enum folder_result result = folder_open(&merge->folder, merge->to);
	int status;

	if (result != FOLDER_OK) {
		log_line("%s: %s", merge->to, strerror(errno));
		return EXIT_OUTPUT;
	}
	status = write_tables(merge) ? seal(merge) : merge->not_written
	    ? EXIT_OUTPUT : EXIT_INPUT;
	/* What is there is no run. */
	if (status != EXIT_COMPLETE)
		folder_abandon(&merge->folder);
	return status;
}

static void
tell(const struct merge *merge)
{
	const struct merge_counts *left = &merge->left_out;

	for (int i = 0; i < PLACE_COUNT; i++) {
		const struct merge_counts *kept = &merge->kept[i];

		printf("from %s: %" PRIu64 " %s, %" PRIu64 " MX %s, %" PRIu64
		    " %s of hosts, %" PRIu64 " %s\n", merge->names[i],
		    kept->domains, plural(kept->domains, "domain", "domains"),
		    kept->hosts, plural(kept->hosts, "host", "hosts"),
		    kept->pairs, plural(kept->pairs, "address", "addresses"),
		    kept->sessions, plural(kept->sessions, "session",
		    "sessions"));
	}
	printf("left out: %" PRIu64 " %s, %" PRIu64 " MX %s, %" PRIu64
	    " %s of hosts, %" PRIu64 " %s\n", left->domains,
	    plural(left->domains, "domain", "domains"), left->hosts,
	    plural(left->hosts, "host", "hosts"), left->pairs,
	    plural(left->pairs, "address", "addresses"), left->sessions,
	    plural(left->sessions, "session", "sessions"));
}

static void
merge_fini(struct merge *merge)
{
	for (int i = 0; i < PLACE_COUNT; i++) {
		place_run_free(merge->places[i]);
		sealed_run_close(&merge->runs[i]);
	}
	map_free(merge->sessions);
	keyset_free(merge->chains);
	keyset_free(merge->certificates);
	folder_close(&merge->folder);
}

static int
open_runs(struct merge *merge, const struct options *options)
{
	int status = EXIT_COMPLETE;

	for (int i = 0; i < PLACE_COUNT && status == EXIT_COMPLETE; i++)
		status = sealed_run_open(&merge->runs[i],
		    options->arguments[i]);
	if (status == EXIT_COMPLETE)
		status = same_plan_check(&merge->runs[PLACE_A],
		    &merge->runs[PLACE_B]);
	/* A person should not learn it after all was read. */
	if (status == EXIT_COMPLETE && access(merge->to, F_OK) == 0) {
		log_line("%s: %s", merge->to, strerror(EEXIST));
		status = EXIT_OUTPUT;
	}
	/* Else new hashes would cover what is broken. */
	for (int i = 0; i < PLACE_COUNT && status == EXIT_COMPLETE; i++)
		status = verify_run(options->arguments[i], stderr);
	for (int i = 0; i < PLACE_COUNT && status == EXIT_COMPLETE; i++)
		merge->names[i] = run_place(&merge->runs[i].file);
	return status;
}

int
merge_command(const struct options *options)
{
	struct merge merge = {
		.to = options->output,
		.runs = { { .folder = -1 }, { .folder = -1 } },
		.folder = { .descriptor = -1, .lock = -1 },
	};
	int status;

	if (merge.to == NULL) {
		log_line("name a folder for the merged run: -o RUN");
		return EXIT_USAGE;
	}
	status = open_runs(&merge, options);
	if (status == EXIT_COMPLETE) {
		merge.level = (int)merge.runs[PLACE_A].file.level;
		status = make_run(&merge);
	}
	if (status == EXIT_COMPLETE)
		tell(&merge);
	merge_fini(&merge);
	return status;
}

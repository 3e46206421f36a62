#include "scanner/plan/plan.h"

#include <errno.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "scanner/base/log.h"
#include "scanner/base/memory.h"
#include "scanner/base/read_all.h"
#include "scanner/crypto/digest.h"
#include "scanner/input/input.h"
#include "scanner/plan/interrupt.h"
#include "scanner/plan/planner.h"
#include "scanner/run/shard.h"

/* The key of the order comes from --seed. The key of --sample never changes, so
 * that every run draws the same share of names. */
static struct siphash_key
key_of(const char *seed)
{
	uint8_t hash[32];
	struct siphash_key key;

	digest_of(seed, strlen(seed), hash);
	memcpy(&key, hash, sizeof key);
	return key;
}

static void
clean(struct folder *folder)
{
	uint64_t *numbers;
	size_t count;
	char name[PART_NAME_MAX];

	/* Removes what an earlier attempt at the plan left. */
	if (folder_parts(folder, "rejects", &numbers, &count))
		for (size_t i = 0; i < count; i++) {
			part_name(name, "rejects", numbers[i], ".csv.gz");
			(void)folder_remove(folder, name);
		}
	free(numbers);
}

static enum plan_result
make_new(struct planner *planner)
{
	const struct options *options = planner->options;
	struct plan *plan = planner->plan;
	enum plan_result result = PLAN_OK;

	clean(planner->folder);
	plan->input_is_whole = true;
	plan->source_count = source_count(options);
	plan->sources = xcalloc(plan->source_count, sizeof *plan->sources);
	for (; planner->source < plan->source_count && result == PLAN_OK;
	    planner->source++)
		result = plan_read_source(planner);
	if (result != PLAN_OK)
		return result;
	if (table_rows(planner->rejects) > 0 || planner->reject_parts == 0)
		rejects_write(planner);
	if (planner->failed || !plan_sort(planner)) {
		if (!planner->failed && interrupt_has_come())
			return PLAN_STOPPED;
		log_line("the plan cannot be written: %s", strerror(errno));
		return PLAN_OUTPUT_FAILED;
	}
	if (plan->counts.records == plan->counts.rejected) {
		log_line("there is nothing to measure: no input has a "
		    "domain");
		return PLAN_BAD_INPUT;
	}
	/* Nobody takes up the plan of a dry run. */
	if (options->dry_run || plan_write_done(plan, planner->folder))
		return PLAN_OK;
	log_line("the plan cannot be written: %s", strerror(errno));
	return PLAN_OUTPUT_FAILED;
}

/* Is there a part of domains or hosts? There is none before a plan is made. */
static bool
has_begun(struct folder *folder)
{
	static const char *const tables[] = { "domains", "hosts" };
	size_t count = 0;

	for (size_t i = 0; i < sizeof tables / sizeof tables[0] &&
	    count == 0; i++) {
		uint64_t *numbers;

		(void)folder_parts(folder, tables[i], &numbers, &count);
		free(numbers);
	}
	return count > 0 || folder_exists(folder, SHARDS_FOLDER);
}

/* False after a line. */
static bool
is_whole(const struct plan *plan, bool is_there, struct folder *folder)
{
	if (is_there && plan_files_hold(plan, folder))
		return true;
	log_line("%s/.work: the plan that this run began with %s: the run "
	    "cannot be resumed; start another (-o)", folder->path,
	    is_there ? "has changed" : "is gone");
	return false;
}

/* Reads the plan of a restart. The committed parts depend on its order and its
 * numbers, so it cannot be made again. */
static enum plan_result
take_up(const struct plan *plan, bool is_there, struct folder *folder,
    const struct options *options)
{
	return is_whole(plan, is_there, folder)
	    ? plan_inputs_hold(plan->sources, plan->source_count, options)
	    : PLAN_BAD_INPUT;
}

static enum plan_result
make_with_buckets(struct planner *planner)
{
	enum plan_result result = PLAN_OUTPUT_FAILED;

	planner->rejects = table_new(TABLE_REJECTS);
	planner->rejected = keyset_new();
	planner->suffixes = suffix_list_open();
	if (buckets_open(planner))
		result = make_new(planner);
	else
		log_line("the plan cannot be written: %s", strerror(errno));
	buckets_close(planner);
	table_free(planner->rejects);
	keyset_free(planner->rejected);
	suffix_list_free(planner->suffixes);
	buffer_fini(&planner->record);
	/* The larger the input, the more heap was used, and this process will
	 * not need it again. */
	(void)malloc_trim(0);
	return result;
}

/* Returns false after a message. */
static bool
open_files(struct plan *plan, struct folder *folder)
{
	plan->names = folder_read(folder, NAMES_FILE);
	if (plan->names < 0) {
		log_line("%s/%s: %s", folder->path, NAMES_FILE,
		    strerror(errno));
		return false;
	}
	plan->servers = plan_servers_open(folder);
	return plan->servers != NULL;
}

enum plan_result
plan_make(struct plan *plan, struct folder *folder,
    const struct options *options)
{
	struct planner planner = {
		.plan = plan, .folder = folder, .options = options,
		.bucket_bytes = BUCKET_BYTES,
		.order = key_of(options->seed), .sample = key_of("sample"),
	};
	enum plan_result result;
	bool is_there;

	*plan = (struct plan){ .names = -1 };
	is_there = plan_read_done(plan, folder);
	if (is_there || has_begun(folder)) {
		result = take_up(plan, is_there, folder, options);
	} else {
		plan_fini(plan);
		*plan = (struct plan){ .names = -1 };
		result = make_with_buckets(&planner);
	}
	if (result != PLAN_OK)
		return result;
	return open_files(plan, folder) ? PLAN_OK : PLAN_OUTPUT_FAILED;
}

enum plan_result
plan_take(struct plan *plan, struct folder *folder)
{
	*plan = (struct plan){ .names = -1 };
	if (!is_whole(plan, plan_read_done(plan, folder), folder))
		return PLAN_BAD_INPUT;
	return open_files(plan, folder) ? PLAN_OK : PLAN_OUTPUT_FAILED;
}

bool
plan_read_chunk(const struct plan *plan, const struct chunk *chunk,
    struct buffer *items)
{
	if (!read_all_at(plan->names, buffer_reserve(items, chunk->length),
	    chunk->length, chunk->offset))
		return false;
	items->length += chunk->length;
	return true;
}

void
plan_fini(struct plan *plan)
{
	if (plan->names >= 0)
		close(plan->names);
	plan_servers_close(plan->servers);
	for (size_t i = 0; i < plan->source_count; i++)
		free(plan->sources[i].name);
	for (size_t i = 0; i < plan->source_count; i++)
		free(plan->sources[i].apex);
	free(plan->sources);
	free(plan->chunks);
}

int
plan_exit_status(enum plan_result result)
{
	static const int of_result[] = {
		[PLAN_OK] = EXIT_COMPLETE, [PLAN_BAD_INPUT] = EXIT_INPUT,
		[PLAN_OTHER_INPUTS] = EXIT_USAGE,
		[PLAN_UNUSABLE] = EXIT_VANTAGE, [PLAN_STOPPED] = EXIT_STOPPED,
		 [PLAN_READER_DIED] = EXIT_BUG,
		[PLAN_OUTPUT_FAILED] = EXIT_OUTPUT,
	};

	return of_result[result];
}

/* Returns what run.json says about a source. */
static json_t *
source_to_json(const struct source *source, size_t id)
{
	char hex[SHA256_HEX];

	digest_to_hex(source->sha256, hex);
	return json_pack(
	    "{s:I, s:s, s:s, s:s, s:I, s:I, s:I, s:b, s:s, s:I, s:s}",
	    "source_id", (json_int_t)id, "name", source->name,
	    "format", input_format_text((enum input_format)source->format),
	    "sha256", hex, "bytes", (json_int_t)source->bytes,
	    source->is_delegations ? "delegated" : "records",
	    (json_int_t)source->records,
	    "rejected", (json_int_t)source->rejected,
	    "whole", source->is_whole, "zone", source->apex,
	    "soa_serial", (json_int_t)source->serial,
	    "zonemd", zonemd_text(source->zonemd.state));
}

json_t *
plan_to_json(const struct plan *plan, uint64_t opted_out)
{
	const struct plan_counts *counts = &plan->counts;
	json_t *files = json_array(), *delegations = json_array();

	for (size_t i = 0; i < plan->source_count; i++)
		json_array_append_new(plan->sources[i].is_delegations
		    ? delegations : files,
		    source_to_json(&plan->sources[i], i));
	return json_pack("{s:I, s:I, s:I, s:I, s:I, s:I, s:b, s:o, s:o}",
	    "records", (json_int_t)(counts->records - counts->not_sampled),
	    "domains", (json_int_t)(counts->domains - opted_out),
	    "duplicates", (json_int_t)counts->duplicates,
	    "rejected", (json_int_t)counts->rejected,
	    "opted_out", (json_int_t)opted_out,
	    "not_sampled", (json_int_t)counts->not_sampled,
	    "whole", plan->input_is_whole, "files", files,
	    "delegations", delegations);
}

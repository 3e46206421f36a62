#include "scanner/coordinator/plan.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "scanner/base/log.h"
#include "scanner/base/memory.h"
#include "scanner/coordinator/input.h"
#include "scanner/coordinator/planner.h"
#include "scanner/crypto/digest.h"

/* The key of the order, from --seed; that of --sample never changes, so that the
 * same share of names is drawn in every run. */
static struct siphash_key
key_of(const char *seed)
{
	uint8_t hash[32];
	struct siphash_key key;

	digest_of(seed, strlen(seed), hash);
	memcpy(&key, hash, sizeof key);
	return key;
}

static bool
read_source(struct planner *planner, const char *name)
{
	const struct options *options = planner->options;
	struct source *source = &planner->plan->sources[planner->source];
	const struct input_sink sink = {
		planner, planner_on_name, planner_on_delegation, planner_on_reject,
	};
	struct input_options how = {
		.format = (enum input_format)options->format,
		.allow_include = options->allow_include,
	};
	uint8_t origin[NAME_WIRE_MAX];
	struct input_facts facts;
	char apex[NAME_TEXT_MAX] = "", why[256];
	enum input_result result;
	size_t length;

	if (options->origin != NULL && name_from_text(options->origin,
	    strlen(options->origin), origin, &length) == NAME_OK)
		how.origin = origin;
	source->name = xstrdup(name);
	result = input_read(name, &how, &sink, &facts, why);
	if (facts.has_apex)
		name_to_text(facts.apex, apex);
	source->apex = xstrdup(apex);
	source->serial = facts.serial;
	source->format = (int)facts.format;
	source->bytes = facts.bytes;
	source->is_whole = result == INPUT_WHOLE;
	memcpy(source->sha256, facts.sha256, sizeof source->sha256);
	if (result == INPUT_WHOLE)
		return true;
	log_line("%s: %s%s", name, why, result == INPUT_TRUNCATED
	    ? "; the names before that are kept" : "");
	planner->plan->input_is_whole = false;
	return result == INPUT_TRUNCATED;
}

static void
clean(struct folder *folder)
{
	uint64_t *numbers;
	size_t count;
	char name[PART_NAME_MAX];

	/* What an earlier attempt at the plan left. */
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
	bool good = true;

	clean(planner->folder);
	plan->input_is_whole = true;
	plan->source_count = options->argument_count;
	plan->sources = xcalloc(plan->source_count, sizeof *plan->sources);
	for (; planner->source < plan->source_count && good; planner->source++)
		good = read_source(planner,
		    options->arguments[planner->source]);
	if (!good)
		return PLAN_BAD_INPUT;
	if (table_rows(planner->rejects) > 0 || planner->reject_parts == 0)
		rejects_write(planner);
	if (planner->failed || !plan_sort(planner) ||
	    !plan_write_done(plan, planner->folder)) {
		log_line("the plan cannot be written: %s", strerror(errno));
		return PLAN_OUTPUT_FAILED;
	}
	return PLAN_OK;
}

enum plan_result
plan_make(struct plan *plan, struct folder *folder,
    const struct options *options)
{
	struct planner planner = {
		.plan = plan, .folder = folder, .options = options,
		.order = key_of(options->seed), .sample = key_of("sample"),
	};
	enum plan_result result = PLAN_OK;

	*plan = (struct plan){ .names = -1 };
	if (!plan_read_done(plan, folder)) {
		plan_fini(plan);
		*plan = (struct plan){ .names = -1 };
		planner.rejects = table_new(TABLE_REJECTS);
		planner.rejected = keyset_new();
		planner.suffixes = suffix_list_open();
		if (buckets_open(&planner)) {
			result = make_new(&planner);
		} else {
			log_line("the plan cannot be written: %s",
			    strerror(errno));
			result = PLAN_OUTPUT_FAILED;
		}
		buckets_close(&planner);
		table_free(planner.rejects);
		keyset_free(planner.rejected);
		suffix_list_free(planner.suffixes);
		buffer_fini(&planner.record);
	}
	if (result != PLAN_OK)
		return result;
	plan->names = folder_read(folder, NAMES_FILE);
	if (plan->names >= 0)
		return PLAN_OK;
	log_line("%s/%s: %s", folder->path, NAMES_FILE, strerror(errno));
	return PLAN_OUTPUT_FAILED;
}

bool
plan_read_chunk(const struct plan *plan, const struct chunk *chunk,
    struct buffer *items)
{
	uint8_t *to = buffer_reserve(items, chunk->length);

	if (pread(plan->names, to, chunk->length, (off_t)chunk->offset) !=
	    (ssize_t)chunk->length)
		return false;
	items->length += chunk->length;
	return true;
}

void
plan_fini(struct plan *plan)
{
	if (plan->names >= 0)
		close(plan->names);
	for (size_t i = 0; i < plan->source_count; i++)
		free(plan->sources[i].name);
	for (size_t i = 0; i < plan->source_count; i++)
		free(plan->sources[i].apex);
	free(plan->sources);
	free(plan->chunks);
}

/* merge_describe: run.json of a merged run: that of A, but for what each run has
 * for itself, and what both runs were, in `merged` (RULES V11). */
#include <string.h>

#include "scanner/commands/merge/merge_internal.h"
#include "scanner/run/run_file.h"

/* Members that say how one run was made, or fared: `merged` has them of each.
 * Those before MADE_ALIKE stand for the merged run as well, if both have the
 * same. */
static const char *const of_one_run[] = {
	"trust_anchors", "root_store", "public_suffix_list",
	"qname_minimisation", "notes",
#define MADE_ALIKE 5
	"started_at", "written_at", "program", "options", "vantage", "counts",
	"lanes", "name_servers", "paused_ms", "given_back", "opt_out",
	"concluded_by_force",
};
#define OF_ONE_RUN (sizeof of_one_run / sizeof of_one_run[0])

static json_t *
source_of(const struct merge *merge, enum place place)
{
	const json_t *root = merge->runs[place].file.root;
	json_t *source = json_pack("{s:s, s:I}", "name", merge->names[place],
	    "opted_out", (json_int_t)merge->runs[place].file.opted_out);

	for (size_t i = 0; i < OF_ONE_RUN; i++) {
		json_t *value = json_object_get(root, of_one_run[i]);

		if (value != NULL)
			json_object_set_new(source, of_one_run[i],
			    json_deep_copy(value));
	}
	return source;
}

static json_t *
counts_in_json(const struct merge_counts *counts)
{
	return json_pack("{s:I, s:I, s:I, s:I}",
	    "domains", (json_int_t)counts->domains,
	    "hosts", (json_int_t)counts->hosts,
	    "host_addresses", (json_int_t)counts->pairs,
	    "sessions", (json_int_t)counts->sessions);
}

/* Options that differ are those of no run, but the level of gzip is that of A.
 * None has a place of its own. */
static json_t *
common_options(const struct merge *merge)
{
	const json_t *a = json_object_get(merge->runs[PLACE_A].file.root,
	    "options");
	const json_t *b = json_object_get(merge->runs[PLACE_B].file.root,
	    "options");
	json_t *common = json_object(), *value;
	const char *name;

	json_object_foreach((json_t *)(uintptr_t)a, name, value)
		if (strcmp(name, "level") == 0 ||
		    json_equal(value, json_object_get(b, name)))
			json_object_set(common, name, value);
	return common;
}

/* V10. */
static json_t *
inputs_of(const struct merge *merge)
{
	const struct run_json *a = &merge->runs[PLACE_A].file;
	json_t *inputs = json_deep_copy(json_object_get(a->root, "inputs"));
	json_int_t domains = (json_int_t)merge->tally.domains;

	json_object_set_new(inputs, "domains", json_integer(domains));
	json_object_set_new(inputs, "opted_out", json_integer(a->records -
	    a->duplicates - a->rejected - domains));
	return inputs;
}

static void
set_alike(const struct merge *merge, json_t *root)
{
	const json_t *a = merge->runs[PLACE_A].file.root;
	const json_t *b = merge->runs[PLACE_B].file.root;

	for (size_t i = 0; i < MADE_ALIKE; i++) {
		json_t *value = json_object_get(a, of_one_run[i]);

		if (value != NULL && json_equal(value, json_object_get(b,
		    of_one_run[i])))
			json_object_set_new(root, of_one_run[i],
			    json_deep_copy(value));
	}
}

static void
set_start(const struct merge *merge, json_t *root)
{
	const struct run_json *a = &merge->runs[PLACE_A].file;
	const struct run_json *b = &merge->runs[PLACE_B].file;
	const struct run_json *first = b->started_ms < a->started_ms ? b : a;

	json_object_set_new(root, "started_at", json_string(run_json_text(
	    first, "started_at")));
}

static bool
is_forced(const struct merge *merge, enum place place)
{
	return json_is_true(json_object_get(merge->runs[place].file.root,
	    "concluded_by_force"));
}

void
merge_describe(struct merge *merge, struct run_json *file)
{
	json_t *root = json_object(), *kept = json_object();

	set_alike(merge, root);
	set_start(merge, root);
	json_object_set_new(root, "program", run_file_program());
	json_object_set_new(root, "options", common_options(merge));
	json_object_set_new(root, "inputs", inputs_of(merge));
	json_object_set_new(root, "counts", tally_to_json(&merge->tally));
	if (is_forced(merge, PLACE_A) || is_forced(merge, PLACE_B))
		json_object_set_new(root, "concluded_by_force", json_true());
	json_object_set_new(root, "merged", json_pack("[o, o]",
	    source_of(merge, PLACE_A), source_of(merge, PLACE_B)));
	for (int i = 0; i < PLACE_COUNT; i++)
		json_object_set_new(kept, merge->names[i],
		    counts_in_json(&merge->kept[i]));
	json_object_set_new(root, "merge", json_pack("{s:o, s:o}",
	    "kept", kept, "left_out", counts_in_json(&merge->left_out)));
	run_json_begin(file, root);
}

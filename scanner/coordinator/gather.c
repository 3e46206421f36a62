#include "scanner/coordinator/gather.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "scanner/base/log.h"
#include "scanner/coordinator/part.h"
#include "scanner/message/job_outputs.h"
#include "scanner/out/replacement.h"
#include "scanner/run/shard.h"

static bool
fail(const struct folder *folder, const char *name)
{
	log_line("%s/%s: %s", folder->path, name, strerror(errno));
	return false;
}

/* Is it the same file? A link that an earlier process has made is; on a network
 * file system so may be one of this process. */
static bool
is_linked(struct folder *from, const char *part, struct folder *to,
    const char *name)
{
	struct stat one, two;

	return fstatat(from->descriptor, part, &one, 0) == 0 &&
	    fstatat(to->descriptor, name, &two, AT_SYMLINK_NOFOLLOW) == 0 &&
	    one.st_dev == two.st_dev && one.st_ino == two.st_ino;
}

/* Calls `take` for each shard. False if one call was, or after a line. */
static bool
each_shard(struct folder *run, bool (*take)(void *tag, struct folder *shard,
    enum stage, const struct shard *), void *tag)
{
	bool good = true;

	for (enum stage stage = STAGE_DOMAINS; stage < STAGE_COUNT && good;
	    stage++) {
		struct shard shard = { .number = 1 };
		struct folder folder;

		good = shard_count(run, stage, &shard.count) ||
		    fail(run, SHARDS_FOLDER);
		for (; good && shard.number <= shard.count; shard.number++) {
			good = shard_look(&folder, run, stage, &shard) ||
			    fail(&folder, "");
			good = good && take(tag, &folder, stage, &shard);
			folder_close(&folder);
		}
	}
	return good;
}

/* Parts ******************************************************************** */

/* What a stage writes. The numbers of its parts are those of the key table of the
 * first kind: parts of policies have the numbers of their domains. */
static const struct {
	enum job_kind	kinds[2];
	unsigned	count;
} of_stage[STAGE_COUNT] = {
	[STAGE_DOMAINS] = { { JOB_DOMAINS, JOB_POLICIES }, 2 },
	[STAGE_HOSTS] = { { JOB_HOSTS }, 1 },
	[STAGE_PROBES] = { { JOB_PROBES }, 1 },
};

/* How the parts are numbered in the run: those of domains by themselves; those of
 * hosts and probes in one sequence, since both write `tlsa`. */
struct numbering {
	struct folder	*run;
	uint64_t	 of_domains, of_others;
};

/* The batches of a shard, and the number that the first one gets in the run. */
struct batches {
	uint64_t	*numbers;
	size_t		 count;
	uint64_t	 first;
};

static int
compare_numbers(const void *a, const void *b)
{
	const uint64_t *one = a, *two = b;

	return *one < *two ? -1 : *one > *two;
}

static bool
link_part(struct folder *run, struct folder *shard, const char *table,
    uint64_t number, const struct batches *batches)
{
	char part[PART_NAME_MAX], name[PART_NAME_MAX];
	const uint64_t *found = batches->count == 0 ? NULL
	    : bsearch(&number, batches->numbers, batches->count,
	    sizeof number, compare_numbers);

	part_name(part, table, number, ".csv.gz");
	if (found == NULL) {
		log_line("%s/%s is of no committed batch", shard->path, part);
		return false;
	}
	part_name(name, table, batches->first + (uint64_t)(found -
	    batches->numbers), ".csv.gz");
	return linkat(shard->descriptor, part, run->descriptor, name, 0) ==
	    0 || (errno == EEXIST && is_linked(shard, part, run, name)) ||
	    fail(run, name);
}

static bool
link_table(struct folder *run, struct folder *shard, const char *table,
    const struct batches *batches)
{
	uint64_t *numbers;
	size_t count;
	bool good = shard_parts(shard, table, &numbers, &count);

	for (size_t i = 0; i < count && good; i++)
		good = link_part(run, shard, table, numbers[i], batches);
	free(numbers);
	return good;
}

static bool
link_kind(struct folder *run, struct folder *shard, enum job_kind kind,
    const struct batches *batches)
{
	const struct job_outputs *outputs = job_outputs_of(kind);
	bool good = true;

	for (unsigned i = 0; i < outputs->count && good; i++)
		good = outputs->outputs[i].table == TABLE_COUNT ||
		    link_table(run, shard, outputs->outputs[i].folder,
		    batches);
	return good;
}

static bool
take_parts(void *tag, struct folder *shard, enum stage stage,
    const struct shard *number)
{
	struct numbering *numbering = tag;
	uint64_t *next = stage == STAGE_DOMAINS ? &numbering->of_domains
	    : &numbering->of_others;
	struct batches batches = { .first = *next };
	bool good = shard_parts(shard, part_folder(of_stage[stage].kinds[0]),
	    &batches.numbers, &batches.count);

	(void)number;
	for (unsigned i = 0; i < of_stage[stage].count && good; i++)
		good = link_kind(numbering->run, shard,
		    of_stage[stage].kinds[i], &batches);
	*next += batches.count;
	free(batches.numbers);
	return good;
}

/* The seal removes the shards, and must find the links on the disk. */
static bool
sync_tables(struct folder *run)
{
	char name[PART_NAME_MAX];

	for (int kind = 0; kind < JOB_KINDS; kind++) {
		const struct job_outputs *outputs = job_outputs_of(
		    (enum job_kind)kind);

		for (unsigned i = 0; i < outputs->count; i++) {
			part_name(name, outputs->outputs[i].folder, 0, "");
			if (!parent_sync(run->descriptor, name))
				return fail(run, outputs->outputs[i].folder);
		}
	}
	return true;
}

bool
gather_parts(struct folder *run)
{
	struct numbering numbering = { .run = run };

	return each_shard(run, take_parts, &numbering) && sync_tables(run);
}

/* Counts ******************************************************************* */

struct sums {
	struct run_json	*file;
	char		 plan[SHA256_HEX];
	json_t		*stages, *counts;
	struct lane_tally lanes;
	json_int_t	 paused_ms, given_back, opted_out;
};

/* Adds the numbers of an object, and of the objects in it. */
static void
add_counts(json_t *to, const json_t *from)
{
	const char *name;
	json_t *value, *sum;

	json_object_foreach((json_t *)(uintptr_t)from, name, value) {
		sum = json_object_get(to, name);
		if (sum == NULL)
			json_object_set_new(to, name, json_deep_copy(value));
		else if (json_is_object(value))
			add_counts(sum, value);
		else
			(void)json_integer_set(sum, json_integer_value(sum) +
			    json_integer_value(value));
	}
}

static json_int_t
number_of(const json_t *root, const char *name)
{
	return json_integer_value(json_object_get(root, name));
}

static void
add_lanes(struct lane_tally *lanes, const json_t *object)
{
	struct lane_tally more = { 0 };

	lane_tally_take_up(&more, object);
	lane_tally_add(lanes, &more);
}

/* What the run says of a shard. */
static json_t *
describe(const json_t *root, enum stage stage, const struct shard *shard)
{
	static const char *const members[] = {
		"started_at", "written_at", "vantage", "opt_out",
		"name_servers",
	};
	json_t *object = json_pack("{s:s, s:I, s:I}", "stage",
	    stage_text(stage), "number", (json_int_t)shard->number, "count",
	    (json_int_t)shard->count);

	for (size_t i = 0; i < sizeof members / sizeof members[0]; i++) {
		json_t *value = json_object_get(root, members[i]);

		if (value != NULL)
			json_object_set(object, members[i], value);
	}
	return object;
}

static bool
take_counts(void *tag, struct folder *folder, enum stage stage,
    const struct shard *shard)
{
	struct sums *sums = tag;
	struct run_json file = { 0 };
	bool good = run_json_read(&file, folder->descriptor) == RUN_JSON_READ;

	if (!good) {
		log_line("%s/" RUN_JSON_FILE ": %s", folder->path, file.why);
	} else if (!shard_is_of_plan(json_object_get(file.root, "shard"),
	    sums->plan)) {
		log_line("%s is of another plan", folder->path);
		good = false;
	} else {
		add_counts(sums->counts, json_object_get(file.root, "counts"));
		add_lanes(&sums->lanes, json_object_get(file.root, "lanes"));
		sums->paused_ms += number_of(file.root, "paused_ms");
		sums->given_back += number_of(file.root, "given_back");
		sums->opted_out += file.opted_out;
		json_array_append_new(sums->stages, describe(file.root, stage,
		    shard));
	}
	run_json_close(&file);
	return good;
}

/* The plan has all of its names; those that opted out are no domains of the
 * run. */
static void
set_opted_out(struct run_json *file, json_int_t opted_out)
{
	json_t *inputs = json_deep_copy(json_object_get(file->root, "inputs"));

	json_object_set_new(inputs, "domains", json_integer(number_of(inputs,
	    "domains") - opted_out));
	json_object_set_new(inputs, "opted_out", json_integer(opted_out));
	run_json_set(file, "inputs", inputs);
}

bool
gather_counts(struct run *run)
{
	struct run_json *file = &run->file;
	struct sums sums = {
		.file = file, .stages = json_array(), .counts = json_object(),
	};
	bool good = shard_plan(&run->folder, sums.plan) ||
	    fail(&run->folder, ".work/plan");

	good = good && each_shard(&run->folder, take_counts, &sums);
	if (!good) {
		json_decref(sums.stages);
		json_decref(sums.counts);
		return false;
	}
	set_opted_out(file, sums.opted_out);
	run_json_set(file, "stages", sums.stages);
	run_json_set(file, "counts", sums.counts);
	run_json_set(file, "lanes", lane_tally_to_json(&sums.lanes));
	run_json_set(file, "paused_ms", json_integer(sums.paused_ms));
	run_json_set(file, "given_back", json_integer(sums.given_back));
	return true;
}

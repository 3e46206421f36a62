#include "scanner/commands/status_stages.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "scanner/base/escape.h"
#include "scanner/base/log.h"
#include "scanner/base/plural.h"
#include "scanner/run/figures.h"
#include "scanner/run/progress.h"
#include "scanner/run/shards_missing.h"

#define TAIL_BYTES 16384	/* of progress.jsonl */

static const char *const states[] = {
	[SHARD_NOT_STARTED] = "not started", [SHARD_STOPPED] = "stopped",
	[SHARD_RUNNING] = "running", [SHARD_COMPLETE] = "complete",
};

static int
fail(const char *run)
{
	struct buffer shown = { 0 };
	int error = errno;

	escape_append(&shown, run, strlen(run));
	log_line("%s: %s", buffer_text(&shown), strerror(error));
	buffer_fini(&shown);
	return EXIT_OUTPUT;
}

/* What is missing ********************************************************** */

/* False if nobody knows how many shards there are, after a line, or with
 * errno. */
static bool
assume_count(struct folder *run, enum stage stage, uint64_t *count)
{
	if (!shard_count(run, stage, count))
		return false;
	if (*count == 0 && stage > STAGE_DOMAINS)
		return shard_count(run, (enum stage)(stage - 1), count);
	if (*count == 0)
		log_line("%s: no shard of the stage %s has begun: the first "
		    "one decides how many there are", run->path,
		    stage_text(stage));
	return true;
}

static bool
print_missing(struct folder *run)
{
	struct shard shard = { .number = 1 };
	enum stage stage;

	if (!shards_first_stage(run, &stage))
		return false;
	if (stage == STAGE_PLAN)
		log_line("%s: the plan is not complete", run->path);
	if (stage == STAGE_PLAN || stage == STAGE_COUNT)
		return true;
	if (!assume_count(run, stage, &shard.count))
		return false;
	for (; shard.number <= shard.count; shard.number++)
		if (shard_state(run, stage, &shard) != SHARD_COMPLETE)
			printf("%s %" PRIu64 "/%" PRIu64 "\n",
			    stage_text(stage), shard.number, shard.count);
	return true;
}

int
status_missing(const struct options *options, const struct run_json *file)
{
	const char *path = options->arguments[0];
	struct folder run;
	int status = EXIT_COMPLETE;

	if (file->state == RUN_SEALED)
		return status;
	if (json_object_get(file->root, "stages") == NULL) {
		log_line("--missing is for runs that are measured in stages");
		return EXIT_USAGE;
	}
	if (!folder_look(&run, path) || !print_missing(&run))
		status = fail(path);
	folder_close(&run);
	return status;
}

/* How far it is ************************************************************ */

/* The share that the last line of the shard's progress.jsonl says; 0 if there is
 * none. */
static double
share_of(struct folder *run, enum stage stage, const struct shard *shard)
{
	struct figures figures = { 0 };
	struct folder folder;
	char tail[TAIL_BYTES];
	struct stat status;
	ssize_t length = -1;
	int file = -1;

	if (shard_look(&folder, run, stage, shard))
		file = folder_read(&folder, PROGRESS_FILE);
	if (file >= 0 && fstat(file, &status) == 0)
		length = pread(file, tail, sizeof tail, status.st_size >
		    (off_t)sizeof tail ? status.st_size - (off_t)sizeof tail
		    : 0);
	if (length <= 0 || !figures_last(tail, (size_t)length, &figures))
		figures.share = 0;
	if (file >= 0)
		close(file);
	folder_close(&folder);
	return figures.share;
}

struct stage_status {
	struct shard	shard;		/* its number is not used */
	uint64_t	in_state[SHARD_COMPLETE + 1];
	json_t		*shards;
};

/* False with errno. */
static bool
read_stage(struct folder *run, enum stage stage, struct stage_status *status)
{
	struct shard *shard = &status->shard;

	*status = (struct stage_status){ .shards = json_array() };
	if (!shard_count(run, stage, &shard->count))
		return false;
	for (shard->number = 1; shard->number <= shard->count;
	    shard->number++) {
		enum shard_state state = shard_state(run, stage, shard);

		status->in_state[state]++;
		json_array_append_new(status->shards, json_pack(
		    "{s:I, s:s, s:f}", "number", (json_int_t)shard->number,
		    "state", states[state], "share", state == SHARD_COMPLETE
		    ? 1 : share_of(run, stage, shard)));
	}
	return true;
}

/* Those that are complete are counted alone. */
static void
print_stage(enum stage stage, const struct stage_status *status)
{
	size_t index;
	const json_t *shard;

	printf("  %-13s ", stage_text(stage));
	if (status->shard.count == 0) {
		puts(states[SHARD_NOT_STARTED]);
		return;
	}
	printf("%" PRIu64 " of %" PRIu64 " %s complete\n",
	    status->in_state[SHARD_COMPLETE], status->shard.count,
	    plural(status->shard.count, "shard", "shards"));
	json_array_foreach(status->shards, index, shard) {
		const char *state = json_string_value(json_object_get(shard,
		    "state"));

		if (strcmp(state, states[SHARD_COMPLETE]) == 0)
			continue;
		printf("    %zu/%" PRIu64 " %s, %.2f %%\n", index + 1,
		    status->shard.count, state, floor(10000 *
		    json_real_value(json_object_get(shard, "share"))) / 100);
	}
}

static void
print_head(const char *path, const struct run_json *file, bool has_plan)
{
	const json_t *domains = json_object_get(json_object_get(file->root,
	    "inputs"), "domains");
	struct buffer shown = { 0 };

	escape_append(&shown, path, strlen(path));
	printf("%s: measured in stages\n  %-13s ", buffer_text(&shown),
	    stage_text(STAGE_PLAN));
	if (has_plan)
		printf("complete: %" JSON_INTEGER_FORMAT " %s\n",
		    json_integer_value(domains), plural((uint64_t)
		    json_integer_value(domains), "domain", "domains"));
	else
		puts("not complete");
	buffer_fini(&shown);
}

static bool
print_json(const char *path, const struct run_json *file, bool has_plan,
    const struct stage_status stages[])
{
	struct buffer shown = { 0 };
	json_t *object, *list = json_array();
	bool good;

	for (int i = STAGE_DOMAINS; i < STAGE_COUNT; i++)
		json_array_append_new(list, json_pack("{s:s, s:I, s:I, s:O}",
		    "stage", stage_text((enum stage)i),
		    "count", (json_int_t)stages[i].shard.count,
		    "complete", (json_int_t)stages[i].in_state[SHARD_COMPLETE],
		    "shards", stages[i].shards));
	escape_append(&shown, path, strlen(path));
	object = json_pack("{s:s, s:s, s:b, s:O?, s:o}", "run",
	    buffer_text(&shown), "state", "in stages", "has_plan", has_plan,
	    "inputs", json_object_get(file->root, "inputs"), "stages", list);
	good = object != NULL && json_dumpf(object, stdout, JSON_INDENT(2) |
	    JSON_ENSURE_ASCII | JSON_REAL_PRECISION(6)) == 0;
	putchar('\n');
	json_decref(object);
	buffer_fini(&shown);
	return good;
}

int
status_stages(const struct options *options, const struct run_json *file)
{
	struct stage_status stages[STAGE_COUNT] = { 0 };
	const char *path = options->arguments[0];
	char plan[SHA256_HEX];
	struct folder run;
	bool good = folder_look(&run, path), has_plan = false;
	int status = EXIT_COMPLETE;

	if (good)
		has_plan = shard_plan(&run, plan);
	for (int i = STAGE_DOMAINS; i < STAGE_COUNT && good; i++)
		good = read_stage(&run, (enum stage)i, &stages[i]);
	if (!good)
		status = fail(path);
	else if (options->form == FORM_JSON)
		status = print_json(path, file, has_plan, stages)
		    ? EXIT_COMPLETE : EXIT_BUG;
	else
		print_head(path, file, has_plan);
	for (int i = STAGE_DOMAINS; i < STAGE_COUNT; i++) {
		if (good && options->form != FORM_JSON)
			print_stage((enum stage)i, &stages[i]);
		json_decref(stages[i].shards);
	}
	folder_close(&run);
	return status;
}

#include "scanner/commands/scan_shard.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "scanner/base/log.h"
#include "scanner/base/memory.h"
#include "scanner/base/own_file.h"
#include "scanner/run/shard.h"
#include "scanner/run/shard_options.h"
#include "scanner/run/shards_missing.h"

#define MISSING_SHOWN 512	/* bytes of a list in a line */

/* The run and its plan, which the shard only reads. */
struct planned_run {
	struct folder	folder;
	struct run_json	file;
};

static int
fail(const struct options *options)
{
	log_line("%s: %s", options->run, strerror(errno));
	return EXIT_OUTPUT;
}

static int
open_plan(struct planned_run *run, const struct options *typed)
{
	if (!folder_look(&run->folder, typed->run) || run_json_read(&run->file,
	    run->folder.descriptor) == RUN_JSON_UNREAD) {
		if (errno != ENOENT)
			return fail(typed);
		log_line("%s has no plan: begin with --stage plan",
		    typed->run);
		return EXIT_STOPPED;
	}
	if (run->file.root == NULL) {
		log_line("%s/" RUN_JSON_FILE ": %s", typed->run,
		    run->file.why);
		return EXIT_INPUT;
	}
	if (json_object_get(run->file.root, "stages") == NULL) {
		log_line("%s is measured as a whole: leave out --stage, or "
		    "name another folder with -o", typed->run);
		return EXIT_USAGE;
	}
	return EXIT_COMPLETE;
}

/* N is decided by the first shard of the stage. */
static int
check_count(const struct options *options, uint64_t count)
{
	if (count == 0 || count == options->shard.count)
		return EXIT_COMPLETE;
	log_line("--shard %" PRIu64 "/%" PRIu64 ": the stage %s of %s has %"
	    PRIu64 " shards", options->shard.number, options->shard.count,
	    stage_text((enum stage)options->stage), options->run, count);
	return EXIT_USAGE;
}

static int
check_stage_before(struct planned_run *run, const struct options *options)
{
	enum stage before = (enum stage)(options->stage - 1);
	struct buffer missing = { 0 };
	char plan[SHA256_HEX];
	int status = EXIT_COMPLETE;

	if (!shard_plan(&run->folder, plan)) {
		log_line("%s: the plan is not complete: the stage plan comes "
		    "first", options->run);
		return EXIT_STOPPED;
	}
	if (before == STAGE_PLAN)
		return EXIT_COMPLETE;
	if (!shards_missing(&run->folder, before, ", ", &missing)) {
		status = fail(options);
	} else if (missing.length > 0) {
		log_line("%s: the stage before is not complete: missing %.*s%s",
		    options->run, MISSING_SHOWN, buffer_text(&missing),
		    missing.length > MISSING_SHOWN ? " ..." : "");
		status = EXIT_STOPPED;
	}
	buffer_fini(&missing);
	return status;
}

/* The shard may begin: decides N, and makes the folder of all shards. */
static int
begin(struct planned_run *run, const struct options *options)
{
	enum stage stage = (enum stage)options->stage;
	uint64_t count;
	int status;

	if (!shard_count(&run->folder, stage, &count))
		return fail(options);
	status = check_count(options, count);
	if (status == EXIT_COMPLETE)
		status = check_stage_before(run, options);
	if (status != EXIT_COMPLETE)
		return status;
	count = options->shard.count;
	if (!shard_fix_count(&run->folder, stage, &count))
		return fail(options);
	return check_count(options, count);
}

static bool
is_done(struct planned_run *run, const struct options *options)
{
	if (run->file.state == RUN_SEALED) {
		log_line("%s is sealed: nothing is left to do", options->run);
		return true;
	}
	if (shard_state(&run->folder, (enum stage)options->stage,
	    &options->shard) != SHARD_COMPLETE)
		return false;
	log_line("%s: shard %" PRIu64 "/%" PRIu64 " of %s is complete: nothing "
	    "is left to do", options->run, options->shard.number,
	    options->shard.count, stage_text((enum stage)options->stage));
	return true;
}

static int
measure(struct planned_run *run, struct options *options,
    int (*scan)(const struct options *))
{
	char name[PART_NAME_MAX], *path;
	int status;

	if (options->undivided != NULL) {
		log_line("--%s is less than the %" PRIu64 " shards that it is "
		    "divided by: raise it, or take fewer shards",
		    options->undivided, options->shard.count);
		return EXIT_USAGE;
	}
	status = begin(run, options);
	if (status != EXIT_COMPLETE || is_done(run, options))
		return status;
	shard_folder(name, (enum stage)options->stage, &options->shard);
	path = xasprintf("%s/%s", options->run, name);
	options->whole_run = options->run;
	options->run = path;
	status = scan(options);
	free(path);
	return status;
}

int
scan_shard(const struct options *typed, int (*scan)(const struct options *))
{
	struct planned_run run = { .folder = { .descriptor = -1, .lock = -1 } };
	struct shard_line line = { 0 };
	struct options options = { 0 };
	int status = open_plan(&run, typed);

	if (status == EXIT_COMPLETE && (!shard_line_compose(&line, &run.file,
	    typed) || options_parse(&options, typed->command, line.argc,
	    line.argv) != OPTIONS_OK))
		status = EXIT_USAGE;
	if (status == EXIT_COMPLETE)
		status = run.file.state == RUN_SEALED && is_done(&run,
		    &options) ? EXIT_COMPLETE : measure(&run, &options, scan);
	options_fini(&options);
	shard_line_free(&line);
	run_json_close(&run.file);
	folder_close(&run.folder);
	return status;
}

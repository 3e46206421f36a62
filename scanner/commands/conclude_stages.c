#include "scanner/commands/conclude_stages.h"

#include <errno.h>
#include <string.h>

#include "scanner/base/log.h"
#include "scanner/coordinator/gather.h"
#include "scanner/coordinator/seal.h"
#include "scanner/run/empty_parts.h"
#include "scanner/run/shards_missing.h"

bool
is_in_stages(const struct run_json *file)
{
	return file->state == RUN_MEASURING &&
	    json_object_get(file->root, "stages") != NULL;
}

static int
fail(const struct run *run)
{
	log_line("%s/" SHARDS_FOLDER ": %s", run->folder.path,
	    strerror(errno));
	return EXIT_OUTPUT;
}

/* A line for each shard of the first stage that is not complete. */
static int
check_complete(struct run *run)
{
	struct buffer missing = { 0 };
	enum stage stage;
	int status = EXIT_COMPLETE;

	if (!shards_first_stage(&run->folder, &stage))
		return fail(run);
	if (stage == STAGE_COUNT)
		return status;
	if (stage == STAGE_PLAN)
		buffer_printf(&missing, "%s", stage_text(stage));
	else if (!shards_missing(&run->folder, stage, ", ", &missing))
		status = fail(run);
	if (status == EXIT_COMPLETE) {
		log_line("%s is not complete: missing %s", run->folder.path,
		    buffer_text(&missing));
		status = EXIT_STOPPED;
	}
	buffer_fini(&missing);
	return status;
}

/* Nobody watches: a run is gathered and sealed in one go. */
static void
on_step(void *tag, unsigned done)
{
	(void)tag;
	(void)done;
}

static int
gather(struct run *run)
{
	const struct seal_events events = { NULL, on_step };
	const bool is_whole = json_is_true(json_object_get(json_object_get(
	    run->file.root, "inputs"), "whole"));

	/* What an interrupted seal left is made again. */
	if (!empty_parts_remove(&run->folder) || !gather_parts(&run->folder) ||
	    !gather_counts(run) || !seal_run(run, (int)run->file.level,
	    &events))
		return EXIT_OUTPUT;
	return is_whole ? EXIT_COMPLETE : EXIT_INPUT;
}

static int
conclude_locked(struct run *run)
{
	int status;

	if (run_json_read(&run->file, run->folder.descriptor) !=
	    RUN_JSON_READ) {
		log_line("%s/" RUN_JSON_FILE ": %s", run->folder.path,
		    run->file.why);
		return EXIT_INPUT;
	}
	if (run->file.state == RUN_SEALED)
		return EXIT_COMPLETE;	/* by another conclude */
	status = check_complete(run);
	return status == EXIT_COMPLETE ? gather(run) : status;
}

int
conclude_stages(const char *path)
{
	struct run run = { 0 };
	int status = EXIT_OUTPUT;

	switch (folder_open(&run.folder, path)) {
	case FOLDER_OK:
		status = conclude_locked(&run);
		break;
	case FOLDER_LOCKED:
		log_line("%s: another mxcensus is working on it", path);
		status = EXIT_STOPPED;
		break;
	default:
		log_line("%s: %s", path, strerror(errno));
		break;
	}
	run_close(&run);
	return status;
}

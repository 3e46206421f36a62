#include "analysis/facts/recorded_run.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "scanner/base/log.h"
#include "scanner/run/run_json.h"

static int
read_run_file(struct recorded_run *run, struct run_json *file)
{
	enum run_json_result result = run_json_read(file, run->folder);
	int status = result == RUN_JSON_UNREAD ? exit_status_unread(errno)
	    : EXIT_INPUT;
	const char *fault;

	if (result == RUN_JSON_READ && file->state != RUN_SEALED) {
		log_line("%s is not sealed: its scan is not complete",
		    run->path);
		return EXIT_STOPPED;
	}
	fault = result != RUN_JSON_READ ? file->why
	    : run_json_check(file, RUN_MEMBERS_OF_A_VERDICT);
	if (fault != NULL) {
		log_line("%s/" RUN_JSON_FILE ": %s", run->path, fault);
		return status;
	}
	run->started_ms = file->started_ms;
	run->retry_after_ms = file->retry_after_ms;
	run->probing = file->probing;
	run->probe_implicit = file->probe_implicit;
	return EXIT_COMPLETE;
}

int
recorded_run_open(struct recorded_run *run, const char *path)
{
	struct run_json file = { 0 };
	int status;

	*run = (struct recorded_run){ .path = path };
	run->folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (run->folder < 0) {
		status = exit_status_unread(errno);
		log_line("%s: %s", path, strerror(errno));
		return status;
	}
	status = read_run_file(run, &file);
	run_json_close(&file);
	if (status != EXIT_COMPLETE)
		recorded_run_close(run);
	return status;
}

void
recorded_run_close(struct recorded_run *run)
{
	if (run->folder >= 0)
		close(run->folder);
	run->folder = -1;
}

#include "analysis/facts/recorded_run.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "scanner/base/log.h"
#include "scanner/run/run_json.h"

static bool
is_sealed(const struct recorded_run *run, const struct run_json *file)
{
	if (file->state == RUN_SEALED)
		return true;
	log_line("%s is not sealed: its scan has not ended", run->path);
	return false;
}

static bool
read_run_file(struct recorded_run *run, struct run_json *file)
{
	bool is_read = run_json_read(file, run->folder) == RUN_JSON_READ;
	const char *fault;

	if (is_read && !is_sealed(run, file))
		return false;
	fault = !is_read ? file->why
	    : run_json_check(file, RUN_MEMBERS_OF_A_VERDICT);
	if (fault != NULL) {
		log_line("%s/" RUN_JSON_FILE ": %s", run->path, fault);
		return false;
	}
	run->started_ms = file->started_ms;
	run->retry_after_ms = file->retry_after_ms;
	run->probing = file->probing;
	run->probe_implicit = file->probe_implicit;
	return true;
}

bool
recorded_run_open(struct recorded_run *run, const char *path)
{
	struct run_json file = { 0 };
	bool good;

	*run = (struct recorded_run){ .path = path };
	run->folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (run->folder < 0) {
		log_line("%s: %s", path, strerror(errno));
		return false;
	}
	good = read_run_file(run, &file);
	run_json_close(&file);
	if (!good)
		recorded_run_close(run);
	return good;
}

void
recorded_run_close(struct recorded_run *run)
{
	if (run->folder >= 0)
		close(run->folder);
	run->folder = -1;
}

#include "scanner/commands/sealed_run.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "scanner/base/log.h"

#define RUN_FILE "run.json"

static bool
read_text(struct sealed_run *run)
{
	int descriptor = openat(run->folder, RUN_FILE, O_RDONLY | O_CLOEXEC);
	ssize_t length = -1;

	while (descriptor >= 0 && (length = read(descriptor,
	    buffer_reserve(&run->text, 4096), 4096)) != 0) {
		if (length < 0 && errno == EINTR)
			continue;
		if (length < 0)
			break;
		run->text.length += (size_t)length;
	}
	if (length < 0)
		log_line("%s/" RUN_FILE ": %s", run->path, strerror(errno));
	if (descriptor >= 0)
		close(descriptor);
	return length == 0;
}

int
sealed_run_open(struct sealed_run *run, const char *path)
{
	json_error_t error;
	const char *state;

	*run = (struct sealed_run){ .path = path };
	run->folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (run->folder < 0) {
		log_line("%s: %s", path, strerror(errno));
		return EXIT_OUTPUT;
	}
	if (!read_text(run))
		return EXIT_OUTPUT;
	run->run = json_loads(buffer_text(&run->text), JSON_REJECT_DUPLICATES,
	    &error);
	if (run->run == NULL) {
		log_line("%s/" RUN_FILE ": %s", path, error.text);
		return EXIT_OUTPUT;
	}
	state = json_string_value(json_object_get(run->run, "state"));
	if (state != NULL && strcmp(state, "sealed") == 0)
		return EXIT_COMPLETE;
	if (state == NULL || strcmp(state, "measuring") != 0) {
		log_line("%s/" RUN_FILE ": not that of a run", path);
		return EXIT_INPUT;
	}
	log_line("%s is not sealed: the scan that makes it is not done", path);
	return EXIT_STOPPED;
}

void
sealed_run_close(struct sealed_run *run)
{
	json_decref(run->run);
	buffer_fini(&run->text);
	if (run->folder >= 0)
		close(run->folder);
	*run = (struct sealed_run){ .folder = -1 };
}

int64_t
sealed_run_option(const struct sealed_run *run, const char *name)
{
	const char *text = json_string_value(json_object_get(json_object_get(
	    run->run, "options"), name));
	char *end;
	int64_t number;

	if (text == NULL)
		return -1;
	errno = 0;
	number = strtoll(text, &end, 10);
	return errno == 0 && end != text ? number : -1;
}

#include "analysis/facts/recorded_run.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "scanner/base/log.h"
#include "scanner/out/field.h"

static const char *
text_of(const json_t *object, const char *name)
{
	const char *text = json_string_value(json_object_get(object, name));

	return text != NULL ? text : "";
}

static json_t *
read_run_file(const struct recorded_run *run)
{
	int descriptor = openat(run->folder, "run.json",
	    O_RDONLY | O_CLOEXEC);
	json_error_t error;
	json_t *file;

	if (descriptor < 0) {
		log_line("%s/run.json: %s", run->path, strerror(errno));
		return NULL;
	}
	file = json_loadfd(descriptor, JSON_REJECT_DUPLICATES, &error);
	if (file == NULL)
		log_line("%s/run.json: %s", run->path, error.text);
	close(descriptor);
	return file;
}

/* Times of run.json are written as those of the tables. */
static bool
read_started(struct recorded_run *run, const char *text)
{
	static const struct column moment = {
		.name = "started_at", .kind = COLUMN_TIME,
	};

	if (!field_is_legal(&moment, text, strlen(text)) || text[0] == '\0')
		return false;
	run->started_ms = field_time(text);
	return true;
}

/* As options_in_force has it: "1800000ms". */
static bool
read_retry_after(struct recorded_run *run, const json_t *options)
{
	const char *text = text_of(options, "retry-after");
	char *end;

	errno = 0;
	run->retry_after_ms = strtoll(text, &end, 10);
	return errno == 0 && end != text && run->retry_after_ms >= 0;
}

static bool
read_manner(struct recorded_run *run, const json_t *file)
{
	const json_t *options = json_object_get(file, "options");

	if (strcmp(text_of(file, "state"), "sealed") != 0) {
		log_line("%s is not sealed: its scan has not ended", run->path);
		return false;
	}
	if (!read_started(run, text_of(file, "started_at")) ||
	    !read_retry_after(run, options) ||
	    !json_is_boolean(json_object_get(options, "probing"))) {
		log_line("%s/run.json is not that of a run", run->path);
		return false;
	}
	run->probing = json_is_true(json_object_get(options, "probing"));
	run->probe_implicit = strcmp(text_of(options, "probe-implicit"),
	    "yes") == 0;
	return true;
}

bool
recorded_run_open(struct recorded_run *run, const char *path)
{
	json_t *file;
	bool good;

	*run = (struct recorded_run){ .path = path };
	run->folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (run->folder < 0) {
		log_line("%s: %s", path, strerror(errno));
		return false;
	}
	file = read_run_file(run);
	good = file != NULL && read_manner(run, file);
	json_decref(file);
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

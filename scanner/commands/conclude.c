#include "scanner/commands/conclude.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/conclude.h"
#include "scanner/base/buffer.h"
#include "scanner/base/log.h"
#include "scanner/base/memory.h"
#include "scanner/coordinator/folder.h"
#include "scanner/coordinator/manifest.h"

/* The text of run.json, which stays as it is, and what it says; false after a
 * line. */
static bool
read_run_file(const char *path, struct buffer *text, json_t **run)
{
	char *name = xasprintf("%s/run.json", path), piece[4096];
	FILE *file = fopen(name, "r");
	json_error_t error;
	size_t length;

	*run = NULL;
	if (file == NULL) {
		log_line("%s: %s", name, strerror(errno));
		free(name);
		return false;
	}
	while ((length = fread(piece, 1, sizeof piece, file)) > 0)
		buffer_append(text, piece, length);
	*run = json_loads(buffer_text(text), JSON_REJECT_DUPLICATES, &error);
	if (*run == NULL)
		log_line("%s: %s", name, error.text);
	fclose(file);
	free(name);
	return *run != NULL;
}

static bool
is_sealed(const json_t *run)
{
	const char *state = json_string_value(json_object_get(run, "state"));

	return state != NULL && strcmp(state, "sealed") == 0;
}

static int
conclude_again(struct folder *folder, const json_t *run, const char *text)
{
	switch (conclude_run(folder->descriptor, run)) {
	case CONCLUDE_BROKEN_FACTS:
		return EXIT_INPUT;
	case CONCLUDE_NOT_WRITTEN:
		return EXIT_OUTPUT;
	case CONCLUDED:
		break;
	}
	return manifest_write(folder, text) ? EXIT_COMPLETE : EXIT_OUTPUT;
}

static int
conclude_locked(const char *path, const json_t *run, const char *text)
{
	struct folder folder;
	int status = EXIT_OUTPUT;

	switch (folder_open(&folder, path)) {
	case FOLDER_OK:
		status = conclude_again(&folder, run, text);
		if (!folder_remove_tree(&folder, ".work"))
			log_line("%s/.work: %s", path, strerror(errno));
		break;
	case FOLDER_LOCKED:
		log_line("%s: another mxcensus is at work there", path);
		status = EXIT_STOPPED;
		break;
	case FOLDER_FAILED:
		log_line("%s: %s", path, strerror(errno));
		break;
	}
	folder_close(&folder);
	return status;
}

int
conclude_command(int argc, char **argv)
{
	struct buffer text = { 0 };
	json_t *run = NULL;
	int status;

	if (argc != 2 || argv[1][0] == '-') {
		log_line("usage: mxcensus conclude RUN");
		return EXIT_USAGE;
	}
	if (!read_run_file(argv[1], &text, &run)) {
		status = EXIT_OUTPUT;
	} else if (!is_sealed(run)) {
		log_line("%s is not sealed: the scan that makes it concludes "
		    "when it is done", argv[1]);
		status = EXIT_STOPPED;
	} else {
		status = conclude_locked(argv[1], run, buffer_text(&text));
	}
	buffer_fini(&text);
	json_decref(run);
	return status;
}

#include "scanner/commands/conclude.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/outcomes/conclude.h"
#include "scanner/base/log.h"
#include "scanner/commands/sealed_run.h"
#include "scanner/commands/verify.h"
#include "scanner/options/options.h"
#include "scanner/run/folder.h"
#include "scanner/run/manifest.h"

/* New hashes would cover what has changed. 0, or a status after lines. */
static int
check_facts(const char *path, const struct options *options,
    struct run_json *run)
{
	int status = verify_facts(path, stderr);
	char *text;

	if (status != EXIT_INPUT)
		return status;
	if (!options->force) {
		log_line("%s: the facts are not those that were sealed: nothing "
		    "is concluded from them without --force", path);
		return status;
	}
	run_json_set(run, "concluded_by_force", json_true());
	text = run_json_dump(run);
	run->text.length = 0;
	buffer_append_text(&run->text, text);
	free(text);
	return EXIT_COMPLETE;
}

static int
conclude_again(struct folder *folder, struct run_json *run)
{
	switch (conclude_run(folder->descriptor, run)) {
	case CONCLUDE_BROKEN_FACTS:
		return EXIT_INPUT;
	case CONCLUDE_NOT_WRITTEN:
		return EXIT_OUTPUT;
	case CONCLUDED:
		break;
	}
	return manifest_write(folder, buffer_text(&run->text)) ? EXIT_COMPLETE
	    : EXIT_OUTPUT;
}

static int
conclude_locked(const char *path, const struct options *options,
    struct run_json *run)
{
	struct folder folder;
	int status = EXIT_OUTPUT;

	switch (folder_open(&folder, path)) {
	case FOLDER_OK:
		status = check_facts(path, options, run);
		if (status == EXIT_COMPLETE)
			status = conclude_again(&folder, run);
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
conclude_command(const struct options *options)
{
	const char *path = options->arguments[0];
	struct sealed_run run;
	int status = sealed_run_open(&run, path);

	if (status == EXIT_COMPLETE)
		status = conclude_locked(path, options, &run.file);
	sealed_run_close(&run);
	return status;
}

#include "scanner/commands/conclude.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "scanner/base/log.h"
#include "scanner/commands/conclude_stages.h"
#include "scanner/commands/sealed_run.h"
#include "scanner/commands/verify.h"
#include "scanner/options/options.h"
#include "scanner/run/derived.h"

/* New hashes would hide what has changed. Returns 0, or a status after
 * messages. */
static int
check_facts(const char *path, const struct options *options,
    struct run_json *run)
{
	int status = verify_facts(path, stderr);

	if (status != EXIT_INPUT)
		return status;
	if (!options->force) {
		log_line("%s: the facts differ from the sealed ones: nothing "
		    "is concluded from them without --force", path);
		return status;
	}
	run_json_set(run, "concluded_by_force", json_true());
	return EXIT_COMPLETE;
}

static int
conclude_again(struct folder *folder, struct run_json *run)
{
	switch (derived_write(folder, run)) {
	case CONCLUDE_BROKEN_FACTS:
		return EXIT_INPUT;
	case CONCLUDE_NOT_WRITTEN:
		return EXIT_OUTPUT;
	case CONCLUDED:
		break;
	}
	return EXIT_COMPLETE;
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
		folder_remove_work(&folder);
		break;
	case FOLDER_LOCKED:
		log_line("%s: another mxcensus is working on it", path);
		status = EXIT_STOPPED;
		break;
	case FOLDER_OF_OTHERS:
		log_line("%s: there is no run", path);
		status = EXIT_INPUT;
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
	int status = sealed_run_open_any(&run, path);

	if (status == EXIT_COMPLETE && is_in_stages(&run.file)) {
		status = conclude_stages(path);
	} else if (status == EXIT_COMPLETE) {
		status = sealed_run_check(&run);
		if (status == EXIT_COMPLETE)
			status = conclude_locked(path, options, &run.file);
	}
	sealed_run_close(&run);
	return status;
}

#include "scanner/commands/scan.h"

#include <stdlib.h>
#include <unistd.h>

#include "scanner/base/log.h"
#include "scanner/base/memory.h"
#include "scanner/base/output.h"
#include "scanner/commands/summary.h"
#include "scanner/coordinator/coordinator.h"
#include "scanner/options.h"
#include "scanner/worker/worker.h"

/* As the coordinator hands them over (supervise.c). */
#define WORKER_SOCKET 3
#define WORKER_IN_FLIGHT 4

/* The run is what was asked for: it is complete, also where this is not read. */
static void
tell_summary(const char *run)
{
	char *path = xasprintf("%s/summary.json", run);

	/* Bad input may have ended it before there was anything. */
	if (access(path, F_OK) == 0 && summary_print(run, SUMMARY_TEXT,
	    stdout))
		(void)output_flush();
	free(path);
}

int
scan_command(int argc, char **argv)
{
	struct options options;
	int status;

	switch (options_parse(&options, argc, argv)) {
	case OPTIONS_DONE:
		options_fini(&options);
		return EXIT_COMPLETE;
	case OPTIONS_WRONG:
		options_fini(&options);
		return EXIT_USAGE;
	case OPTIONS_OK:
		break;
	}
	if (options.dry_run) {
		status = coordinator_dry_run(&options, stdout);
		options_fini(&options);
		return status;
	}
	status = coordinator_run(&options);
	if (status == EXIT_STOPPED)
		log_line("stopped; the same command goes on with %s",
		    options.run);
	else if ((status == EXIT_COMPLETE || status == EXIT_INPUT) &&
	    !options.quiet)
		tell_summary(options.run);
	options_fini(&options);
	return status;
}

int
worker_command(int argc, char **argv)
{
	struct options options;
	int status = EXIT_BUG;

	if (options_parse(&options, argc, argv) == OPTIONS_OK)
		status = worker_run(&options, WORKER_SOCKET,
		    WORKER_IN_FLIGHT);
	options_fini(&options);
	return status;
}

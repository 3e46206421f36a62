#include "scanner/commands/worker.h"

#include "scanner/base/log.h"
#include "scanner/options/options.h"
#include "scanner/process/child_descriptors.h"
#include "scanner/worker/worker.h"

int
worker_command(int argc, char **argv)
{
	struct options options;
	int status = EXIT_BUG;

	if (options_parse(&options, argc, argv) == OPTIONS_OK)
		status = worker_run(&options, CHILD_SOCKET, CHILD_IN_FLIGHT);
	options_fini(&options);
	return status;
}

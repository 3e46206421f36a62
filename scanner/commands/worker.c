#include "scanner/commands/worker.h"

#include "scanner/process/child_descriptors.h"
#include "scanner/worker/run.h"

int
worker_command(const struct options *options)
{
	return worker_run(options, CHILD_SOCKET, CHILD_IN_FLIGHT);
}

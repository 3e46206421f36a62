#include "scanner/commands/worker.h"

#include "scanner/base/clock.h"
#include "scanner/base/log.h"
#include "scanner/process/child_descriptors.h"
#include "scanner/worker/run.h"

int
worker_command(const struct options *options)
{
	log_become("worker");
	clock_take_over();
	return worker_run(options, CHILD_SOCKET, CHILD_IN_FLIGHT);
}

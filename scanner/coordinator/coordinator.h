/*
 * coordinator: the process that talks to nobody outside this machine. It reads
 * the plan, asks work for batches, gives them to the crew of workers, commits
 * what these write, and seals the run.
 *
 * A batch goes through five steps. A queue of work makes it. The crew hands it
 * to a worker. Harvest reads back and checks what the worker wrote. The batch
 * links its files into the run. At last the kind of job takes the results into
 * the registry. A restart does only the last step.
 */
#ifndef MXCENSUS_COORDINATOR_COORDINATOR_H
#define MXCENSUS_COORDINATOR_COORDINATOR_H

#include "scanner/options/options.h"

/* Runs everything: plan, measure, seal. Returns the exit status. */
int	coordinator_run(const struct options *);

#endif

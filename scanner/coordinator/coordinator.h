/*
 * coordinator: the process that meets nobody outside. It reads the plan, lets work
 * make batches for the crew of workers, commits what they write, and seals the run.
 *
 * The way of a batch: a queue of work makes it, the crew hands it to a worker, harvest
 * reads back and checks what the worker wrote, batch links it into the run, and its
 * kind of job takes into the registry what it says. A restart does the last step alone.
 */
#ifndef MXCENSUS_COORDINATOR_COORDINATOR_H
#define MXCENSUS_COORDINATOR_COORDINATOR_H

#include "scanner/options/options.h"

/* Runs the whole: plan, measure, seal. Returns the exit status. */
int	coordinator_run(const struct options *);

#endif

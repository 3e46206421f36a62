/*
 * opening: opens a run with its lists, and reads the opt-out list again.
 */
#ifndef MXCENSUS_COORDINATOR_OPENING_H
#define MXCENSUS_COORDINATOR_OPENING_H

#include "scanner/options/options.h"
#include "scanner/run/run.h"

/* Opens the run with its lists. Returns EXIT_COMPLETE, or another status after
 * a message. If a list cannot be read, no run is left behind. If the run is
 * sealed (its state says so), a message says that nothing is left to do. */
int	opening_run(struct run *, const struct options *, int64_t started_ms);
/* Reads the opt-out list again; what is committed stays. Returns false if there
 * is none, or, after a message, if it cannot be read; then the previous list
 * stays in force. */
bool	opening_read_opt_out(struct run *, const struct options *);

#endif

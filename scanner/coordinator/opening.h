/*
 * opening: a run is opened with its lists, and the opt-out list is read again.
 */
#ifndef MXCENSUS_COORDINATOR_OPENING_H
#define MXCENSUS_COORDINATOR_OPENING_H

#include "scanner/options/options.h"
#include "scanner/run/run.h"

/* Opens the run with its lists. Returns EXIT_COMPLETE, or another status after a
 * line. A list that cannot be read leaves no run behind. If the run is sealed
 * (its state says so), a line says that nothing is left to do. */
int	opening_run(struct run *, const struct options *, int64_t started_ms);
/* Reads the opt-out list again; what is committed stays. False if there is none
 * or, after a line, if it cannot be read: then the list from before stays. */
bool	opening_read_opt_out(struct run *, const struct options *);

#endif

/*
 * progress: how far the run is, for the operator: one live line on a terminal,
 * else one line a minute; and RUN/progress.jsonl (figures.h): a line at the start,
 * every 10 seconds, where the phase changes, and at the end.
 */
#ifndef MXCENSUS_RUN_PROGRESS_H
#define MXCENSUS_RUN_PROGRESS_H

#include "scanner/options/options.h"
#include "scanner/run/figures.h"
#include "scanner/run/folder.h"

#define PROGRESS_FILE "progress.jsonl"

struct progress;

/* False after a line, where something else is in the place of progress.jsonl. */
bool	progress_can_begin(struct folder *);
/* The figures are those of this moment, without rates: progress sets these. */
struct progress *progress_new(const struct options *, struct folder *,
	    struct figures *);
/* Once a second. */
void	progress_tick(struct progress *, struct figures *);
/* The line is taken off the terminal. */
void	progress_end(struct progress *, struct figures *);

#endif

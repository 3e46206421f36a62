/*
 * progress: tells the operator how far the run is. On a terminal it is one live
 * line, otherwise one line per minute. RUN/progress.jsonl (figures.h) gets a
 * line at the start, every 10 seconds, when the phase changes, at each step of
 * the seal, and at the end. The coordinator owns it.
 */
#ifndef MXCENSUS_RUN_PROGRESS_H
#define MXCENSUS_RUN_PROGRESS_H

#include "scanner/options/options.h"
#include "scanner/run/figures.h"
#include "scanner/run/folder.h"

#define PROGRESS_FILE "progress.jsonl"

struct progress;

/* Returns false after a message, if progress.jsonl is not a file of ours. */
bool	progress_can_begin(struct folder *);
/* Starts with the figures of this moment. They have no rates and no share:
 * progress sets them. The share continues from the last line of the file. */
struct progress *progress_new(const struct options *, struct folder *,
	    struct figures *);
/* The coordinator calls it once a second. */
void	progress_tick(struct progress *, struct figures *);
/* Says that a step of the seal begins; there are no ticks while it lasts. */
void	progress_step(struct progress *, struct figures *);
/* Takes the live line off the terminal, writes the last line of the file, and
 * frees it. */
void	progress_end(struct progress *, struct figures *);

#endif

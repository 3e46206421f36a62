/*
 * progress: how far the run is, for the operator: one live line on a terminal,
 * else one line a minute; and RUN/progress.jsonl (figures.h): a line at the start,
 * every 10 seconds, where the phase changes, and at the end.
 */
#ifndef MXCENSUS_RUN_PROGRESS_H
#define MXCENSUS_RUN_PROGRESS_H

#define PROGRESS_FILE "progress.jsonl"

struct coordinator;
struct progress;

struct progress *progress_new(struct coordinator *);
/* Once a second. */
void	progress_tick(struct progress *);
/* The line is taken off the terminal. */
void	progress_end(struct progress *);

#endif

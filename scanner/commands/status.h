/*
 * status: how far a run is, asked from beside it: from run.json, the last line of
 * progress.jsonl, and whether a coordinator holds the lock. It only reads.
 */
#ifndef MXCENSUS_COMMANDS_STATUS_H
#define MXCENSUS_COMMANDS_STATUS_H

struct options;

/* Returns the exit status: 0; 65 where there is no run, after
 * a line that says why; 74 where it cannot be read. */
int	status_command(const struct options *);

#endif

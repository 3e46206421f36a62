/*
 * status: says how far a run is, while another process works on it, from
 * run.json, the last line of progress.jsonl, and whether a coordinator holds
 * the lock. It only reads.
 */
#ifndef MXCENSUS_COMMANDS_STATUS_H
#define MXCENSUS_COMMANDS_STATUS_H

struct options;

/* Returns the exit status: 0; 65 if there is no run, after a message that says
 * why; 74 if it cannot be read. */
int	status_command(const struct options *);

#endif

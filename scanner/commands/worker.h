/* worker: the command with which the coordinator starts its workers. */
#ifndef MXCENSUS_COMMANDS_WORKER_H
#define MXCENSUS_COMMANDS_WORKER_H

struct options;

/* It has the options of the scan, and its descriptors have the numbers of
 * process/child_descriptors.h. Returns the exit status. */
int	worker_command(const struct options *);

#endif

/*
 * run: the life of a worker, from its start to its end: what it opens before
 * its sandbox, in which order, and how it is closed. It owns the worker. It is
 * the only source that knows all folders of worker/.
 */
#ifndef MXCENSUS_WORKER_RUN_H
#define MXCENSUS_WORKER_RUN_H

struct options;

/* Runs a worker on an inherited socket until its coordinator ends it. Returns
 * the exit status. */
int	worker_run(const struct options *, int socket, int in_flight);

#endif

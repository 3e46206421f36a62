/*
 * limits: derives the limits of a run from the limit of open files. A worker
 * has a socket for each session, and the sockets of its resolvers; each batch
 * has files open.
 */
#ifndef MXCENSUS_COORDINATOR_LIMITS_H
#define MXCENSUS_COORDINATOR_LIMITS_H

#include "scanner/options/options.h"

struct limits {
	uint64_t	files;		/* that may be open */
	uint64_t	sessions;	/* --probes, as open files allow */
};

/* Raises the limit of open files as far as this process is allowed to. Returns
 * false after a message if that is not enough. */
bool	limits_raise(const struct options *, struct limits *);
unsigned limits_batches_a_worker(const struct limits *,
	    const struct options *);

#endif

/*
 * kernel_limits: reads the kernel's limits for this machine's network at the
 * start, and compares them with what the run can need (RULES F37). A limit that
 * is too low loses packets without an error, so a message says how to raise it.
 */
#ifndef MXCENSUS_COORDINATOR_KERNEL_LIMITS_H
#define MXCENSUS_COORDINATOR_KERNEL_LIMITS_H

#include <stdbool.h>
#include <stdint.h>

#define KERNEL_UNKNOWN (-1)	/* there is no such file, or it says nothing */

struct kernel_limits {
	int64_t		receive_bytes;		/* net.core.rmem_max */
	/* net.netfilter.nf_conntrack_*. The kernel tracks nothing if no
	 * connection is tracked now. */
	int64_t		tracked, tracked_most;
	int64_t		tracked_seconds;	/* a question, by default */
};

struct kernel_demand {
	uint64_t	workers;
	uint64_t	window;		/* questions in flight, of a worker */
	uint64_t	names;		/* of the run */
	bool		with_records;	/* of MTA-STS and TLSRPT */
	bool		is_direct;	/* the direct lane is used */
};

struct kernel_verdict {
	int64_t		receive_bytes;	/* to be allowed; 0: all is well */
	int64_t		tracked_most;	/* the same */
	int64_t		tracked_more;	/* what this run may add */
};

/* `root` is "" except in tests. */
void	kernel_limits_read(const char *root, struct kernel_limits *);
struct kernel_verdict kernel_limits_judge(const struct kernel_limits *,
	    const struct kernel_demand *);
/* Reads, judges, and says what is too low. */
void	kernel_limits_warn(const struct kernel_demand *);

#endif

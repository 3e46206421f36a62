/*
 * filter: which system calls a process may still make: a seccomp filter, which
 * nothing takes off again. What every process needs (memory, to end) is in it;
 * what a kind of process needs besides is a table of its own: worker/sandbox,
 * coordinator/reader_sandbox.
 *
 * What is not allowed fails with EPERM, so that a library that would like to open
 * something does without; to execute, fork or trace ends the process (SIGSYS).
 */
#ifndef MXCENSUS_PROCESS_FILTER_H
#define MXCENSUS_PROCESS_FILTER_H

#include <seccomp.h>
#include <stdbool.h>
#include <stddef.h>

#define FILTER_CONDITIONS 3

/* A call, and what its arguments must be (all of it; another rule of the same
 * call is an alternative). A condition of operator 0 is none. */
struct filter_rule {
	int			call;
	struct scmp_arg_cmp	when[FILTER_CONDITIONS];
};

/* How the tables are written. */
#define CALL(name)	.call = SCMP_SYS(name)
#define IS(n, value)	{ .arg = (n), .op = SCMP_CMP_EQ, .datum_a = (value) }
#define BITS(n, mask, value)						\
	{ .arg = (n), .op = SCMP_CMP_MASKED_EQ, .datum_a = (mask),	\
	  .datum_b = (value) }

/* Puts this process, which must have one thread, behind the filter for the rest
 * of its life. False with a reason if the kernel has no seccomp or allows none:
 * then there is no filter (but no_new_privs may be set). */
bool	filter_enter(const struct filter_rule *, size_t count, char why[256]);

#endif

/*
 * filter: a seccomp filter of the system calls that a process may still make.
 * It cannot be removed. It allows what every process needs (memory, and to
 * end). What a kind of process needs in addition is in a table in its own
 * module: worker/sandbox, input/reader_sandbox.
 *
 * A call that is not allowed fails with EPERM, so that a library that tries to
 * open something continues without it. An attempt to execute, fork or trace
 * ends the process (SIGSYS).
 */
#ifndef MXCENSUS_PROCESS_FILTER_H
#define MXCENSUS_PROCESS_FILTER_H

#include <seccomp.h>
#include <stdbool.h>
#include <stddef.h>

#define FILTER_CONDITIONS 3

/* A call, and the conditions that its arguments must all meet. Several rules
 * for the same call are alternatives. A condition with operator 0 is empty. */
struct filter_rule {
	int			call;
	struct scmp_arg_cmp	when[FILTER_CONDITIONS];
};

/* The notation of the tables. */
#define CALL(name)	.call = SCMP_SYS(name)
#define IS(n, value)	{ .arg = (n), .op = SCMP_CMP_EQ, .datum_a = (value) }
#define BITS(n, mask, value)						\
	{ .arg = (n), .op = SCMP_CMP_MASKED_EQ, .datum_a = (mask),	\
	  .datum_b = (value) }

/* Puts this process, which must have one thread, under the filter for the rest
 * of its life. Returns false with a reason if the kernel has no seccomp or
 * allows none. Then there is no filter (but no_new_privs may be set). */
bool	filter_enter(const struct filter_rule *, size_t count, char why[256]);

#endif

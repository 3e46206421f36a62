/*
 * sandbox: restricts the system calls of a worker once it has opened everything
 * that it needs: it can use Internet sockets, write to the descriptors that it
 * gets, and get memory. It is a seccomp filter and, where the kernel has it,
 * Landlock: neither can be removed.
 *
 * A call that is not allowed fails with EPERM, so that a library that tries to
 * open something continues without it. An attempt to execute, fork or trace
 * ends the process (SIGSYS). The filter does not limit the peers of the
 * sockets; only the network can do that.
 */
#ifndef MXCENSUS_WORKER_SANDBOX_H
#define MXCENSUS_WORKER_SANDBOX_H

#include <stdbool.h>

/* Puts this process, which must have one thread, into the sandbox for the rest
 * of its life. Returns false with a reason if the kernel has no seccomp or
 * allows none. Then there is no sandbox (but Landlock may be in force). */
bool	sandbox_enter(char why[256]);

#endif

/*
 * sandbox: what a worker may still ask of the kernel when it has opened
 * everything that it needs: to use Internet sockets, to write to the
 * descriptors that it gets, to have memory. It is a seccomp filter and, where
 * the kernel has it, Landlock: neither can be removed.
 *
 * A call that is not allowed fails with EPERM, so that a library that would
 * like to open something goes on without it. To execute, fork or trace ends the
 * process (SIGSYS). The filter does not limit to whom the sockets talk; only
 * the network can do that.
 */
#ifndef MXCENSUS_WORKER_SANDBOX_H
#define MXCENSUS_WORKER_SANDBOX_H

#include <stdbool.h>

/* Puts this process, which must have one thread, into the sandbox for the rest
 * of its life. False with a reason if the kernel has no seccomp or allows none.
 * Then there is no sandbox (but Landlock may be in force). */
bool	sandbox_enter(char why[256]);

#endif

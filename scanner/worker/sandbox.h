/*
 * sandbox: what a worker may still ask of the kernel once it has opened all that
 * it needs: to talk on Internet sockets, to write what it was handed, to have
 * memory. A seccomp filter, which nothing takes off again.
 *
 * What is not allowed fails with EPERM, so that a library that would like to open
 * something does without; to execute, fork or trace ends the process (SIGSYS).
 * It does not say whom the sockets may talk to: that is the network's to say.
 */
#ifndef MXCENSUS_WORKER_SANDBOX_H
#define MXCENSUS_WORKER_SANDBOX_H

#include <stdbool.h>

/* Puts this process, which must have one thread, into the sandbox for the rest
 * of its life. False with a reason if the kernel has no seccomp or allows none:
 * then there is no sandbox (but no_new_privs may be set). */
bool	sandbox_enter(char why[256]);

#endif

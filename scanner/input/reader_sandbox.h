/*
 * reader_sandbox: restricts the system calls of the reader of an input: it can
 * read the input, send events on one socket, and get memory. It is a seccomp
 * filter and, where the kernel has it, Landlock.
 */
#ifndef MXCENSUS_INPUT_READER_SANDBOX_H
#define MXCENSUS_INPUT_READER_SANDBOX_H

#include <stdbool.h>

/* Puts this process into the sandbox. Afterwards it can only write to the
 * channel and to standard error. Returns false with a reason, as filter_enter()
 * gives it. */
bool	reader_sandbox_enter(int channel, char why[256]);

#endif

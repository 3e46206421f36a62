/*
 * reader_sandbox: what the reader of an input may still ask of the kernel: to
 * read the input, to send events on one socket, and to get memory. It is a
 * seccomp filter and, where the kernel has it, Landlock.
 */
#ifndef MXCENSUS_INPUT_READER_SANDBOX_H
#define MXCENSUS_INPUT_READER_SANDBOX_H

#include <stdbool.h>

/* Puts this process into the sandbox. It may write only to the channel and to
 * standard error. False with a reason, as filter_enter() gives it. */
bool	reader_sandbox_enter(int channel, char why[256]);

#endif

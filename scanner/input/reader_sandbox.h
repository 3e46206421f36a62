/*
 * reader_sandbox: what the reader of an input may still ask of the kernel: to read
 * what it was handed, to say on one socket what stands there, to have memory.
 */
#ifndef MXCENSUS_INPUT_READER_SANDBOX_H
#define MXCENSUS_INPUT_READER_SANDBOX_H

#include <stdbool.h>

/* Puts this process into the sandbox; it may write to the channel and to standard
 * error alone. False with a reason: filter_enter(). */
bool	reader_sandbox_enter(int channel, char why[256]);

#endif

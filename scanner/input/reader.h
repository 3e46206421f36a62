/*
 * reader: the process that reads one input, and what the coordinator sees of it.
 *
 * Files of strangers are unpacked and parsed in a child that has nothing but the
 * input, a channel to the coordinator and standard error, in a sandbox that lets
 * it open nothing (reader_sandbox.h). It says what it finds in packets of events
 * (input_event.h) and asks for the files of $INCLUDE, which the coordinator opens
 * or refuses. It is a fork without exec: what it inherits are the options and the
 * memory of a coordinator that has read no input itself; the descriptors of the
 * run are closed before the first byte is read.
 */
#ifndef MXCENSUS_INPUT_READER_H
#define MXCENSUS_INPUT_READER_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "scanner/input/input.h"

#define READER_CRASH "MXCENSUS_TEST_READER_CRASH" /* in the environment: the name
						   * that it aborts at */

/* How far it has come; it writes, the coordinator reads what is left when it died,
 * and prints it: it is not checked. */
struct reached {
	uint64_t	bytes;		/* read of the input, as it is stored */
	uint64_t	line;		/* of what was said last; 0: nothing */
};

struct reader {
	pid_t		 pid;
	int		 channel;	/* SOCK_SEQPACKET; events come */
	volatile struct reached *reached;	/* shared with it */
};

/* Starts the reader of an open input, which stays the caller's. False with errno:
 * then there is nothing to end. */
bool	reader_start(struct reader *, int input, const struct input_options *,
	    int sandbox);	/* enum three_way */
/* Kills it, if it has not ended, and returns its status as waitpid() has it; that
 * of one that has said END is not defined. `reached` stays until reader_fini(). */
int	reader_end(struct reader *);
void	reader_fini(struct reader *);

#endif

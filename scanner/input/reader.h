/*
 * reader: the process that reads one input, and the coordinator's side of it.
 *
 * Files of strangers are unpacked and parsed in a child process that has only
 * the input, a channel to the coordinator, and standard error. A sandbox keeps
 * it from opening anything (reader_sandbox.h). It reports what it finds in
 * packets of events (input_event.h), and asks for the files of $INCLUDE, which
 * the coordinator opens or refuses. It is forked without exec: it inherits the
 * options, and the memory of a coordinator that has not read any input itself.
 * The descriptors of the run are closed before the first byte is read.
 *
 * The plan owns the reader while it reads an input.
 */
#ifndef MXCENSUS_INPUT_READER_H
#define MXCENSUS_INPUT_READER_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "scanner/input/input.h"

#define READER_CRASH "MXCENSUS_TEST_READER_CRASH" /* in the environment: the
						   * name at which the reader
						   * aborts */

/* How far the reader has come. The reader writes it. The coordinator reads it
 * after the reader has died. It is not checked, and only printed. */
struct reached {
	uint64_t	bytes;		/* of the input as it is stored */
	uint64_t	line;		/* of the last event; 0: there is
					 * none */
};

struct reader {
	pid_t		 pid;
	int		 channel;	/* SOCK_SEQPACKET, for events */
	volatile struct reached *reached;	/* shared with the reader */
};

/* Starts the reader of an open input, which the caller keeps. Returns false
 * with errno; then there is nothing to end. */
bool	reader_start(struct reader *, int input, const struct input_options *,
	    int sandbox);	/* enum three_way */
/* Kills the reader if it has not ended, and returns its status as waitpid()
 * gives it. After END the status is not defined. `reached` stays until
 * reader_fini(). */
int	reader_end(struct reader *);
void	reader_fini(struct reader *);

#endif

/*
 * wait_line: a run that only waits looks as if it hung. A line says until when
 * it waits.
 */
#ifndef MXCENSUS_COORDINATOR_WAIT_LINE_H
#define MXCENSUS_COORDINATOR_WAIT_LINE_H

#include <stdint.h>

/* Zeroed, nothing was told. */
struct wait_line {
	int64_t	until_ms;	/* as the last line says */
};

/* All that is left has to wait until then (clock_ms()); 0: it does not. What is
 * due a little later than the last line says gets no line of its own. */
void	wait_line_tell(struct wait_line *, int64_t until_ms);

#endif

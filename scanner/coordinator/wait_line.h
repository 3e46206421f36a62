/*
 * wait_line: prints until when a run waits, if it does nothing else. Without
 * this line it would seem to hang.
 */
#ifndef MXCENSUS_COORDINATOR_WAIT_LINE_H
#define MXCENSUS_COORDINATOR_WAIT_LINE_H

#include <stdint.h>

/* Zeroed, nothing was printed. */
struct wait_line {
	int64_t	until_ms;	/* as the last line says */
};

/* Says that everything that is left has to wait until `until_ms` (clock_ms());
 * 0: something does not have to wait. If this is only a little later than in
 * the last line, no other line is printed. */
void	wait_line_tell(struct wait_line *, int64_t until_ms);

#endif

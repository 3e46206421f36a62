/* output: what a command prints, which is its result. */
#ifndef MXCENSUS_BASE_OUTPUT_H
#define MXCENSUS_BASE_OUTPUT_H

#include <stdbool.h>

/* False, after a line, where not all that was printed on standard output since the
 * last time has arrived there. */
bool	output_flush(void);

#endif

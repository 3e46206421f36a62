/* output: what a command prints as its result. */
#ifndef MXCENSUS_BASE_OUTPUT_H
#define MXCENSUS_BASE_OUTPUT_H

#include <stdbool.h>

/* False, after a line, if not everything that was printed on standard output
 * since the last call has arrived there. */
bool	output_flush(void);

#endif

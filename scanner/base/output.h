/* output: what a command prints as its result. */
#ifndef MXCENSUS_BASE_OUTPUT_H
#define MXCENSUS_BASE_OUTPUT_H

#include <stdbool.h>

/* Returns false, after a message, if something that was printed on standard
 * output since the last call could not be written. */
bool	output_flush(void);

#endif

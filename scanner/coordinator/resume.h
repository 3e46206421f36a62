/*
 * resume: the output is the checkpoint. What is committed is read back in the order in
 * which it came to be; what is not is removed, and is left to do.
 */
#ifndef MXCENSUS_COORDINATOR_RESUME_H
#define MXCENSUS_COORDINATOR_RESUME_H

#include "scanner/coordinator/work/work.h"

/* False after a line. */
bool	resume_run(struct work *);

#endif

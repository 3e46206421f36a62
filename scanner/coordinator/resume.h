/*
 * resume: resumes a run that an earlier process began. The output is the
 * checkpoint: committed parts are read back, domains first, then hosts, probes
 * and policies. Files that are not committed are removed, and their work is
 * done again.
 */
#ifndef MXCENSUS_COORDINATOR_RESUME_H
#define MXCENSUS_COORDINATOR_RESUME_H

#include "scanner/coordinator/work/work.h"

/* Removes what is not committed and reads the rest into `work`. Returns false
 * after a message. */
bool	resume_run(struct work *);

#endif

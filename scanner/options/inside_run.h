/*
 * inside_run: is a path in the folder of a sealed run? A file that is added
 * there is one that SHA256SUMS does not list, and `mxcensus verify` no longer
 * finds the run whole.
 */
#ifndef MXCENSUS_OPTIONS_INSIDE_RUN_H
#define MXCENSUS_OPTIONS_INSIDE_RUN_H

#include <stdbool.h>

/* Only the last component of the path may be missing. The folder of a run is not
 * inside itself. */
bool	is_inside_run(const char *path);

#endif

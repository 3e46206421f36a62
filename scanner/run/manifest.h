/*
 * manifest: writes the files that describe the files of a run:
 * datapackage.json, SHA256SUMS, and run.json itself.
 */
#ifndef MXCENSUS_RUN_MANIFEST_H
#define MXCENSUS_RUN_MANIFEST_H

#include <stdbool.h>

#include "scanner/run/folder.h"

/* Describes the files that exist. `run` is the text of run.json, which is
 * written last: its state `sealed` says that everything else is complete.
 * Returns false after a message. */
bool	manifest_write(struct folder *, const char *run);

#endif

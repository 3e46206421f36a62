/*
 * manifest: what describes the files of a run: datapackage.json, SHA256SUMS, and
 * run.json itself.
 */
#ifndef MXCENSUS_RUN_MANIFEST_H
#define MXCENSUS_RUN_MANIFEST_H

#include <stdbool.h>

#include "scanner/run/folder.h"

/* Of the files that are there, and `run` as the text of run.json, which is the
 * last to be written: with the state `sealed` it says that the rest is there.
 * False after a line. */
bool	manifest_write(struct folder *, const char *run);

#endif

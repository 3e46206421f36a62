/*
 * derived: the last steps of a seal, which `conclude` takes again: it writes
 * what follows from the facts of a run (outcomes, summary.json) and what
 * describes the run (manifest).
 */
#ifndef MXCENSUS_RUN_DERIVED_H
#define MXCENSUS_RUN_DERIVED_H

#include "analysis/outcomes/conclude.h"
#include "scanner/run/folder.h"
#include "scanner/run/run_json.h"

/* The state becomes `sealed` in the last file that is written, run.json. If the
 * run was sealed before and no member has been set since, run.json keeps its
 * bytes. For all results but CONCLUDED a message has been written. */
enum conclude_result derived_write(struct folder *, struct run_json *);

#endif

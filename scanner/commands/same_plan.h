/*
 * same_plan: are two sealed runs of one plan, from two places (RULES V2)? Only
 * such runs are compared by place, and merged.
 */
#ifndef MXCENSUS_COMMANDS_SAME_PLAN_H
#define MXCENSUS_COMMANDS_SAME_PLAN_H

#include "scanner/commands/sealed_run.h"

/* EXIT_COMPLETE, or an exit status after a line: 2 if the runs do not fit
 * together, 65 if a member of run.json is not what it must be. */
int	same_plan_check(const struct sealed_run *a, const struct sealed_run *b);
/* The name of the run's place; NULL: it has none. */
const char *run_place(const struct run_json *);
/* The name of the index-th place of a merged run; NULL: it has no more, or the
 * run is not merged. */
const char *run_merged_place(const struct run_json *, size_t index);

#endif

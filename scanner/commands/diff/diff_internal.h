/* diff, its sources: the command and its files (diff.c), how the runs were made
 * otherwise (options.c), the text (text.c). */
#ifndef MXCENSUS_COMMANDS_DIFF_DIFF_INTERNAL_H
#define MXCENSUS_COMMANDS_DIFF_DIFF_INTERNAL_H

#include <jansson.h>
#include <stdio.h>

#include "analysis/diff/diff.h"
#include "scanner/commands/sealed_run.h"

/* What makes runs differ before anything has moved: [[what, old, new], ...],
 * texts. The caller's. */
json_t	*diff_options(const struct sealed_run runs[SIDE_COUNT]);
void	diff_options_list(const json_t *differences, FILE *);
/* `path` of each run is told. */
void	diff_print(const struct diff *, const struct sealed_run runs[SIDE_COUNT],
	    const json_t *differences, enum sender, FILE *);

#endif

/* What the sources of diff share: diff.c is the command and its files,
 * options.c finds how the runs were made differently, text.c prints the
 * text. */
#ifndef MXCENSUS_COMMANDS_DIFF_DIFF_INTERNAL_H
#define MXCENSUS_COMMANDS_DIFF_DIFF_INTERNAL_H

#include <jansson.h>
#include <stdio.h>

#include "analysis/diff/diff.h"
#include "scanner/commands/sealed_run.h"

/* What makes the runs differ even if nothing has moved: [[what, old, new],
 * ...], as texts. The caller owns it. */
json_t	*diff_options(const struct sealed_run runs[SIDE_COUNT]);
void	diff_options_list(const json_t *differences, FILE *);
/* The `path` of each run is printed. */
void	diff_print(const struct diff *, const struct sealed_run runs[SIDE_COUNT],
	    const json_t *differences, enum sender, FILE *);

#endif

/* diff, its sources: the command and its files (diff.c), what differs in how the
 * runs were made (options.c), the text (text.c); and what two places see
 * (places.c, places_text.c). */
#ifndef MXCENSUS_COMMANDS_DIFF_DIFF_INTERNAL_H
#define MXCENSUS_COMMANDS_DIFF_DIFF_INTERNAL_H

#include <jansson.h>
#include <stdio.h>

#include "analysis/diff/diff.h"
#include "analysis/diff/by_place.h"
#include "scanner/commands/sealed_run.h"

struct options;

/* A file of --csv; NULL after a line. */
FILE	*diff_create(const char *folder, const char *name);
bool	diff_make_folder(const char *folder);
/* False after a line if not all of it was written. */
bool	diff_close(FILE *, const char *folder);
/* False after a line: run.json lacks something. */
bool	diff_describe(const struct sealed_run *, struct diff_run *);
/* Compares two runs by place, and prints what they see. Returns an exit
 * status. */
int	diff_by_place(const struct options *,
	    const struct sealed_run runs[SIDE_COUNT]);
void	diff_print_places(const struct diff *, const struct places_diff *,
	    const struct sealed_run runs[SIDE_COUNT], enum sender, FILE *);
/* What makes the runs differ even if nothing has moved: [[what, old, new],
 * ...], as texts. The caller owns it. */
json_t	*diff_options(const struct sealed_run runs[SIDE_COUNT]);
void	diff_options_list(const json_t *differences, FILE *);
/* The `path` of each run is printed. */
void	diff_print(const struct diff *, const struct sealed_run runs[SIDE_COUNT],
	    const json_t *differences, enum sender, FILE *);

#endif

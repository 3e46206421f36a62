/*
 * run_file: run.json, which says what the run was: program, options in force,
 * vantage point, inputs, counts, and whether it is sealed (docs/schema.md).
 *
 * Others add their part as JSON, before it is written.
 */
#ifndef MXCENSUS_RUN_RUN_FILE_H
#define MXCENSUS_RUN_RUN_FILE_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "scanner/options/options.h"
#include "scanner/run/folder.h"

struct run_file {
	json_t	*json;
};

/* Makes the file; where there is one, holds the options against those of the first
 * start. False after a line that says what differs. */
bool	run_file_begin(struct run_file *, struct folder *, const struct options *,
	    int64_t started_ms);
bool	run_file_is_sealed(const struct run_file *);
/* Takes the value over. */
void	run_file_set(struct run_file *, const char *name, json_t *value);
/* What it says in that state; the caller frees it. NULL without memory. */
char	*run_file_text(struct run_file *, const char *state);
/* State: measuring. False after a line. */
bool	run_file_write(struct run_file *, struct folder *);
void	run_file_fini(struct run_file *);

#endif

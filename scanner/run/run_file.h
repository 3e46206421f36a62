/*
 * run_file: run.json as the scan makes it: program, options in force, vantage point and
 * trust anchors of the first start (docs/schema.md). Others add their part
 * before it is written (run_json_set).
 */
#ifndef MXCENSUS_RUN_RUN_FILE_H
#define MXCENSUS_RUN_RUN_FILE_H

#include <stdbool.h>
#include <stdint.h>

#include "scanner/options/options.h"
#include "scanner/run/folder.h"
#include "scanner/run/run_json.h"

enum run_file_result {
	RUN_FILE_HOLDS,
	/* After a line: */
	RUN_FILE_OF_OTHER_OPTIONS, RUN_FILE_BROKEN, RUN_FILE_NOT_WRITTEN,
};

/* Makes the file; where there is one, holds the options against those of the first
 * start. */
enum run_file_result run_file_begin(struct run_json *, struct folder *,
	    const struct options *, int64_t started_ms);
/* What it says in that state; the caller frees it. NULL without memory. */
char	*run_file_text(struct run_json *, enum run_state);
/* State: measuring. False after a line. */
bool	run_file_write(struct run_json *, struct folder *);

#endif

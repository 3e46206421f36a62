/*
 * run_file: makes run.json for a scan: the program, the options in force, the
 * vantage point and the trust anchors of the first start (docs/schema.md).
 * Other modules add their members with run_json_set before it is written.
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

/* What this program is, for run.json. The caller owns it. */
json_t	*run_file_program(void);
/* Makes the file. If there is one, compares the options with those of the first
 * start. */
enum run_file_result run_file_begin(struct run_json *, struct folder *,
	    const struct options *, int64_t started_ms);
/* Writes the file with the state `measuring`. Returns false after a message. */
bool	run_file_write(struct run_json *, struct folder *);

#endif

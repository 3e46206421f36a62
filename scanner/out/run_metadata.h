/*
 * run_metadata: what describes a run to tools that are not ours: datapackage.json
 * (Frictionless Data, Data Package v1, tabular profiles). Made from the columns;
 * here, and not in a command, so that the seal can write it.
 */
#ifndef MXCENSUS_OUT_RUN_METADATA_H
#define MXCENSUS_OUT_RUN_METADATA_H

#include <jansson.h>
#include <stddef.h>
#include <stdint.h>

#include "scanner/out/columns.h"

/* A part file as it was sealed. */
struct run_part {
	enum table_id	 table;
	const char	*path;		/* inside the run: "mx/part-000000.csv.gz" */
	uint64_t	 bytes;
	const char	*sha256;	/* 64 hex digits */
};

/* The whole datapackage.json, the caller's. Parts of one table stand in the
 * order given. A table without a part is left out, and so are the foreign keys
 * that lead to it and those with exceptions. `bytes` and `hash` stand at a
 * resource of one part, and at each of `parts` where there are several. */
json_t	*schema_datapackage(const struct run_part *parts, size_t count);
/* The tables without files: `{"resources": [{name, schema}, ...]}`. */
json_t	*schema_resources(void);
/* "name", "word", ... of a column's kind, for people. */
const char *schema_kind_text(enum column_kind);

#endif

/*
 * run_metadata: describes a run to other tools: datapackage.json (Frictionless
 * Data, Data Package v1, tabular profiles). It is made from the columns. It is
 * in this folder, not in a command, so that the seal can write it.
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

/* Returns the whole datapackage.json, which the caller owns. Parts of one table
 * keep the given order. A table without a part is left out, and so are foreign
 * keys that lead to it and those with exceptions (a sealed run has a part of
 * every table). A resource of one part has
 * `bytes` and `hash`; if there are several, each of its `parts` has them. */
json_t	*schema_datapackage(const struct run_part *parts, size_t count);
/* Returns the tables without files: `{"resources": [{name, schema}, ...]}`. */
json_t	*schema_resources(void);
/* Returns "name", "word", ...: a column's kind, for people. */
const char *schema_kind_text(enum column_kind);

#endif

/*
 * table_internal: what a table is made of. table_field.c sets its fields,
 * table.c closes its rows, and table_write.c writes them.
 */
#ifndef MXCENSUS_OUT_TABLE_INTERNAL_H
#define MXCENSUS_OUT_TABLE_INTERNAL_H

#include "scanner/base/buffer.h"
#include "scanner/out/table.h"

/* A row in `lines` and its sort key in `keys`. */
struct row {
	size_t	line, key;
	uint32_t line_length, key_length;
};

struct table {
	const struct table_schema *schema;
	struct buffer	 lines, keys;
	struct row	*rows;
	size_t		 count, size;
	/* The row that is being set: encoded fields, in the order in which they
	 * were set. */
	struct buffer	 fields;
	struct { size_t start, length; bool set; } spans[TABLE_COLUMNS_MAX];
	int64_t		 numbers[TABLE_KEY_MAX];	/* of key columns */
	/* Where the fields end in the row that table_end_row ended last,
	 * counted from the beginning of the row. For other rows this is not
	 * known. */
	uint32_t	 ends[TABLE_COLUMNS_MAX];
	bool		 has_ends;
};

#endif

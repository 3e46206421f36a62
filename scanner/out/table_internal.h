/*
 * table_internal: what a table is made of, for those who set its fields
 * (table_field.c), close its rows (table.c) and write them (table_write.c).
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
	/* The row that is being set: encoded fields, in the order set. */
	struct buffer	 fields;
	struct { size_t start, length; bool set; } spans[TABLE_COLUMNS_MAX];
	int64_t		 numbers[TABLE_KEY_MAX];	/* of key columns */
	/* Where the fields of the row end that table_end_row ended last, counted
	 * from its beginning; not known of any other row. */
	uint32_t	 ends[TABLE_COLUMNS_MAX];
	bool		 has_ends;
};

#endif

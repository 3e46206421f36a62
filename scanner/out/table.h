/*
 * table: the rows of one part of one table. They are gathered, sorted by key
 * and written as one gzip file (docs/schema.md "What a run writes").
 *
 * A row is set column by column in any order, and table_end_row closes it. A
 * column that was not set is null. Rows are kept as encoded lines with their
 * sort keys. Keys sort like their columns: names and words by bytes, numbers by
 * value, addresses in the order of their text. Escaping is done only here.
 */
#ifndef MXCENSUS_OUT_TABLE_H
#define MXCENSUS_OUT_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "scanner/out/columns.h"

struct table;

struct table *table_new(enum table_id);
void	table_free(struct table *);
size_t	table_rows(const struct table *);
void	table_clear(struct table *);		/* removes all rows */

/* NAME, WORD, LIST: the text is written as it is, since it is already
 * canonical. Only a '-' at the beginning of a name is escaped, which occurs
 * when labels were cut off its front. An empty text is null. */
void	table_set(struct table *, unsigned column, const char *text);
/* NUMBERS: whole numbers that are separated by one space in `text`. An empty
 * text is null. */
void	table_set_numbers(struct table *, unsigned column, const char *text);
/* TEXT: a peer's bytes, which are escaped: backslash and bytes outside
 * printable ASCII become \xHH, and so does a leading = + - @. */
void	table_set_text(struct table *, unsigned column, const void *bytes,
	    size_t length);
/* A value whose text is empty is null. */
/* TEXT that is escaped already (certificate.h: san). */
void	table_set_escaped(struct table *, unsigned column, const void *text,
	    size_t length);
void	table_set_enum(struct table *, unsigned column, int value);
void	table_set_flags(struct table *, unsigned column, unsigned bits);
void	table_set_number(struct table *, unsigned column, int64_t value);
void	table_set_bool(struct table *, unsigned column, bool value);
/* Unix time in milliseconds; years 0 to 9999, else null. */
void	table_set_time(struct table *, unsigned column, int64_t ms);
void	table_set_hex(struct table *, unsigned column, const void *bytes,
	    size_t length);
void	table_set_base64(struct table *, unsigned column, const void *bytes,
	    size_t length);
/* Sets a field to the text that table_get gave of one of the same column. The
 * column is not of the key, unless it is a text itself. */
void	table_set_written(struct table *, unsigned column, const char *text);
/* Copies a field as it was read, or a whole row, which it closes. */
struct table_reader;
void	table_copy_field(struct table *, const struct table_reader *,
	    unsigned column);
void	table_copy_row(struct table *, const struct table_reader *);
/* Asserts that key and required columns are set. */
void	table_end_row(struct table *);
/* For rows that differ only in their name, which is the first column and the
 * whole key. table_rest returns what follows the name in the last ended row; it
 * is encoded, and valid until the next row. table_end_row_like adds a row with
 * another name and such a rest. */
const void *table_rest(const struct table *, size_t *length);
/* Finds the field of a column in the rest, with its quotes. The row was ended
 * by table_end_row, and the column is not the first. */
struct table_span { size_t at, length; };
struct table_span table_rest_span(const struct table *, unsigned column);
void	table_end_row_like(struct table *, const char *first,
	    const void *rest, size_t length);

/* Sorts the rows and writes the header and the rows to `descriptor`. Two rows
 * with the same key are a bug (assert); with `distinct`, only the line that
 * comes first by bytes is written. Returns false with errno. The table is empty
 * afterwards. */
bool	table_write(struct table *, int descriptor, int level, bool distinct);

#endif

/*
 * table: the rows of one part of one table, gathered, sorted by key and written
 * as one gzip file (docs/schema.md "What a run writes").
 *
 * A row is set column by column in any order and closed by table_end_row; what
 * was not set is null. Rows are kept as encoded lines with their sort keys.
 * Keys sort as their columns: names and words by bytes, numbers by value,
 * addresses in the order of their text. Escaping is done here and nowhere else.
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

/* NAME, WORD, LIST: as it is (the caller's text is already canonical; a '-' that
 * leads a name, as one cut off the front of another may have it, is escaped). An
 * empty text is null. */
void	table_set(struct table *, unsigned column, const char *text);
/* TEXT: a peer's bytes; escaped (backslash and bytes outside printable ASCII as
 * \xHH, so is a leading = + - @). */
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
/* A field as it was read; a whole row, closed. */
struct table_reader;
void	table_copy_field(struct table *, const struct table_reader *,
	    unsigned column);
void	table_copy_row(struct table *, const struct table_reader *);
/* Asserts that key and required columns are set. */
void	table_end_row(struct table *);
/* For rows that are alike but for their name, which is the first column and alone
 * the key. table_rest gives what follows the name in the row that was ended last:
 * encoded, valid until the next row. table_end_row_like adds a row of another name
 * and such a rest. */
const void *table_rest(const struct table *, size_t *length);
/* Where the field of a column is in the rest, quotes included. The row was ended by
 * table_end_row, and the column is not the first. */
struct table_span { size_t at, length; };
struct table_span table_rest_span(const struct table *, unsigned column);
void	table_end_row_like(struct table *, const char *first,
	    const void *rest, size_t length);

/* Sorts, drops nothing (two rows of one key are a bug: assert, but for `distinct`
 * where the line that is first by bytes is written alone), writes header and rows
 * to `descriptor`. False with errno. The table is empty afterwards. */
bool	table_write(struct table *, int descriptor, int level, bool distinct);

#endif

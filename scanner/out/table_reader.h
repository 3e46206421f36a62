/*
 * table_reader: reads a part file back, row by row (RFC 4180 in gzip). The
 * coordinator reads what a worker wrote before it commits it, a restart reads
 * what was committed, and verify and conclude read everything. So every byte is
 * checked.
 */
#ifndef MXCENSUS_OUT_TABLE_READER_H
#define MXCENSUS_OUT_TABLE_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "scanner/out/columns.h"

struct table_reader;

/* Reads from the beginning of `descriptor`, which the caller keeps, and whose
 * offset does not change (pread). The header must be the header of the schema.
 * Returns NULL if the descriptor is negative, and leaves errno as it was. */
struct table_reader *table_reader_open(enum table_id, int descriptor);
void	table_reader_close(struct table_reader *);
/* Returns 1: a row; 0: the end, and the gzip stream is whole; -1: it is broken,
 * as table_reader_why says, and each further call returns the same. Each field
 * is checked against its column: it must be exactly the text that table writes
 * for its value (field.h). A record has at most 1 MiB, a part at most 1 GiB
 * unpacked. */
int	table_reader_next(struct table_reader *);
const char *table_reader_why(const struct table_reader *);

/* A field of the present row; it is NUL-terminated, and "" if null. */
const char *table_get(const struct table_reader *, unsigned column);
size_t	table_get_length(const struct table_reader *, unsigned column);
bool	table_is_null(const struct table_reader *, unsigned column);
/* For numbers and booleans; 0 if null. */
int64_t	table_get_number(const struct table_reader *, unsigned column);
/* ENUM: the value, -1 if null. FLAGS: bits. */
int	table_get_enum(const struct table_reader *, unsigned column);
unsigned table_get_flags(const struct table_reader *, unsigned column);
/* TIME: Unix milliseconds; INT64_MIN if null. */
int64_t	table_get_time(const struct table_reader *, unsigned column);
/* Decodes HEX, BASE64 or TEXT into `bytes`. Returns the length, or -1 if it is
 * over `size`. */
long	table_get_bytes(const struct table_reader *, unsigned column,
	    uint8_t *bytes, size_t size);

#endif

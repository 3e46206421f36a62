/*
 * table_reader: a part file read back, row by row (RFC 4180 in gzip). The
 * coordinator reads what a worker wrote before it commits it, a restart reads
 * what was committed, verify and conclude read all: every byte is checked.
 */
#ifndef MXCENSUS_OUT_TABLE_READER_H
#define MXCENSUS_OUT_TABLE_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "scanner/out/columns.h"

struct table_reader;

/* Reads from the beginning of `descriptor`, which stays the caller's and keeps
 * its offset (pread). The header must be the schema's. NULL if the descriptor is
 * negative, errno as it was. */
struct table_reader *table_reader_open(enum table_id, int descriptor);
void	table_reader_close(struct table_reader *);
/* 1: a row; 0: the end, gzip stream whole; -1: broken, table_reader_why, and so
 * again at each further call. Each field is checked against its column: it must
 * be the one text that table writes for its value (field.h). A record has at most
 * 1 MiB, a part at most 1 GiB unpacked. */
int	table_reader_next(struct table_reader *);
const char *table_reader_why(const struct table_reader *);

/* Of the present row; NUL-terminated, "" where null. */
const char *table_get(const struct table_reader *, unsigned column);
size_t	table_get_length(const struct table_reader *, unsigned column);
bool	table_is_null(const struct table_reader *, unsigned column);
/* Numbers and booleans; 0 where null. */
int64_t	table_get_number(const struct table_reader *, unsigned column);
/* ENUM: the value, -1 where null. FLAGS: bits. */
int	table_get_enum(const struct table_reader *, unsigned column);
unsigned table_get_flags(const struct table_reader *, unsigned column);
/* TIME: Unix milliseconds; INT64_MIN where null. */
int64_t	table_get_time(const struct table_reader *, unsigned column);
/* HEX, BASE64, TEXT decoded into `bytes`; the length, or -1 if over `size`. */
long	table_get_bytes(const struct table_reader *, unsigned column,
	    uint8_t *bytes, size_t size);

#endif

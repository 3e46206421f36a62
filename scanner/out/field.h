/*
 * field: the text of one field of a table, checked against its column and read
 * back. A field has one text for one value: what table writes, and nothing else,
 * is legal (docs/schema.md "What a run writes").
 *
 * `text` is NUL-terminated at `length`. All but field_is_legal() expect a text
 * that is legal.
 */
#ifndef MXCENSUS_OUT_FIELD_H
#define MXCENSUS_OUT_FIELD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "scanner/out/columns.h"

bool	field_is_legal(const struct column *, const char *text, size_t length);

/* NUMBER, BOOL; 0 where null. */
int64_t	field_number(const char *text);
unsigned field_flags(const struct enumeration *, const char *text);
/* RFC 3339 with milliseconds and Z, to Unix milliseconds. */
int64_t	field_time(const char *text);
/* The same of a text that is no field, as in JSON: false if it is not legal. */
bool	field_read_time(const char *text, int64_t *ms);
/* HEX, BASE64, TEXT decoded into `bytes`; the length, or -1 if over `size`. */
long	field_bytes(enum column_kind, const char *text, size_t length,
	    uint8_t *bytes, size_t size);

#endif

/*
 * field: the text of one field of a table, checked against its column and read
 * back. Each value has exactly one legal text, which is the one that table
 * writes (docs/schema.md "What a run writes").
 *
 * `text` is NUL-terminated at `length`. All functions except field_is_legal()
 * expect a legal text.
 */
#ifndef MXCENSUS_OUT_FIELD_H
#define MXCENSUS_OUT_FIELD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "scanner/out/columns.h"

bool	field_is_legal(const struct column *, const char *text, size_t length);

/* For NUMBER and BOOL; 0 if it is null. */
int64_t	field_number(const char *text);
/* Reads NUMBERS one by one. `at` begins at the field and advances. Returns
 * false at the end. */
bool	field_next_number(const char **at, unsigned long *number);
unsigned field_flags(const struct enumeration *, const char *text);
/* Reads RFC 3339 with milliseconds and Z as Unix milliseconds. */
int64_t	field_time(const char *text);
/* Does the same for a text that is not a field, as in JSON. Returns false if it
 * is not legal. */
bool	field_read_time(const char *text, int64_t *ms);
/* Decodes HEX, BASE64 or TEXT into `bytes`. Returns the length, or -1 if it is
 * over `size`. */
long	field_bytes(enum column_kind, const char *text, size_t length,
	    uint8_t *bytes, size_t size);

#endif

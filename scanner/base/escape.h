/*
 * escape: writes bytes of a stranger or of the operator as text that is safe to
 * show on a terminal, in a table or in a log. Printable ASCII stays as it is;
 * the backslash and every other byte become \xHH. The text can be read back,
 * byte by byte.
 */
#ifndef MXCENSUS_BASE_ESCAPE_H
#define MXCENSUS_BASE_ESCAPE_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct buffer;

void	escape_append(struct buffer *, const void *bytes, size_t length);
/* Writes \xHH for any byte, even for a printable one that must be escaped: a
 * space between words, or a sign that begins a formula. */
void	escape_append_byte(struct buffer *, uint8_t byte);
void	escape_print(FILE *, const void *bytes, size_t length);
/* Writes text of a column, which is escaped already, so its backslashes
 * stay. */
void	escape_print_column(FILE *, const void *bytes, size_t length);

#endif

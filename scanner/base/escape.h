/*
 * escape: text that a stranger or the operator wrote, as it may be shown on a
 * terminal: what is not printable ASCII becomes \xHH.
 */
#ifndef MXCENSUS_BASE_ESCAPE_H
#define MXCENSUS_BASE_ESCAPE_H

#include <stdio.h>

#include "scanner/base/buffer.h"

/* The backslash becomes \x5c, so that the text can be told from its escapes. */
void	escape_append(struct buffer *, const void *bytes, size_t length);
void	escape_print(FILE *, const void *bytes, size_t length);
/* Text of a column, which is escaped already: its backslashes stay. */
void	escape_print_column(FILE *, const void *bytes, size_t length);

#endif

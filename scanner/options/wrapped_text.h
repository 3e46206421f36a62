/* wrapped_text: prints the words of a help text on as many lines as they
 * take. */
#ifndef MXCENSUS_OPTIONS_WRAPPED_TEXT_H
#define MXCENSUS_OPTIONS_WRAPPED_TEXT_H

#include <stdio.h>

/* The line is at `column` already; further lines begin at `indent`. Each word
 * is printed after a space, and the last line with its newline. */
void	wrapped_text_print(FILE *, const char *text, int indent, int column);

#endif

/* wrapped_text: words of a help text, on as many lines as they take. */
#ifndef MXCENSUS_OPTIONS_WRAPPED_TEXT_H
#define MXCENSUS_OPTIONS_WRAPPED_TEXT_H

#include <stdio.h>

/* The line stands at `column`, further ones begin at `indent`, each before a
 * space; with the last newline. */
void	wrapped_text_print(FILE *, const char *text, int indent, int column);

#endif

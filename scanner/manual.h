/*
 * manual: the man page, in mdoc(7), from the tables that make parser and --help.
 */
#ifndef MXCENSUS_MANUAL_H
#define MXCENSUS_MANUAL_H

#include <stdio.h>

void	manual_print(FILE *);

#endif

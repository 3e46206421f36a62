/*
 * manual: makes the man page, in mdoc(7), from the tables that make the parser
 * and --help.
 */
#ifndef MXCENSUS_MANUAL_H
#define MXCENSUS_MANUAL_H

#include <stdio.h>

void	manual_print(FILE *);

#endif

/*
 * manual: makes the man pages, in mdoc(7). There is one for the program and one
 * for each command, from the tables that make the parser and --help, and from
 * the texts of pages.c.
 */
#ifndef MXCENSUS_MANUAL_MANUAL_H
#define MXCENSUS_MANUAL_MANUAL_H

#include <stdbool.h>
#include <stdio.h>

/* Prints the names of the pages, a line for each: mxcensus, mxcensus-scan. */
void	manual_list(FILE *);
/* Prints the page of that name. False if there is none. */
bool	manual_print(FILE *, const char *page);

#endif

/* summary: the headline figures of a run, from the counts in its run.json. */
#ifndef MXCENSUS_COMMANDS_SUMMARY_H
#define MXCENSUS_COMMANDS_SUMMARY_H

#include <stdbool.h>
#include <stdio.h>

/* False after a line that says what is wrong. */
bool	summary_print(const char *run, FILE *);

#endif

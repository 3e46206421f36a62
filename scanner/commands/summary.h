/* summary: the headline figures of a run, from its summary.json. */
#ifndef MXCENSUS_COMMANDS_SUMMARY_H
#define MXCENSUS_COMMANDS_SUMMARY_H

#include <stdbool.h>
#include <stdio.h>

#include "scanner/options/options.h"

/* Returns false after a message that says what is wrong. */
bool	summary_print(const char *run, enum answer_form, FILE *);
/* Returns the exit status. */
int	summary_command(const struct options *);

#endif

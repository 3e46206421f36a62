/* summary: the headline figures of a run, from its summary.json. */
#ifndef MXCENSUS_COMMANDS_SUMMARY_H
#define MXCENSUS_COMMANDS_SUMMARY_H

#include <stdbool.h>
#include <stdio.h>

enum summary_form { SUMMARY_TEXT, SUMMARY_JSON, SUMMARY_CSV };

/* False after a line that says what is wrong. */
bool	summary_print(const char *run, enum summary_form, FILE *);
extern const char summary_usage[];
int	summary_command(int argc, char **argv);

#endif

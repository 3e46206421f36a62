/* commands: what the first words of a command line may be. */
#ifndef MXCENSUS_COMMAND_H
#define MXCENSUS_COMMAND_H

#include <stdio.h>

#include "scanner/options/command.h"

/* Finds the command that a command line names, whose first word is argv[0].
 * argc and argv move on to the last word of its name. NULL after a message with
 * the command that may have been meant. */
const struct command *command_find(int *argc, char ***argv);
/* The exit status of options that were refused, after a line. A monitor's
 * check prints its answer to that, too. */
int	command_usage_status(const struct options *, int argc, char **argv);
/* Does its name have two words, of which the first is a command as well? */
bool	command_is_subcommand(const struct command *);
/* Prints a line for each command that `mxcensus --help` lists. */
void	command_list(FILE *);

#endif

/* commands: what the first words of a command line may be. */
#ifndef MXCENSUS_COMMAND_H
#define MXCENSUS_COMMAND_H

#include <stdio.h>

#include "scanner/options/command.h"

/* Ends with one without a name. */
extern const struct command commands[];

/* The command that a command line names, whose first word is argv[0]. argc and argv
 * move on to the last word of its name. NULL, after a line that tells what may have
 * been meant. */
const struct command *command_find(int *argc, char ***argv);
/* Has its name two words, of which the first is a command as well? */
bool	command_is_subcommand(const struct command *);
/* The commands that `mxcensus --help` lists, each in a line. */
void	command_list(FILE *);

#endif

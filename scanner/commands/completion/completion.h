/* completion: prints a script with which a shell completes command lines. It is
 * made from the tables of commands and options. */
#ifndef MXCENSUS_COMMANDS_COMPLETION_COMPLETION_H
#define MXCENSUS_COMMANDS_COMPLETION_COMPLETION_H

struct options;

int	completion_command(const struct options *);

#endif

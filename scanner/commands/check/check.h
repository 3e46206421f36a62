/* check: domains now, explained for a person, with what to mend. */
#ifndef MXCENSUS_COMMANDS_CHECK_CHECK_H
#define MXCENSUS_COMMANDS_CHECK_CHECK_H

struct options;

/* Returns the exit status. */
int	check_command(const struct options *);

#endif

/* diff: what moved between two sealed runs, as text and as lists in CSV. */
#ifndef MXCENSUS_COMMANDS_DIFF_DIFF_H
#define MXCENSUS_COMMANDS_DIFF_DIFF_H

extern const char diff_usage[];
int	diff_command(int argc, char **argv);

#endif

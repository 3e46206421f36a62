/* diff: prints what changed between two sealed runs, as text and as lists in
 * CSV. */
#ifndef MXCENSUS_COMMANDS_DIFF_DIFF_H
#define MXCENSUS_COMMANDS_DIFF_DIFF_H

struct options;

int	diff_command(const struct options *);

#endif

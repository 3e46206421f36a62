/* merge: makes one sealed run of two runs of one plan from two places. */
#ifndef MXCENSUS_COMMANDS_MERGE_MERGE_H
#define MXCENSUS_COMMANDS_MERGE_MERGE_H

struct options;

int	merge_command(const struct options *);

#endif

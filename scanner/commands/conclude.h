/* conclude: outcomes and summary.json of a sealed run anew, from its facts. */
#ifndef MXCENSUS_COMMANDS_CONCLUDE_H
#define MXCENSUS_COMMANDS_CONCLUDE_H

struct options;

int	conclude_command(const struct options *);

#endif

/* conclude: makes the outcomes and summary.json of a sealed run again, from its
 * facts. */
#ifndef MXCENSUS_COMMANDS_CONCLUDE_H
#define MXCENSUS_COMMANDS_CONCLUDE_H

struct options;

int	conclude_command(const struct options *);

#endif

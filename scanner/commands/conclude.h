/* conclude: outcomes and summary.json of a sealed run anew, from its facts. */
#ifndef MXCENSUS_COMMANDS_CONCLUDE_H
#define MXCENSUS_COMMANDS_CONCLUDE_H

extern const char conclude_usage[];
int	conclude_command(int argc, char **argv);

#endif

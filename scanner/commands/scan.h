/* scan: the whole pipeline, from names to a sealed run. */
#ifndef MXCENSUS_COMMANDS_SCAN_H
#define MXCENSUS_COMMANDS_SCAN_H

struct options;

/* Returns the exit status. */
int	scan_command(const struct options *);

#endif

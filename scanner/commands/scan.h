/* scan: the whole pipeline, from names to a sealed run. */
#ifndef MXCENSUS_COMMANDS_SCAN_H
#define MXCENSUS_COMMANDS_SCAN_H

/* argv[0] is "scan". Returns the exit status. */
int	scan_command(int argc, char **argv);

#endif

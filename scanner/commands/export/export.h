/* export: a copy of a sealed run for publication. */
#ifndef MXCENSUS_COMMANDS_EXPORT_EXPORT_H
#define MXCENSUS_COMMANDS_EXPORT_EXPORT_H

extern const char export_usage[];
int	export_command(int argc, char **argv);

#endif

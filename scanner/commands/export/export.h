/* export: a copy of a sealed run for publication. */
#ifndef MXCENSUS_COMMANDS_EXPORT_EXPORT_H
#define MXCENSUS_COMMANDS_EXPORT_EXPORT_H

struct options;

int	export_command(const struct options *);

#endif

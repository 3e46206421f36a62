/* export: a copy of a sealed run for publication. */
#ifndef MXCENSUS_COMMANDS_EXPORT_H
#define MXCENSUS_COMMANDS_EXPORT_H

/* `mxcensus export RUN -o FOLDER [--anonymous]` */
int	export_command(int argc, char **argv);

#endif

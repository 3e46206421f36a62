/* schema: the tables and their columns, for people and for tools. */
#ifndef MXCENSUS_COMMANDS_SCHEMA_H
#define MXCENSUS_COMMANDS_SCHEMA_H

#include <stdbool.h>
#include <stdio.h>

/* As text, or as the table schemas of a Frictionless Data package. */
void	schema_print(FILE *, bool as_datapackage);
extern const char schema_usage[];
int	schema_command(int argc, char **argv);

#endif

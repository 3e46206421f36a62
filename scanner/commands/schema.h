/* schema: the tables and their columns, for people and for tools. */
#ifndef MXCENSUS_COMMANDS_SCHEMA_H
#define MXCENSUS_COMMANDS_SCHEMA_H

#include <stdbool.h>
#include <stdio.h>

struct options;

/* Prints them as text, or as the table schemas of a Frictionless Data
 * package. */
void	schema_print(FILE *, bool as_datapackage);
int	schema_command(const struct options *);

#endif

/* schema: the tables and their columns, for people and for tools. */
#ifndef MXCENSUS_COMMANDS_SCHEMA_H
#define MXCENSUS_COMMANDS_SCHEMA_H

#include <stdbool.h>
#include <stdio.h>

#include "scanner/out/run_metadata.h"	/* schema_datapackage() */

/* As text, or as the table schemas of a Frictionless Data package. Returns the
 * exit status. */
int	schema_print(FILE *, bool as_datapackage);

#endif

/*
 * verify: proves that a run is whole (docs/schema.md): keys are unique over all
 * parts, foreign keys resolve, no input is lost, hashes hold.
 */
#ifndef MXCENSUS_COMMANDS_VERIFY_H
#define MXCENSUS_COMMANDS_VERIFY_H

#include <stdio.h>

struct options;

/* Prints a line for each violation. Returns the exit status: 0 the run is
 * whole; 65 it has violations, or is not a run; 75 it is not sealed, but whole
 * so far; 74 it cannot be read. */
int	verify_run(const char *run, FILE *);
/* Are the facts of a sealed run those that SHA256SUMS lists? Prints a line for
 * each one that is not. Returns 0, 65, or 74 if a file cannot be read. */
int	verify_facts(const char *run, FILE *);
int	verify_command(const struct options *);

#endif

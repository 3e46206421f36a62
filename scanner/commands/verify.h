/*
 * verify: proves that a run is whole (docs/schema.md): keys are unique over all
 * parts, foreign keys resolve, no input is lost, hashes hold.
 */
#ifndef MXCENSUS_COMMANDS_VERIFY_H
#define MXCENSUS_COMMANDS_VERIFY_H

#include <stdio.h>

struct options;

/* Prints a line for each violation. Returns the exit status: 0 whole; 65
 * violated, or no run; 75 not sealed, and what is there is whole; 74
 * unreadable. */
int	verify_run(const char *run, FILE *);
/* Are the facts of a sealed run those that SHA256SUMS lists? One line for each that
 * is not. 0; 65; 74 unreadable. */
int	verify_facts(const char *run, FILE *);
int	verify_command(const struct options *);

#endif

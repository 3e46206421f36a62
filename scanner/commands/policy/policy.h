/*
 * policy: policy lists (STARTTLS Everywhere v0.1): drawn from runs, held against
 * one, in the words of others.
 */
#ifndef MXCENSUS_COMMANDS_POLICY_POLICY_H
#define MXCENSUS_COMMANDS_POLICY_POLICY_H

#include <stdio.h>

/* argv[0] is "policy". Returns the exit status. */
int	policy_command(int argc, char **argv);
/* Its part of the man page, in mdoc(7). */
void	policy_man(FILE *);

#endif

/*
 * policy: the commands on policy lists (STARTTLS Everywhere v0.1): they draw a
 * list from runs, compare a list with a run, and translate a list for other
 * programs.
 */
#ifndef MXCENSUS_COMMANDS_POLICY_POLICY_H
#define MXCENSUS_COMMANDS_POLICY_POLICY_H

#include <stdbool.h>

struct command_term;
struct options;

/* Each returns the exit status. */
int	policy_candidates_command(const struct options *);
int	policy_audit_command(const struct options *);
int	policy_export_command(const struct options *);
/* For their help: the rules of candidates, and the classes of findings. */
bool	policy_candidates_term(unsigned index, struct command_term *);
bool	policy_audit_term(unsigned index, struct command_term *);

#endif

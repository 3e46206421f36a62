/*
 * check: domains now, explained for a person, with what to mend. Its sources:
 *
 *	check.c			the command: scan, read back, explain
 *	facts.c, facts_hosts.c	what the run says of a domain; nothing is judged
 *	advice.c		applies the rules to the facts, and sorts what holds
 *	rules.c			the table of rules, in the order of the advice
 *	conditions*.c		what the rules ask: of domain, host, address
 *	records.c		the records that a rule says to publish or remove
 *	print.c, json.c		the answer, for a person and for a program
 */
#ifndef MXCENSUS_COMMANDS_CHECK_CHECK_H
#define MXCENSUS_COMMANDS_CHECK_CHECK_H

struct options;

/* Returns the exit status. */
int	check_command(const struct options *);

#endif

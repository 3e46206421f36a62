/*
 * check: measures domains now, explains the result to a person, and says what
 * to fix. Its sources:
 *
 *	check.c			the command: scan, read back, explain
 *	facts.c, facts_hosts.c	what the run says of a domain, not judged
 *	advice.c		applies the rules to the facts, sorts advice
 *	rules.c			the table of rules, in their order
 *	conditions*.c		the conditions on domain, host and address
 *	records.c		the records that a rule says to publish or remove
 *	print.c, json.c		the answer, for a person and for a program
 *	nagios.c		the answer in one line, for a monitor
 */
#ifndef MXCENSUS_COMMANDS_CHECK_CHECK_H
#define MXCENSUS_COMMANDS_CHECK_CHECK_H

struct options;

/* Returns the exit status. */
int	check_command(const struct options *);
/* For a check of a monitor (--nagios) that has no answer: prints the one line,
 * and returns the status of a plugin (unknown). */
int	check_nagios_fails(int status);

#endif

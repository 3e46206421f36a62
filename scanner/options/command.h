/*
 * command: what a command of mxcensus is: which options it has, what it says in
 * --help and in the man page, which arguments it takes, and how it is run. The
 * table of them is in scanner/command.c.
 */
#ifndef MXCENSUS_OPTIONS_COMMAND_H
#define MXCENSUS_OPTIONS_COMMAND_H

#include <stdbool.h>

struct options;

/* In the table of options, a bit for each command that has one. */
enum {
	COMMAND_SCAN = 1 << 0, COMMAND_CHECK = 1 << 1, COMMAND_ZONE = 1 << 2,
	COMMAND_STATUS = 1 << 3, COMMAND_SUMMARY = 1 << 4,
	COMMAND_CONCLUDE = 1 << 5, COMMAND_POLICY = 1 << 6,
	COMMAND_POLICY_CANDIDATES = 1 << 7, COMMAND_POLICY_AUDIT = 1 << 8,
	COMMAND_POLICY_EXPORT = 1 << 9, COMMAND_DIFF = 1 << 10,
	COMMAND_EXPORT = 1 << 11, COMMAND_VERIFY = 1 << 12,
	COMMAND_SCHEMA = 1 << 13, COMMAND_TLSA = 1 << 14,
	COMMAND_TLSA_HOST = 1 << 15,
};

/* A word that a command prints or writes, for its help. */
struct command_term {
	const char	*word, *meaning;
};

struct command {
	const char	*name;		/* "scan", "policy audit" */
	/* A line of mxcensus --help; NULL: it is not for people. */
	const char	*summary;
	/* The bits of the commands whose options it has. */
	unsigned	 options;
	/* Returns the exit status. NULL: it has subcommands alone. */
	int		(*run)(const struct options *);
	/* Its --help: the arguments, a line for each way to call it; what it does;
	 * and what is said in the end. Lines have 80 columns. */
	const char	*arguments, *about, *end;
	/* How many arguments it takes, and what is said otherwise. */
	unsigned	 least, most;
	const char	*too_few, *too_many;
	/* The default of --attempts, where it is another; NULL. */
	const char	*attempts;
	/* A heading, and the index-th word below it, false past the last; NULL. */
	const char	*terms;
	bool		(*term)(unsigned index, struct command_term *);
};

#endif

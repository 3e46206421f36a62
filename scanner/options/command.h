/*
 * command: describes a command of mxcensus: which options it has, what it says
 * in --help and in the man page, which arguments it takes, and how it is run.
 * The table of commands is in scanner/command.c.
 */
#ifndef MXCENSUS_OPTIONS_COMMAND_H
#define MXCENSUS_OPTIONS_COMMAND_H

#include <stdbool.h>

struct options;

/* A bit for each command that has options in the table of options. */
enum {
	COMMAND_SCAN = 1 << 0, COMMAND_CHECK = 1 << 1, COMMAND_ZONE = 1 << 2,
	COMMAND_STATUS = 1 << 3, COMMAND_SUMMARY = 1 << 4,
	COMMAND_CONCLUDE = 1 << 5, COMMAND_POLICY = 1 << 6,
	COMMAND_POLICY_CANDIDATES = 1 << 7, COMMAND_POLICY_AUDIT = 1 << 8,
	COMMAND_POLICY_EXPORT = 1 << 9, COMMAND_DIFF = 1 << 10,
	COMMAND_EXPORT = 1 << 11, COMMAND_VERIFY = 1 << 12,
	COMMAND_SCHEMA = 1 << 13, COMMAND_TLSA = 1 << 14,
	COMMAND_TLSA_HOST = 1 << 15, COMMAND_MERGE = 1 << 16,
	COMMAND_PROBING_TXT = 1 << 17, COMMAND_COMPLETION = 1 << 18,
	/* Of scan alone: which part of a run it does. These options are not in
	 * run.json. */
	COMMAND_STAGE = 1 << 19,
};

/* A word that a command prints or writes, for its help. */
struct command_term {
	const char	*word, *meaning;
};

struct command {
	const char	*name;		/* "scan", "policy audit" */
	/* Its line in mxcensus --help; NULL: the command is not for people. */
	const char	*summary;
	/* The bits of the commands whose options it has. */
	unsigned	 options;
	/* Runs the command and returns the exit status. NULL: it only has
	 * subcommands. */
	int		(*run)(const struct options *);
	/* Its --help: the arguments, a line for each way to call it; what it
	 * does; and what comes at the end. Lines have at most 80 columns. */
	const char	*arguments, *about, *end;
	/* How many arguments it takes, and the message if there are more or
	 * fewer. */
	unsigned	 least, most;
	const char	*too_few, *too_many;
	/* The default of --attempts if it is a different one; otherwise
	 * NULL. */
	const char	*attempts;
	/* A heading, and the index-th word below it, false past the last; NULL. */
	const char	*terms;
	bool		(*term)(unsigned index, struct command_term *);
};

/* The table. It ends with one without a name. */
extern const struct command commands[];

#endif

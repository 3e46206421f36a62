/*
 * table: the one table of options (docs/style.md), of all commands. The parser,
 * --help, the man page and run.json are made from it.
 */
#ifndef MXCENSUS_OPTIONS_TABLE_H
#define MXCENSUS_OPTIONS_TABLE_H

#include <stdio.h>

#include "scanner/options/command.h"
#include "scanner/options/options.h"

enum option_kind {
	KIND_TEXT, KIND_COUNT, KIND_TIME, KIND_FLAG, KIND_CHOICE,
	KIND_PREFIXES, KIND_PATHS, KIND_SAMPLE, KIND_SHARD,
	KIND_FORM,	/* a flag that sets an int to `least` */
	KIND_HELP, KIND_VERSION,
};

struct option_entry {
	unsigned	 commands;	/* the commands that have it: bits of
					 * command.h */
	const char	*group;		/* a heading of --help; "": none */
	const char	*name;
	char		 letter;
	enum option_kind kind;
	size_t		 offset;	/* in struct options */
	/* The name of the argument in help. An argument in brackets may be left
	 * out; the value is `least` then. */
	const char	*value;
	const char	*preset;	/* default, as it would be typed */
	const char *const *choices;
	uint64_t	 least, most;	/* of counts; ms of times */
	bool		 changes_facts;
	const char	*help;
};

/* An option without a name ends the table. A name may occur several times, for
 * different commands. */
extern const struct option_entry option_entries[];

bool	command_has_option(const struct command *,
	    const struct option_entry *);
/* Its default for that command, as an operator would type it; or NULL. */
const char *option_preset(const struct command *,
	    const struct option_entry *);

/* Reads a value into its member. False after a line that says what is wrong.
 * The text is NULL if the value was left out. */
bool	option_set(struct options *, const struct option_entry *,
	    const char *text);
/* As run.json has it. */
void	option_print(const struct options *, const struct option_entry *,
	    char value[1024]);

/* Checks what options require of each other, and a command of its arguments.
 * False after a line. */
bool	options_check(struct options *, const struct command *);

void	options_help(FILE *, const struct command *);

#endif

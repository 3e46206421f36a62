/*
 * table: the one table of options (STYLE), and what parser, --help, man
 * page and run.json make of it.
 */
#ifndef MXCENSUS_OPTIONS_TABLE_H
#define MXCENSUS_OPTIONS_TABLE_H

#include <stdio.h>

#include "scanner/options/options.h"

enum option_kind {
	KIND_TEXT, KIND_COUNT, KIND_TIME, KIND_FLAG, KIND_CHOICE,
	KIND_PREFIXES, KIND_SAMPLE, KIND_HELP, KIND_VERSION,
};

struct option_entry {
	const char	*group, *name;
	char		 letter;
	enum option_kind kind;
	size_t		 offset;	/* in struct options */
	const char	*value;		/* what help calls the argument */
	const char	*preset;	/* default, as it would be typed */
	const char *const *choices;
	uint64_t	 least, most;	/* of counts; ms of times */
	bool		 changes_facts;
	const char	*help;
};

/* No more than that are in it, and one without a name ends it. */
#define OPTION_ENTRIES_MAX 64
extern const struct option_entry option_entries[];

/* A command that has groups of the table. */
struct command_options {
	const char	*name;
	const char	*groups;	/* with a space around each */
	bool		 writes_run;	/* -o, and inputs instead of domains */
	const char	*attempts;	/* default, where it is another */
	const char	*synopsis, *end;	/* of its help */
};

/* That of scan where there is none of the name. */
const struct command_options *command_options_of(const char *name);
bool	command_has_option(const struct command_options *,
	    const struct option_entry *);
/* Its default there, as it would be typed; or NULL. */
const char *option_preset(const struct command_options *,
	    const struct option_entry *);

/* Reads a value into its member; false after a line that says what is wrong. */
bool	option_set(struct options *, const struct option_entry *,
	    const char *text);
/* As run.json has it. */
void	option_print(const struct options *, const struct option_entry *,
	    char value[1024]);

/* What options demand of one another, and of the arguments; false after a line. */
bool	options_check(struct options *, const struct command_options *);

void	options_help(FILE *, const struct command_options *);

#endif

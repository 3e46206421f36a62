/*
 * table: the one table of options (docs/style.md), of all commands. The parsers,
 * --help, the man pages, shell completion and run.json are made from it.
 */
#ifndef MXCENSUS_OPTIONS_TABLE_H
#define MXCENSUS_OPTIONS_TABLE_H

#include <stdio.h>

#include "scanner/options/command.h"
#include "scanner/options/options.h"

enum option_kind {
	KIND_TEXT, KIND_COUNT, KIND_TIME, KIND_FLAG, KIND_CHOICE,
	KIND_PREFIXES, KIND_PATHS, KIND_SAMPLE, KIND_SHARD,
	KIND_SECONDS,	/* a time of whole seconds */
	KIND_FORM,	/* a flag that sets an int to `least` */
	KIND_HELP, KIND_VERSION, KIND_CONFIG, KIND_SHOW_CONFIG,
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
	uint64_t	 least, most;	/* of counts; ms of times; seconds */
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

/* Is it one of a command, which a configuration file may have? Options of the
 * program itself, such as --help, are not. */
bool	option_is_setting(const struct option_entry *);
/* May it be given without a value? That is true of flags, and of options whose
 * value is in brackets in the help. */
bool	option_may_be_bare(const struct option_entry *);
/* May it be given several times, so that all values count? */
bool	option_is_repeatable(const struct option_entry *);

#define OPTION_WHY_MAX 320

/* Reads a value into its member. False with the reason. The text is NULL if the
 * value was left out. */
bool	option_set(struct options *, const struct option_entry *,
	    const char *text, char why[OPTION_WHY_MAX]);
/* As run.json has it. */
void	option_print(const struct options *, const struct option_entry *,
	    char value[1024]);

/* Says where an option was given, its value, and why that is wrong. Returns
 * false. */
bool	given_refuse(const struct options *, const struct given *,
	    const char *why);
/* The last one of that name; NULL: it was not given. */
const struct given *options_given(const struct options *, const char *name);
void	given_add(struct given_list *, const struct given *);

/* Reads the configuration file of options->config, whose lines come before what
 * the list has already. A line that the command line replaces is left out. False
 * after a line. */
bool	options_read_config(struct options *);
/* Prints the options in force as a configuration file. */
void	options_show_config(FILE *, const struct options *);

/* Sets what depends on other options and was not given. */
void	options_derive(struct options *);
/* Checks what options require of each other, and a command of its arguments.
 * Returns false after a message. */
bool	options_check(struct options *, const struct command *);

void	options_help(FILE *, const struct command *);

#endif

/*
 * flags: the command line of a command that takes a run, or nothing, and has no
 * options but flags.
 */
#ifndef MXCENSUS_COMMANDS_FLAGS_H
#define MXCENSUS_COMMANDS_FLAGS_H

#define FLAGS_MAX 4

struct flags {
	const char	*command;
	const char	*usage;			/* the text of --help */
	const char	*names[FLAGS_MAX + 1];	/* up to NULL */
};

/* Parses argv[1..]; bit i of `given` is names[i]. Exactly one run is demanded, or
 * nothing where `run` is NULL. 0 to go on, else the exit status plus one, after
 * the help or a line that says what is wrong. */
int	flags_parse(const struct flags *, int argc, char **argv,
	    unsigned *given, const char **run);

#endif

/* command: what the first word of a command line may be. */
#ifndef MXCENSUS_COMMAND_H
#define MXCENSUS_COMMAND_H

struct command {
	const char	*name;
	/* argv[0] is the name. Returns the exit status. */
	int		(*run)(int argc, char **argv);
	const char	*help;		/* NULL: not for people */
	/* Its --help; NULL where that is made from a table (options.h,
	 * policy.h). */
	const char	*usage;
};

/* Up to the one without a name. */
extern const struct command commands[];

/* NULL, after a line that tells what may have been meant. */
const struct command *command_find(const char *name);

#endif

/*
 * refused_option: the message about an option that a command does not have,
 * with the nearest name. It is the same for every command that uses
 * getopt_long.
 */
#ifndef MXCENSUS_OPTIONS_REFUSED_OPTION_H
#define MXCENSUS_OPTIONS_REFUSED_OPTION_H

#include <getopt.h>

/* The `val` of a long option is at least this, so that optopt is not taken for
 * a letter. */
#define LONG_OPTION_BASE 1000

/* Call it after getopt_long returned '?' or ':' (with a ':' before the letters,
 * and opterr 0). Prints one line on standard error. `given` is argv[optind -
 * 1]. */
void	refused_option_tell(const char *command, const struct option *longs,
	    int got, const char *given);

#endif

/*
 * refused_option: what a person is told whose option a command does not have,
 * the nearest name among it. The same for every command that uses getopt_long.
 */
#ifndef MXCENSUS_OPTIONS_REFUSED_OPTION_H
#define MXCENSUS_OPTIONS_REFUSED_OPTION_H

#include <getopt.h>

/* `val` of a long option is this or more: optopt then tells it from a letter. */
#define LONG_OPTION_BASE 1000

/* After getopt_long gave '?' or ':' (with a ':' before the letters, opterr 0):
 * one line on standard error. `given` is argv[optind - 1]. */
void	refused_option_tell(const char *command, const struct option *longs,
	    int got, const char *given);

#endif

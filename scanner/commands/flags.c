#include "scanner/commands/flags.h"

#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>

#include "scanner/base/log.h"
#include "scanner/options/refused_option.h"

#define HELP	(LONG_OPTION_BASE + FLAGS_MAX)

static bool
check_arguments(const struct flags *flags, int count, bool takes_run)
{
	if (count == takes_run)
		return true;
	if (!takes_run)
		log_line("%s takes no argument (mxcensus %s --help)",
		    flags->command, flags->command);
	else
		log_line("name %s: mxcensus %s RUN", count == 0
		    ? "the folder of a run" : "one run alone", flags->command);
	return false;
}

int
flags_parse(const struct flags *flags, int argc, char **argv, unsigned *given,
    const char **run)
{
	struct option longs[FLAGS_MAX + 2] = { { 0 } };
	int count = 0, value;

	for (; flags->names[count] != NULL; count++)
		longs[count] = (struct option){ flags->names[count],
		    no_argument, NULL, LONG_OPTION_BASE + count };
	longs[count] = (struct option){ "help", no_argument, NULL, HELP };
	*given = 0;
	opterr = 0;
	optind = 0;	/* glibc: begin anew */
	while ((value = getopt_long(argc, argv, ":h", longs, NULL)) != -1) {
		if (value == '?' || value == ':') {
			refused_option_tell(flags->command, longs, value,
			    argv[optind - 1]);
			return EXIT_USAGE + 1;
		}
		if (value == 'h' || value == HELP) {
			fputs(flags->usage, stdout);
			return EXIT_COMPLETE + 1;
		}
		*given |= 1u << (value - LONG_OPTION_BASE);
	}
	if (!check_arguments(flags, argc - optind, run != NULL))
		return EXIT_USAGE + 1;
	if (run != NULL)
		*run = argv[optind];
	return 0;
}

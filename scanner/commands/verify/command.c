/* verify_command: verify_run() for a person. */
#include "scanner/commands/flags.h"
#include "scanner/commands/verify/verify.h"

const char verify_usage[] =
    "usage: mxcensus verify RUN\n\n"
    "Proves that a run is whole: hashes hold, keys are unique over all "
    "parts, every\nforeign key resolves, no input is lost. A line for "
    "each violation.\n\n"
    "Exit status: 0 whole, 2 usage, 65 violated, 74 reading or writing "
    "failed, 75 not\nsealed, and what is there is whole.\n";

int
verify_command(int argc, char **argv)
{
	static const struct flags flags = {
		"verify", verify_usage, { NULL },
	};
	const char *run;
	unsigned given;
	int status = flags_parse(&flags, argc, argv, &given, &run);

	return status != 0 ? status - 1 : verify_run(run, stdout);
}

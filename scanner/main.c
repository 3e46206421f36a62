/* mxcensus: a census of mail transport security. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "scanner/base/clock.h"
#include "scanner/base/log.h"
#include "scanner/base/output.h"
#include "scanner/command.h"
#include "scanner/manual/manual.h"
#include "scanner/options/options.h"
#include "scanner/version.h"

static void
usage(FILE *out)
{
	fputs("mxcensus: a census of mail transport security\n\n", out);
	command_list(out);
	fputs("\n  mxcensus COMMAND --help, mxcensus --version\n", out);
}

/* If a standard descriptor were closed, the next file would be opened in its
 * place, and messages would be written into it. The descriptor opened here
 * instead fails when it is used. */
static void
hold_standard_descriptors(void)
{
	for (int descriptor = 0; descriptor <= STDERR_FILENO; descriptor++)
		if (fcntl(descriptor, F_GETFD) < 0)
			(void)open("/dev/null", descriptor == STDIN_FILENO
			    ? O_WRONLY : O_RDONLY);
}

static int
run_command(int argc, char **argv)
{
	const struct command *command = command_find(&argc, &argv);
	struct options options;
	int status = EXIT_USAGE;

	if (command == NULL)
		return EXIT_USAGE;
	switch (options_parse(&options, command, argc, argv)) {
	case OPTIONS_OK:
		status = command->run(&options);
		break;
	case OPTIONS_DONE:
		status = EXIT_COMPLETE;
		break;
	case OPTIONS_WRONG:
		status = command_usage_status(&options, argc, argv);
		break;
	}
	options_fini(&options);
	return status;
}

/* For `make install`: the man page of that name, or the names of all. */
static int
man(const char *page)
{
	if (page == NULL)
		manual_list(stdout);
	else if (!manual_print(stdout, page)) {
		log_line("%s: no such page: mxcensus --man lists them", page);
		return EXIT_USAGE;
	}
	return EXIT_COMPLETE;
}

static int
run(int argc, char **argv)
{
	const char *name = argc > 1 ? argv[1] : "";

	if (strcmp(name, "--version") == 0 || strcmp(name, "-V") == 0) {
		version_print(stdout);
		return EXIT_COMPLETE;
	}
	if (strcmp(name, "--man") == 0)
		return man(argc > 2 ? argv[2] : NULL);
	if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0) {
		usage(stdout);
		return EXIT_COMPLETE;
	}
	if (name[0] == '\0') {
		log_line("name a command: mxcensus --help lists them");
		return EXIT_USAGE;
	}
	return run_command(argc - 1, argv + 1);
}

int
main(int argc, char **argv)
{
	int status;

	hold_standard_descriptors();
	(void)clock_ms();	/* the wall clock at the start */
	status = run(argc, argv);
	return output_flush() ? status : EXIT_OUTPUT;
}

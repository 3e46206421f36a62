/* mxcensus: a census of mail transport security. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "scanner/base/clock.h"
#include "scanner/base/log.h"
#include "scanner/commands/check.h"
#include "scanner/commands/conclude.h"
#include "scanner/commands/diff.h"
#include "scanner/commands/export.h"
#include "scanner/commands/policy.h"
#include "scanner/commands/scan.h"
#include "scanner/commands/schema.h"
#include "scanner/commands/status.h"
#include "scanner/commands/summary.h"
#include "scanner/commands/tlsa.h"
#include "scanner/commands/verify.h"
#include "scanner/commands/zone.h"
#include "scanner/manual.h"
#include "scanner/version.h"

static int
verify_command(int argc, char **argv)
{
	if (argc != 2 || argv[1][0] == '-') {
		log_line("usage: mxcensus verify RUN");
		return EXIT_USAGE;
	}
	return verify_run(argv[1], stdout);
}

static int
schema_command(int argc, char **argv)
{
	bool as_json = argc == 2 && strcmp(argv[1], "--json") == 0;

	if (argc > 1 && !as_json) {
		log_line("usage: mxcensus schema [--json]");
		return EXIT_USAGE;
	}
	return schema_print(stdout, as_json);
}

static const struct command {
	const char	*name;
	int		(*run)(int argc, char **argv);
	const char	*help;		/* NULL: not for people */
} commands[] = {
	{ "scan", scan_command, "measure the domains of lists and zone files" },
	{ "check", check_command, "domains now, and what to mend" },
	{ "zone", zone_command, "what zone files hold" },
	{ "status", status_command, "how far a run is, from another terminal" },
	{ "summary", summary_command, "the headline shares of a run" },
	{ "conclude", conclude_command, "outcomes of a sealed run again, from "
	    "its facts" },
	{ "policy", policy_command, "policy lists: candidates, audit, export" },
	{ "diff", diff_command, "what moved between two sealed runs" },
	{ "export", export_command, "a copy of a sealed run for "
	    "publication" },
	{ "verify", verify_command, "prove that a run is whole" },
	{ "schema", schema_command, "the tables and their columns" },
	{ "tlsa", tlsa_command,
	    "TLSA records of a certificate or key, or a new one" },
	{ "worker", worker_command, NULL },
};
#define COMMANDS (sizeof commands / sizeof commands[0])

static void
usage(FILE *out)
{
	fputs("mxcensus: a census of mail transport security\n\n", out);
	for (size_t i = 0; i < COMMANDS; i++)
		if (commands[i].help != NULL)
			fprintf(out, "  mxcensus %-8s %s\n", commands[i].name,
			    commands[i].help);
	fputs("\n  mxcensus COMMAND --help, mxcensus --version\n", out);
}

/* Where a standard descriptor is closed, the next file would be opened in its
 * place, and what is meant for a person would go into it. What stands there now
 * fails when it is used. */
static void
hold_standard_descriptors(void)
{
	for (int descriptor = 0; descriptor <= STDERR_FILENO; descriptor++)
		if (fcntl(descriptor, F_GETFD) < 0)
			(void)open("/dev/null", descriptor == STDIN_FILENO
			    ? O_WRONLY : O_RDONLY);
}

int
main(int argc, char **argv)
{
	const char *name = argc > 1 ? argv[1] : "";

	hold_standard_descriptors();
	(void)clock_ms();	/* the wall clock at the start */
	for (size_t i = 0; i < COMMANDS; i++)
		if (strcmp(name, commands[i].name) == 0)
			return commands[i].run(argc - 1, argv + 1);
	if (strcmp(name, "--version") == 0 || strcmp(name, "-V") == 0) {
		version_print(stdout);
		return EXIT_COMPLETE;
	}
	if (strcmp(name, "--man") == 0) {
		manual_print(stdout);
		return EXIT_COMPLETE;
	}
	if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0) {
		usage(stdout);
		return EXIT_COMPLETE;
	}
	if (name[0] != '\0')
		log_line("%s: no such command", name);
	usage(stderr);
	return EXIT_USAGE;
}

#include "scanner/command.h"

#include <string.h>

#include "scanner/base/log.h"
#include "scanner/commands/check/check.h"
#include "scanner/commands/conclude.h"
#include "scanner/commands/diff/diff.h"
#include "scanner/commands/export/export.h"
#include "scanner/commands/policy/policy.h"
#include "scanner/commands/scan.h"
#include "scanner/commands/schema.h"
#include "scanner/commands/status.h"
#include "scanner/commands/summary.h"
#include "scanner/commands/tlsa/tlsa.h"
#include "scanner/commands/verify/verify.h"
#include "scanner/commands/worker.h"
#include "scanner/commands/zone/zone.h"
#include "scanner/options/nearest_name.h"

const struct command commands[] = {
	{ "scan", scan_command, "measure the domains of lists and zone files",
	    NULL },
	{ "check", check_command, "domains now, and what to mend", NULL },
	{ "zone", zone_command, "what zone files hold", zone_usage },
	{ "status", status_command, "how far a run is, from another terminal",
	    status_usage },
	{ "summary", summary_command, "the headline shares of a run",
	    summary_usage },
	{ "conclude", conclude_command, "outcomes of a sealed run again, from "
	    "its facts", conclude_usage },
	{ "policy", policy_command, "policy lists: candidates, audit, export",
	    NULL },
	{ "diff", diff_command, "what moved between two sealed runs",
	    diff_usage },
	{ "export", export_command, "a copy of a sealed run for "
	    "publication", export_usage },
	{ "verify", verify_command, "prove that a run is whole",
	    verify_usage },
	{ "schema", schema_command, "the tables and their columns",
	    schema_usage },
	{ "tlsa", tlsa_command,
	    "TLSA records of a certificate or key, or a new one", tlsa_usage },
	{ "worker", worker_command, NULL, NULL },
	{ NULL, NULL, NULL, NULL },
};

const struct command *
command_find(const char *name)
{
	struct nearest_name nearest;
	const char *meant;

	nearest_name_init(&nearest, name);
	for (const struct command *command = commands; command->name != NULL;
	    command++) {
		if (strcmp(name, command->name) == 0)
			return command;
		if (command->help != NULL)
			nearest_name_add(&nearest, command->name);
	}
	meant = nearest_name_found(&nearest);
	if (meant != NULL)
		log_line("%s: no such command: did you mean %s?", name, meant);
	else
		log_line("%s: no such command: mxcensus --help lists them",
		    name);
	return NULL;
}

#include "scanner/command.h"

#include <assert.h>
#include <limits.h>
#include <string.h>

#include "scanner/base/log.h"
#include "scanner/commands/check/check.h"
#include "scanner/commands/completion/completion.h"
#include "scanner/commands/conclude.h"
#include "scanner/commands/diff/diff.h"
#include "scanner/commands/export/export.h"
#include "scanner/commands/merge/merge.h"
#include "scanner/commands/policy/policy.h"
#include "scanner/commands/probing_txt.h"
#include "scanner/commands/scan.h"
#include "scanner/commands/schema.h"
#include "scanner/commands/status.h"
#include "scanner/commands/summary.h"
#include "scanner/commands/tlsa/tlsa.h"
#include "scanner/commands/verify.h"
#include "scanner/commands/worker.h"
#include "scanner/commands/zone/zone.h"
#include "scanner/options/nearest_name.h"
#include "scanner/options/options.h"

#define POLICY		"policy "
#define TLSA_HOST	"tlsa --host"
#define CANDIDATES	"RUN... -o LIST [options]"
#define AUDIT		"LIST [RUN] [--csv FILE]"
#define POLICY_EXPORT	"LIST --postfix | --mta-sts DOMAIN"

static bool policy_subcommand(unsigned index, struct command_term *);

/* Of a command that takes one run. */
#define ONE_RUN(name)							\
	.least = 1, .most = 1,						\
	.too_few = "name the folder of a run: mxcensus " name " RUN",	\
	.too_many = "name one run alone: mxcensus " name " RUN"
#define ANY_NUMBER(count, why)						\
	.least = (count), .most = UINT_MAX, .too_few = (why)

const struct command commands[] = { {
	.name = "scan", .options = COMMAND_SCAN | COMMAND_STAGE,
	.run = scan_command,
	.summary = "measure the domains of lists and zone files",
	.arguments = "INPUT... -o RUN [options]\n"
	    "INPUT... -o RUN --stage plan [options]\n"
	    "--stage domains|hosts|probes --shard I/N -o RUN [options]",
	.about = "Measures the mail transport security of every domain in the "
	    "inputs (zone files,\nlists, CSV, JSON, policy lists, plain or "
	    "gzip; - is standard input) and writes\ngzip CSV into the folder "
	    "RUN. The same command resumes a run that was stopped.\n",
	.end = "Exit status: 0 complete, 2 usage, 65 bad input, 69 this machine "
	    "cannot measure\n(clock, trust anchor, network), 70 a bug, 71 out "
	    "of memory, 74 output failed, 75\nstopped (the same command "
	    "resumes), another scan is working on RUN or on the\nshard, or "
	    "the stage before is not complete.\n",
	ANY_NUMBER(1, "name an input: a list of domains, or - for standard "
	    "input (mxcensus scan --help)"),
}, {
	.name = "check", .options = COMMAND_CHECK, .run = check_command,
	.summary = "find out what is wrong with domains, now",
	.arguments = "DOMAIN... [options]",
	.about = "Measures these domains now, and says how senders deliver "
	    "mail to them and what\nto fix, most urgent first, with the "
	    "records to publish, replace and remove. What\nfails is tried "
	    "once, unless --attempts says otherwise. The answer is in "
	    "colour\non a terminal, if NO_COLOR is not set.\n",
	.end = "Exit status: 0 no problems found, 1 problems found, 2 usage, "
	    "65 a file of an\noption is wrong, 69 this machine cannot measure "
	    "(clock, trust anchor, network),\n70 a bug, 74 output failed, 75 "
	    "something could not be determined.\n"
	    "With --nagios: 0 OK, 1 warning (problems found), 2 critical "
	    "(some senders\ncannot deliver), 3 unknown or a wrong command "
	    "line.\n",
	ANY_NUMBER(1, "name a domain (mxcensus check --help)"),
	.attempts = "1",
}, {
	.name = "zone", .options = COMMAND_ZONE, .run = zone_command,
	.summary = "say what zone files contain",
	.arguments = "FILE... [options]",
	.about = "Says what zone files contain, for each file and in total.\n",
	.end = "Exit status: 0 done, 2 usage, 65 a file cannot be read "
	    "completely, 74 writing\nfailed.\n",
	ANY_NUMBER(1, "name a zone file, or - for standard input (mxcensus "
	    "zone --help)"),
}, {
	.name = "status", .options = COMMAND_STATUS, .run = status_command,
	.summary = "show the progress of a run, from another terminal",
	.arguments = "RUN [--json | --missing]",
	.about = "Says how far a run is, whether a scan is working on it, and "
	    "whether it can be\nresumed. It only reads, so it can be used at "
	    "any time.\n",
	.end = "Exit status: 0 done, 2 usage, 65 RUN is not a run, 74 reading "
	    "or writing failed.\n",
	ONE_RUN("status"),
}, {
	.name = "summary", .options = COMMAND_SUMMARY, .run = summary_command,
	.summary = "print the headline shares of a run",
	.arguments = "RUN [--json | --csv] [--partial]",
	.about = "Prints the headline shares of a sealed run, each with "
	    "numerator, denominator and\nwhat is undetermined. --partial also "
	    "takes a run that is stopped or still being\nmeasured; it only "
	    "reads, so it can be used at any time.\n",
	.end = "Exit status: 0 done, 2 usage, 65 RUN is not a run, or is not "
	    "whole, 74 reading\nor writing failed, 75 the run is not sealed "
	    "(without --partial).\n",
	ONE_RUN("summary"),
}, {
	.name = "conclude", .options = COMMAND_CONCLUDE,
	.run = conclude_command,
	.summary = "seal a run of stages, or recompute its outcomes",
	.arguments = "RUN [--force]",
	.about = "Seals a run that was measured in stages, if all of its shards "
	    "are complete. Of a\nsealed run, recomputes outcomes and summary "
	    "from the facts, if these are\nstill the ones that were sealed. No "
	    "packet is sent.\n",
	.end = "Exit status: 0 done, 2 usage, 65 RUN is not a run, or is not "
	    "whole, 74 reading\nor writing failed, 75 the run is not sealed, "
	    "or lacks shards, or another\nmxcensus is working on it.\n",
	ONE_RUN("conclude"),
}, {
	.name = "policy", .options = COMMAND_POLICY,
	.summary = "make, check and export policy lists",
	.arguments = "candidates " CANDIDATES "\naudit " AUDIT "\nexport "
	    POLICY_EXPORT,
	.about = "Works with policy lists (STARTTLS Everywhere v0.1).\n",
	.end = "  mxcensus policy COMMAND --help\n",
	.least = 1, .most = 0,
	.too_few = "name one of candidates, audit and export: mxcensus policy "
	    "--help",
	.too_many = "name one of candidates, audit and export: mxcensus policy "
	    "--help",
	.terms = "The commands:", .term = policy_subcommand,
}, {
	.name = POLICY "candidates", .options = COMMAND_POLICY_CANDIDATES,
	.run = policy_candidates_command,
	.summary = "list the domains that several runs saw protected",
	.arguments = CANDIDATES,
	.about = "Makes a policy list. A domain is listed if, in three or "
	    "more runs over at least\nseven days, every reachable MX host "
	    "offered STARTTLS with a valid certificate;\nor if the domain has "
	    "an MTA-STS policy with a max_age of eighteen weeks.\n",
	.end = "Exit status: 0 done, 1 no candidate, so LIST stays as it is, 2 "
	    "usage, 65 bad\ninput, 74 reading or writing failed, 75 a run is "
	    "not sealed.\n",
	ANY_NUMBER(1, "usage: mxcensus policy candidates " CANDIDATES),
	.terms = "The rules; --reasons names those that a domain breaks:",
	.term = policy_candidates_term,
}, {
	.name = POLICY "audit", .options = COMMAND_POLICY_AUDIT,
	.run = policy_audit_command,
	.summary = "check a list, also against a run",
	.arguments = AUDIT,
	.about = "Checks the format and the expiry of a policy list. With a run "
	    "(mxcensus scan\nLIST), it also compares each policy with what "
	    "the run found.\n",
	.end = "Exit status: 0 no problems found, 1 the list has faults or is "
	    "expired, or an\nenforced policy would lose mail, 2 usage, 65 bad "
	    "input, or RUN has measured no\ndomain of the list, 74 reading or "
	    "writing failed, 75 the run is not sealed.\n",
	.least = 1, .most = 2,
	.too_few = "usage: mxcensus policy audit " AUDIT,
	.too_many = "usage: mxcensus policy audit " AUDIT,
	.terms = "What can be found about a policy:", .term = policy_audit_term,
}, {
	.name = POLICY "export", .options = COMMAND_POLICY_EXPORT,
	.run = policy_export_command,
	.summary = "print a list for Postfix, or as MTA-STS policies",
	.arguments = POLICY_EXPORT,
	.about = "Prints a policy list in another program's format. A warning "
	    "says where Postfix\nmatches more names than the list means.\n",
	.end = "Exit status: 0 done, 2 usage, 65 bad input, 74 writing "
	    "failed.\n",
	.least = 1, .most = 1,
	.too_few = "usage: mxcensus policy export " POLICY_EXPORT,
	.too_many = "usage: mxcensus policy export " POLICY_EXPORT,
}, {
	.name = "diff", .options = COMMAND_DIFF, .run = diff_command,
	.summary = "say what changed between two sealed runs",
	.arguments = "OLD NEW [--sender NAME] [--csv FOLDER]\n"
	    "--places A B [--sender NAME] [--csv FOLDER]",
	.about = "Compares two sealed runs: domains added and removed, "
	    "results for mail to the\nrest, the providers behind a change, "
	    "and changed certificates, keys and TLSA\nrecords. With --places "
	    "it compares what two places see: domains, and MX hosts at\ntheir "
	    "addresses, that one of them alone sees, by network and "
	    "provider.\n",
	.end = "Exit status: 0 done, 2 usage, or the runs do not fit together "
	    "(--places), 65 a\nrun is not a run, or is not whole, 74 reading "
	    "or writing failed, 75 a run is not\nsealed.\n",
	.least = 2, .most = 2,
	.too_few = "name two runs, the older first: mxcensus diff OLD NEW",
	.too_many = "name two runs, the older first: mxcensus diff OLD NEW",
}, {
	.name = "merge", .options = COMMAND_MERGE, .run = merge_command,
	.summary = "one run of two runs from different places",
	.arguments = "A B -o RUN",
	.about = "Makes one sealed run of two sealed runs of one plan that were "
	    "made from\ndifferent places (scan --vantage). What one place "
	    "could not see is taken from\nthe other, and what neither could see "
	    "is undetermined. Each row says whose it is\n(column vantage).\n",
	.end = "Exit status: 0 done, 2 usage, or the runs are not of one plan "
	    "or not from\ndifferent places, 65 A or B is not a run, or is not "
	    "whole, 74 reading or writing\nfailed, 75 a run is not sealed.\n",
	.least = 2, .most = 2,
	.too_few = "name two runs, and a folder for the merged run: mxcensus "
	    "merge A B -o RUN",
	.too_many = "name two runs, and a folder for the merged run: mxcensus "
	    "merge A B -o RUN",
}, {
	.name = "export", .options = COMMAND_EXPORT, .run = export_command,
	.summary = "copy a sealed run for publication",
	.arguments = "RUN -o FOLDER [--anonymous]",
	.about = "Verifies a sealed run and copies it for publication, with "
	    "new hashes.\n",
	.end = "Exit status: 0 done, 2 usage, 65 RUN is not a run, or is not "
	    "whole, 74 reading\nor writing failed, 75 the run is not sealed.\n",
	.least = 1, .most = 1,
	.too_few = "name a run, and a folder for the copy: mxcensus export RUN "
	    "-o FOLDER",
	.too_many = "name a run, and a folder for the copy: mxcensus export "
	    "RUN -o FOLDER",
}, {
	.name = "verify", .options = COMMAND_VERIFY, .run = verify_command,
	.summary = "prove that a run is whole",
	.arguments = "RUN",
	.about = "Proves that a run is whole: hashes are right, keys are "
	    "unique over all parts,\nevery foreign key resolves, and no input "
	    "is lost. Each violation gets a\nline.\n",
	.end = "Exit status: 0 whole, 2 usage, 65 RUN is not a run, or has "
	    "violations, 74\nreading or writing failed, 75 not sealed, but "
	    "without violations so far.\n",
	ONE_RUN("verify"),
}, {
	.name = "schema", .options = COMMAND_SCHEMA, .run = schema_command,
	.summary = "describe the tables and their columns",
	.arguments = "[--json | --markdown]",
	.about = "Describes the tables of a run: for each column its type, "
	    "whether it may be\nempty, its meaning, and its possible values.\n",
	.end = "Exit status: 0 done, 2 usage, 74 writing failed.\n",
	.least = 0, .most = 0,
	.too_many = "schema takes no argument (mxcensus schema --help)",
}, {
	.name = "probing-txt", .options = COMMAND_PROBING_TXT,
	.run = probing_txt_command,
	.summary = "probing.txt (RFC 9511) for the machine that scans",
	.arguments = "--ehlo NAME --contact URL [options]",
	.about = "Prints the file that says whose the packets of a scan are. "
	    "The web server of the\nmachine that scans shows it as "
	    "https://NAME/.well-known/probing.txt. Nothing is\nsent.\n",
	.end = "Exit status: 0 done, 2 usage, 74 writing failed.\n",
	.least = 0, .most = 0,
	.too_many = "probing-txt takes no argument (mxcensus probing-txt "
	    "--help)",
}, {
	.name = "tlsa", .options = COMMAND_TLSA, .run = tlsa_command,
	.summary = "make TLSA records of certificates, keys or a live host",
	.arguments = "FILE... [options]\n--new NAME... [options]\n"
	    "--rollover OLD NEW [options]\n--host NAME [options]",
	.about = "Prints TLSA records for a zone file. FILE is PEM (- is "
	    "standard input):\ncertificates, the server's first; a certificate "
	    "request; a private or public\nkey. Nothing is sent except with "
	    "--host. With usage 0 and 2 the record is for\nthe first "
	    "certificate in FILE if it is a CA, else for the CA that issued\n"
	    "it, which must then be in FILE.\n",
	.end = "Exit status: 0 done, 2 usage, 65 bad input, 74 output failed; "
	    "with --host\nalso 1, 69 and 75, as for mxcensus check.\n",
	/* The options determine how many arguments there are, and what they
	 * mean. */
	.least = 0, .most = UINT_MAX,
}, {
	.name = TLSA_HOST, .options = COMMAND_TLSA_HOST,
	.run = tlsa_host_command,
	.summary = "a TLSA record for each key that a host shows",
	.arguments = "NAME [options]",
	.about = "Prints a TLSA record for each key that the addresses of the "
	    "MX host NAME show,\nwith these addresses as a comment. It is "
	    "asked as mxcensus check would ask it.\n",
	.end = "Exit status: 0 done, 1 no such host, or no STARTTLS there, 2 "
	    "usage, 65 a file\nof an option is wrong, 69 this machine cannot "
	    "measure (clock, trust anchor,\nnetwork), 70 a bug, 74 output "
	    "failed, 75 not determined.\n",
	.least = 0, .most = 0,
	.too_many = "--host takes one name of an MX host, and no file",
	.attempts = "1",
}, {
	.name = "completion", .options = COMMAND_COMPLETION,
	.run = completion_command,
	.summary = "print a script for completion by a shell",
	.arguments = "bash | zsh",
	.about = "Prints a script with which bash or zsh completes commands, "
	    "options, their values\nand the names of files.\n",
	.end = "Exit status: 0 done, 2 usage, 74 writing failed.\n",
	.least = 1, .most = 1,
	.too_few = "name bash or zsh: mxcensus completion bash",
	.too_many = "name one shell: mxcensus completion bash",
}, {
	/* scan, check and tlsa --host start it with their options. */
	.name = "worker", .run = worker_command,
	.options = COMMAND_SCAN | COMMAND_STAGE | COMMAND_CHECK |
	    COMMAND_TLSA_HOST,
	.arguments = "", .about = "", .end = "",
	ANY_NUMBER(1, "a worker is started by a scan"),
}, {
	.name = NULL,
} };

bool
command_is_subcommand(const struct command *command)
{
	return strchr(command->name, ' ') != NULL;
}

static bool
policy_subcommand(unsigned index, struct command_term *term)
{
	const size_t length = sizeof POLICY - 1;

	for (const struct command *command = commands; command->name != NULL;
	    command++) {
		if (strncmp(command->name, POLICY, length) != 0 ||
		    index-- > 0)
			continue;
		*term = (struct command_term){ command->name + length,
			command->summary };
		return true;
	}
	return false;
}

/* Prints that there is no such command; `before` is the command in front of it,
 * or "". */
static const struct command *
refuse(const char *before, const struct nearest_name *nearest)
{
	const char *meant = nearest_name_found(nearest);

	if (meant != NULL)
		log_line("%s%s: no such command: did you mean %s?", before,
		    nearest->typed, meant);
	else
		log_line("%s%s: no such command: mxcensus %s--help lists them",
		    before, nearest->typed, before);
	return NULL;
}

static const struct command *
find(const char *name)
{
	struct nearest_name nearest;

	nearest_name_init(&nearest, name);
	for (const struct command *command = commands; command->name != NULL;
	    command++) {
		if (command_is_subcommand(command))
			continue;
		if (strcmp(name, command->name) == 0)
			return command;
		if (command->summary != NULL)
			nearest_name_add(&nearest, command->name);
	}
	return refuse("", &nearest);
}

static const struct command *
find_policy_command(const char *name)
{
	const size_t length = sizeof POLICY - 1;
	struct nearest_name nearest;

	nearest_name_init(&nearest, name);
	for (const struct command *command = commands; command->name != NULL;
	    command++) {
		if (strncmp(command->name, POLICY, length) != 0)
			continue;
		if (strcmp(name, command->name + length) == 0)
			return command;
		nearest_name_add(&nearest, command->name + length);
	}
	return refuse(POLICY, &nearest);
}

/* The option, or a unique prefix of it, which has at least `least` bytes. */
static bool
has_option(int argc, char **argv, const char *option, size_t least)
{
	for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
		size_t length = strcspn(argv[i], "=");

		if (length >= least && strncmp(argv[i], option, length) == 0)
			return true;
	}
	return false;
}

int
command_usage_status(const struct options *options, int argc, char **argv)
{
	if (options->command->run == check_command &&
	    (options_have(options, "nagios") ||
	    has_option(argc, argv, "--nagios", sizeof "--na" - 1)))
		return check_nagios_fails(EXIT_USAGE);
	return EXIT_USAGE;
}

const struct command *
command_find(int *argc, char ***argv)
{
	const struct command *command = find((*argv)[0]);

	if (command == NULL)
		return NULL;
	if (command->options == COMMAND_POLICY && *argc > 1 &&
	    (*argv)[1][0] != '-' && (*argv)[1][0] != '\0') {
		++*argv;
		--*argc;
		return find_policy_command((*argv)[0]);
	}
	if (command->options == COMMAND_TLSA && has_option(*argc, *argv,
	    "--host", sizeof "--ho" - 1)) {
		command++;
		assert(strcmp(command->name, TLSA_HOST) == 0);
	}
	return command;
}

void
command_list(FILE *out)
{
	for (const struct command *command = commands; command->name != NULL;
	    command++)
		if (command->summary != NULL && !command_is_subcommand(command))
			fprintf(out, "  mxcensus %-11s %s\n", command->name,
			    command->summary);
}

#include "scanner/manual.h"

#include <ctype.h>
#include <string.h>

#include "scanner/command.h"
#include "scanner/commands/policy/policy.h"
#include "scanner/options/table.h"

static const char head[] =
    ".Dd $Mdocdate$\n.Dt MXCENSUS 1\n.Os\n.Sh NAME\n.Nm mxcensus\n"
    ".Nd census of mail transport security\n.Sh SYNOPSIS\n"
    ".Nm mxcensus scan\n.Ar input ...\n.Fl o Ar run\n.Op options\n"
    ".Nm mxcensus check\n.Ar domain ...\n.Op options\n"
    ".Nm mxcensus zone\n.Ar file ...\n.Op options\n"
    ".Nm mxcensus status\n.Ar run\n.Op Fl -json\n"
    ".Nm mxcensus summary\n.Ar run\n.Op Fl -json | -csv\n"
    ".Nm mxcensus conclude\n.Ar run\n"
    ".Nm mxcensus diff\n.Ar old new\n.Op Fl -sender Ar name\n"
    ".Op Fl -csv Ar folder\n"
    ".Nm mxcensus export\n.Ar run\n.Fl o Ar folder\n"
    ".Op Fl -anonymous\n"
    ".Nm mxcensus verify\n.Ar run\n"
    ".Nm mxcensus policy\n.Cm candidates | audit | export\n.Op options\n"
    ".Nm mxcensus schema\n.Op Fl -json | -markdown\n"
    ".Nm mxcensus tlsa\n.Ar file ...\n.Op options\n"
    ".Nm mxcensus tlsa\n.Fl -new\n.Ar name ...\n.Op options\n"
    ".Nm mxcensus tlsa\n.Fl -rollover\n.Ar old new\n.Op options\n"
    ".Nm mxcensus tlsa\n.Fl -host\n.Ar name\n.Op options\n"
    ".Sh DESCRIPTION\n"
    "Reads domain names, resolves their MX hosts and TLSA records with "
    "DNSSEC validation of its own, probes STARTTLS and certificates once "
    "for each host, and writes gzip CSV into the folder\n.Ar run .\n"
    "A run that was stopped goes on with the same command.\n"
    ".Pp\n.Cm check\nmeasures single domains now and explains them to "
    "a person: each MX host and address with DNSSEC, TLSA, STARTTLS "
    "and certificate, what each kind of sender meets, and what to "
    "mend, most urgent first, with the record to publish. It takes "
    "the options of the groups check, resolver, probe and conduct; "
    "what fails is tried once there unless\n.Fl -attempts\nsays "
    "otherwise. It writes nothing but its answer, in colour on a "
    "terminal where\n.Ev NO_COLOR\nis not set.\n"
    ".Pp\nAn argument that begins with a hyphen stands behind\n.Fl - .\n";

static const char tail[] =
    ".Sh EXIT STATUS\n.Bl -tag -width Ds\n"
    ".It 0\nComplete; of\n.Cm check\n: all is well.\n.It 1\n"
    ".Cm check\nor\n.Cm policy audit\nfound something to mend.\n"
    ".It 2\nUsage.\n.It 65\nBad input, or "
    ".Cm verify\nfound a violation.\n.It 69\nThis machine cannot "
    "measure: clock, trust anchor, network.\n.It 70\nA bug.\n"
    ".It 74\nReading a run, or writing, failed.\n.It 75\nStopped; the same "
    "command goes on. Of commands that take a sealed run: it is not "
    "sealed. Of\n.Cm check\n: something could not be determined.\n"
    ".El\n.Sh STANDARDS\nRFC 5321, 3207, 6698, 7671, 7672, 4035, "
    "7505, 8460, 8461.\n";

static void
print_options(FILE *out)
{
	const char *group = "";

	for (const struct option_entry *entry = option_entries;
	    entry->name != NULL; entry++) {
		if (strcmp(group, entry->group) != 0) {
			if (group[0] != '\0')
				fputs(".El\n", out);
			group = entry->group;
			fprintf(out, ".Ss Options: %s\n.Bl -tag -width Ds\n",
			    group);
		}
		fprintf(out, ".It Fl -%s", entry->name);
		if (entry->letter)
			fprintf(out, " , Fl %c", entry->letter);
		if (entry->value != NULL)
			fprintf(out, " Ar %s", entry->value);
		fprintf(out, "\n%c%s.\n", toupper(entry->help[0]),
		    entry->help + 1);
		if (entry->preset != NULL)
			fprintf(out, "Default:\n.Li %s .\n", entry->preset);
	}
	fputs(".El\n", out);
}

/* As it is: roff's own characters, and hyphens that are to be typed, escaped. */
static void
print_literal(FILE *out, const char *text)
{
	bool at_start = true;

	for (; *text != '\0'; text++) {
		if (at_start && (*text == '.' || *text == '\''))
			fputs("\\&", out);
		at_start = *text == '\n';
		if (*text == '\\')
			fputs("\\e", out);
		else if (*text == '-')
			fputs("\\-", out);
		else
			putc(*text, out);
	}
}

static void
print_commands(FILE *out)
{
	fputs(".Sh COMMANDS\n", out);
	for (const struct command *command = commands; command->name != NULL;
	    command++) {
		if (command->usage == NULL)
			continue;
		fprintf(out, ".Ss mxcensus %s\n.Bd -literal\n",
		    command->name);
		print_literal(out, command->usage);
		fputs(".Ed\n", out);
	}
}

void
manual_print(FILE *out)
{
	fputs(head, out);
	print_options(out);
	policy_man(out);
	print_commands(out);
	fputs(tail, out);
}

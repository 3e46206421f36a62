#include "scanner/manual.h"

#include <ctype.h>
#include <string.h>

#include "scanner/command.h"
#include "scanner/options/table.h"

static const char head[] =
    ".Dd $Mdocdate$\n.Dt MXCENSUS 1\n.Os\n.Sh NAME\n.Nm mxcensus\n"
    ".Nd census of mail transport security\n";

static const char description[] =
    ".Sh DESCRIPTION\n"
    "Reads domain names, resolves their MX hosts and TLSA records with "
    "DNSSEC validation of its own, probes STARTTLS and certificates once "
    "for each host, and writes gzip CSV into the folder\n.Ar RUN .\n"
    ".Pp\nEach command has\n.Fl -help\nand\n.Fl -version .\n"
    "An argument that begins with a hyphen comes after\n.Fl - .\n";

static const char tail[] =
    ".Sh EXIT STATUS\n.Bl -tag -width Ds\n"
    ".It 0\nComplete; of\n.Cm check\n: no problems found.\n.It 1\n"
    ".Cm check\nor\n.Cm policy audit\nfound problems;\n"
    ".Cm policy candidates\nfound no candidate.\n"
    ".It 2\nUsage.\n.It 3\nWith\n.Fl -nagios\n: unknown. There 0 is OK, "
    "1 a warning, and 2 critical.\n.It 65\nBad input, no run where one is "
    "named, or\n.Cm verify\nfound a violation.\n.It 69\nThis machine cannot "
    "measure: clock, trust anchor, network.\n.It 70\nA bug.\n"
    ".It 71\nOut of memory; the same command resumes the run.\n"
    ".It 74\nReading a run, or writing, failed.\n.It 75\nStopped, or "
    "another is working on the run; the same command resumes it. Of commands "
    "that take a sealed run: it is not sealed. Of\n.Cm check\n: something could not be determined.\n"
    ".El\n.Sh STANDARDS\nRFC 5321, 3207, 6698, 7671, 7672, 4035, "
    "7505, 8460, 8461.\n";

/* Prints text literally: roff's own characters, and hyphens that are to be
 * typed, are escaped. `length` bytes of it make one line. */
static void
print_line(FILE *out, const char *text, size_t length)
{
	if (length > 0 && (*text == '.' || *text == '\''))
		fputs("\\&", out);
	for (; length > 0; length--, text++) {
		if (*text == '\\')
			fputs("\\e", out);
		else if (*text == '-')
			fputs("\\-", out);
		else
			putc(*text == '\n' ? ' ' : *text, out);
	}
	putc('\n', out);
}

static void
print_text(FILE *out, const char *text)
{
	size_t length = strlen(text);

	while (length > 0 && text[length - 1] == '\n')
		length--;
	print_line(out, text, length);
}

static void
print_ways(FILE *out, const struct command *command)
{
	const char *way = command->arguments;

	while (*way != '\0') {
		size_t length = strcspn(way, "\n");

		fprintf(out, ".Nm mxcensus %s\n", command->name);
		print_line(out, way, length);
		way += length;
		way += *way == '\n';
	}
}

/* Options ***************************************************************** */

static void
print_entry(FILE *out, const struct command *command,
    const struct option_entry *entry)
{
	const char *preset = option_preset(command, entry);
	char sentence[512];

	fprintf(out, ".It Fl -%s", entry->name);
	if (entry->letter)
		fprintf(out, " , Fl %c", entry->letter);
	if (entry->value != NULL)
		fprintf(out, " Ar %s", entry->value);
	putc('\n', out);
	snprintf(sentence, sizeof sentence, "%c%s.", toupper(entry->help[0]),
	    entry->help + 1);
	print_text(out, sentence);
	if (preset != NULL)
		fprintf(out, "Default:\n.Li %s .\n", preset);
}

/* The first command with an option explains it. */
static bool
is_told_before(const struct command *command,
    const struct option_entry *entry)
{
	for (const struct command *other = commands; other < command; other++)
		if (command_has_option(other, entry))
			return true;
	return false;
}

static bool
is_common(const struct option_entry *entry)
{
	return entry->kind == KIND_HELP || entry->kind == KIND_VERSION;
}

static void
print_own_options(FILE *out, const struct command *command)
{
	const char *group = NULL;

	for (const struct option_entry *entry = option_entries;
	    entry->name != NULL; entry++) {
		if (!command_has_option(command, entry) || is_common(entry) ||
		    is_told_before(command, entry))
			continue;
		if (group == NULL || strcmp(group, entry->group) != 0) {
			if (group != NULL)
				fputs(".El\n", out);
			group = entry->group;
			if (group[0] != '\0')
				fprintf(out, ".Pp\n%c%s:\n",
				    toupper(group[0]), group + 1);
			fputs(".Bl -tag -width Ds\n", out);
		}
		print_entry(out, command, entry);
	}
	if (group != NULL)
		fputs(".El\n", out);
}

static void
print_shared_options(FILE *out, const struct command *command)
{
	const char *before = ".Pp\nIt has these of the options above as "
	    "well:\n";

	for (const struct option_entry *entry = option_entries;
	    entry->name != NULL; entry++) {
		if (!command_has_option(command, entry) || is_common(entry) ||
		    !is_told_before(command, entry))
			continue;
		fprintf(out, "%s.Fl -%s", before, entry->name);
		before = " ,\n";
	}
	if (before[0] != '.')
		fputs(" .\n", out);
}

/* Commands **************************************************************** */

static void
print_terms(FILE *out, const struct command *command)
{
	struct command_term term;

	if (command->terms == NULL)
		return;
	fputs(".Pp\n", out);
	print_text(out, command->terms);
	fputs(".Bl -tag -width certificate_untrusted -compact\n", out);
	for (unsigned i = 0; command->term(i, &term); i++) {
		fprintf(out, ".It %s\n", term.word);
		print_text(out, term.meaning);
	}
	fputs(".El\n", out);
}

static void
print_command(FILE *out, const struct command *command)
{
	fprintf(out, ".Ss mxcensus %s\n", command->name);
	print_text(out, command->about);
	print_own_options(out, command);
	print_shared_options(out, command);
	print_terms(out, command);
	if (command->run != NULL) {
		fputs(".Pp\n", out);
		print_text(out, command->end);
	}
}

void
manual_print(FILE *out)
{
	fputs(head, out);
	fputs(".Sh SYNOPSIS\n", out);
	for (const struct command *command = commands; command->name != NULL;
	    command++)
		if (command->summary != NULL &&
		    !command_is_subcommand(command))
			print_ways(out, command);
	fputs(description, out);
	fputs(".Sh COMMANDS\n", out);
	for (const struct command *command = commands; command->name != NULL;
	    command++)
		if (command->summary != NULL)
			print_command(out, command);
	fputs(tail, out);
}

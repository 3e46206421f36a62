/* bash: the script for bash. It needs nothing of the package bash-completion. */
#include <string.h>

#include "scanner/commands/completion/completion_internal.h"

static const char head[] =
    "# bash completion of mxcensus, made by: mxcensus completion bash\n"
    "\n"
    "_mxcensus()\n"
    "{\n"
    "\tlocal current=${COMP_WORDS[COMP_CWORD]} before= command= prefix=\n"
    "\tlocal equals= ended= hosts= value= words= arguments= options= i\n"
    "\n"
    "\tCOMPREPLY=()\n"
    "\t[ \"$COMP_CWORD\" -lt 1 ] || before=${COMP_WORDS[COMP_CWORD-1]}\n"
    "\t# --name=value is three words, unless COMP_WORDBREAKS has no =.\n"
    "\tif [ \"$current\" = = ]; then\n"
    "\t\tcurrent= equals=1\n"
    "\telif [ \"$before\" = = ] && [ \"$COMP_CWORD\" -gt 1 ]; then\n"
    "\t\tbefore=${COMP_WORDS[COMP_CWORD-2]} equals=1\n"
    "\telif [[ $current == --*=* ]]; then\n"
    "\t\tbefore=${current%%=*} prefix=${current%%=*}= equals=1\n"
    "\t\tcurrent=${current#*=}\n"
    "\tfi\n"
    "\t[ \"$COMP_CWORD\" -lt 2 ] || command=${COMP_WORDS[1]}\n"
    "\tif [ \"$command\" = policy ] && [ \"$COMP_CWORD\" -gt 2 ]; then\n"
    "\t\tcommand=\"policy ${COMP_WORDS[2]}\"\n"
    "\tfi\n"
    "\tfor ((i = 2; i < COMP_CWORD; i++)); do\n"
    "\t\tcase ${COMP_WORDS[i]} in\n"
    "\t\t--) ended=1 ;;\n"
    "\t\t--host | --host=*) hosts=1 ;;\n"
    "\t\tesac\n"
    "\tdone\n"
    "\t[ \"$command$hosts\" != tlsa1 ] || command='tlsa --host'\n"
    "\n"
    "\tcase $command in\n";

static const char tail[] =
    "\tesac\n"
    "\n"
    "\tif [ -n \"$ended\" ]; then\n"
    "\t\tvalue=$arguments\n"
    "\telif [ -z \"$value$equals\" ] && [[ $current == -* ]]; then\n"
    "\t\tvalue=words words=$options\n"
    "\telif [ -z \"$value$equals\" ]; then\n"
    "\t\tvalue=$arguments\n"
    "\tfi\n"
    "\tcase $value in\n"
    "\twords) mapfile -t COMPREPLY < <(compgen -P \"$prefix\" -W \"$words\" \\\n"
    "\t\t-- \"$current\") ;;\n"
    "\tfiles) mapfile -t COMPREPLY < <(compgen -P \"$prefix\" -f \\\n"
    "\t\t-- \"$current\") ;;\n"
    "\tfolders) mapfile -t COMPREPLY < <(compgen -P \"$prefix\" -d \\\n"
    "\t\t-- \"$current\") ;;\n"
    "\tesac\n"
    "\tcase $value in\n"
    "\tfiles | folders) compopt -o filenames 2>/dev/null ;;\n"
    "\tesac\n"
    "}\n"
    "\n"
    "complete -F _mxcensus mxcensus\n";

/* In the order of enum offer. */
static const char *const offers[] = { "none", "files", "folders", "words" };

/* "--output | -o) " */
static void
print_pattern(FILE *out, const struct option_entry *entry)
{
	fprintf(out, "\t\t--%s", entry->name);
	if (entry->letter != 0)
		fprintf(out, " | -%c", entry->letter);
	fputs(") ", out);
}

static void
print_value(FILE *out, const struct option_entry *entry)
{
	enum offer offer = offer_of_option(entry);

	if (option_is_setting(entry) && option_may_be_bare(entry)) {
		if (entry->value != NULL)
			return;
		print_pattern(out, entry);
		fputs("[ -z \"$equals\" ] || value=words words='yes no' ;;\n",
		    out);
		return;
	}
	if (entry->value == NULL)
		return;
	print_pattern(out, entry);
	fprintf(out, "value=%s", offers[offer]);
	if (offer == OFFER_WORDS) {
		fputs(" words='", out);
		for (size_t i = 0; entry->choices[i] != NULL; i++)
			fprintf(out, "%s%s", i > 0 ? " " : "",
			    entry->choices[i]);
		putc('\'', out);
	}
	fputs(" ;;\n", out);
}

static void
print_command(FILE *out, const struct command *command)
{
	const struct option_entry *entry;
	enum offer offer = offer_of_arguments(command);

	fprintf(out, "\t'%s')\n\t\toptions='", command->name);
	for (entry = option_entries; entry->name != NULL; entry++) {
		if (!command_has_option(command, entry))
			continue;
		fprintf(out, "--%s ", entry->name);
		if (entry->letter != 0)
			fprintf(out, "-%c ", entry->letter);
	}
	fprintf(out, "'\n\t\targuments=%s\n", offers[offer]);
	if (offer == OFFER_WORDS) {
		fputs("\t\twords='", out);
		print_argument_words(out, command, " ");
		fputs("'\n", out);
	}
	fputs("\t\tcase $before in\n", out);
	for (entry = option_entries; entry->name != NULL; entry++)
		if (command_has_option(command, entry))
			print_value(out, entry);
	fputs("\t\tesac\n\t\t;;\n", out);
}

void
completion_print_bash(FILE *out)
{
	fputs(head, out);
	fputs("\t'')\n\t\toptions='--help -h --version -V'\n"
	    "\t\targuments=words\n\t\twords='", out);
	for (const struct command *command = commands; command->name != NULL;
	    command++)
		if (is_offered(command))
			fprintf(out, " %s", command->name);
	fputs("'\n\t\t;;\n", out);
	for (const struct command *command = commands; command->name != NULL;
	    command++)
		if (command->summary != NULL)
			print_command(out, command);
	fputs(tail, out);
}

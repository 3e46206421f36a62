/* zsh: the script for zsh, which is a function for its completion system. */
#include <string.h>

#include "scanner/commands/completion/completion_internal.h"

#define SHOWN_MAX	60	/* how much of a help text a shell shows */

static const char head[] =
    "#compdef mxcensus\n"
    "# zsh completion of mxcensus, made by: mxcensus completion zsh\n"
    "\n"
    "_mxcensus()\n"
    "{\n"
    "\tlocal command\n"
    "\n"
    "\tif ((CURRENT == 2)) && [[ $words[2] != -* ]]; then\n"
    "\t\tlocal -a commands=(\n";

static const char middle[] =
    "\t\t)\n"
    "\t\t_describe -t commands command commands\n"
    "\t\treturn\n"
    "\tfi\n"
    "\tif ((CURRENT == 2)); then\n"
    "\t\t_arguments '(-h --help)'{-h,--help}'[show the commands]' \\\n"
    "\t\t    '(-V --version)'{-V,--version}'[show the versions]'\n"
    "\t\treturn\n"
    "\tfi\n"
    "\tcommand=$words[2]\n"
    "\tif [[ $command = policy ]] && ((CURRENT > 3)); then\n"
    "\t\tcommand=\"policy $words[3]\"\n"
    "\t\tshift words\n"
    "\t\t((CURRENT--))\n"
    "\telif [[ $command = tlsa ]] && \\\n"
    "\t    ((${words[3,CURRENT-1][(I)--host(|=*)]})); then\n"
    "\t\tcommand='tlsa --host'\n"
    "\tfi\n"
    "\t# _arguments takes the first word for the name of the command.\n"
    "\tshift words\n"
    "\t((CURRENT--))\n"
    "\tcase $command in\n";

static const char tail[] =
    "\tesac\n"
    "}\n"
    "\n"
    "# Sourced, or loaded by compinit.\n"
    "if [[ $zsh_eval_context[-1] = loadautofunc ]]; then\n"
    "\t_mxcensus \"$@\"\n"
    "else\n"
    "\tcompdef _mxcensus mxcensus\n"
    "fi\n";

static void
print_escaped(FILE *out, const char *text, size_t length)
{
	for (; length > 0; length--, text++) {
		if (strchr("[]:\\", *text) != NULL)
			putc('\\', out);
		if (*text == '\'')
			fputs("'\\''", out);
		else
			putc(*text, out);
	}
}

/* The first part of a help text. */
static void
print_help(FILE *out, const char *help)
{
	size_t length = strcspn(help, ";");
	const char *dots = "";

	if (length > SHOWN_MAX) {
		for (length = SHOWN_MAX; help[length] != ' '; length--)
			;
		dots = " ...";
	}
	print_escaped(out, help, length);
	fputs(dots, out);
}

static void
print_offer(FILE *out, enum offer offer, const struct option_entry *entry)
{
	if (offer == OFFER_FILES)
		fputs("_files", out);
	else if (offer == OFFER_FOLDERS)
		fputs("_files -/", out);
	else if (offer == OFFER_NONE)
		putc(' ', out);
	else {
		for (size_t i = 0; entry->choices[i] != NULL; i++)
			fprintf(out, "%c%s", i == 0 ? '(' : ' ',
			    entry->choices[i]);
		putc(')', out);
	}
}

static void
print_option(FILE *out, const struct option_entry *entry)
{
	bool has_value = entry->value != NULL;
	bool is_optional = has_value && option_may_be_bare(entry);
	const char *equals = !has_value ? "" : is_optional ? "=-" : "=";
	const char *repeated = option_is_repeatable(entry) ? "*" : "";

	fputs(" \\\n\t\t    ", out);
	if (entry->letter != 0)
		fprintf(out, "'(-%c --%s)'{-%c%s,--%s%s}'[", entry->letter,
		    entry->name, entry->letter, has_value ? "+" : "",
		    entry->name, equals);
	else
		fprintf(out, "'%s--%s%s[", repeated, entry->name, equals);
	print_help(out, entry->help);
	putc(']', out);
	if (has_value) {
		const char *name = entry->value + (*entry->value == '[');

		fprintf(out, "%s", is_optional ? "::" : ":");
		print_escaped(out, name, strcspn(name, "]"));
		putc(':', out);
		print_offer(out, offer_of_option(entry), entry);
	}
	putc('\'', out);
}

static void
print_command(FILE *out, const struct command *command)
{
	enum offer offer = offer_of_arguments(command);

	fprintf(out, "\t'%s')\n\t\t_arguments -S", command->name);
	for (const struct option_entry *entry = option_entries;
	    entry->name != NULL; entry++)
		if (command_has_option(command, entry))
			print_option(out, entry);
	fputs(" \\\n\t\t    '*:argument:", out);
	if (offer == OFFER_WORDS) {
		putc('(', out);
		print_argument_words(out, command, " ");
		putc(')', out);
	} else
		print_offer(out, offer, NULL);
	fputs("'\n\t\t;;\n", out);
}

void
completion_print_zsh(FILE *out)
{
	fputs(head, out);
	for (const struct command *command = commands; command->name != NULL;
	    command++) {
		if (!is_offered(command))
			continue;
		fprintf(out, "\t\t\t'%s:", command->name);
		print_escaped(out, command->summary, strlen(command->summary));
		fputs("'\n", out);
	}
	fputs(middle, out);
	for (const struct command *command = commands; command->name != NULL;
	    command++)
		if (command->summary != NULL)
			print_command(out, command);
	fputs(tail, out);
}

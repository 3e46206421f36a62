#include "scanner/commands/policy/policy.h"

#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "scanner/base/log.h"
#include "scanner/base/memory.h"
#include "scanner/base/whole_file.h"
#include "scanner/commands/policy/policy_internal.h"
#include "scanner/options/nearest_name.h"
#include "scanner/options/refused_option.h"
#include "scanner/options/wrapped_text.h"

#define FILE_MIB_MAX	64
#define COUNT(array)	(sizeof (array) / sizeof (array)[0])

static const struct policy_subcommand *const subcommands[] = {
	&policy_candidates_subcommand, &policy_audit_subcommand,
	&policy_export_subcommand,
};

/* Files ******************************************************************* */

bool
policy_read_file(const char *path, struct buffer *text)
{
	return whole_file_read(path, NULL, FILE_MIB_MAX, text);
}

bool
policy_read_whole(const char *path, struct policy_list *list, bool *is_read)
{
	struct buffer text = { 0 };
	bool good;

	*is_read = policy_read_file(path, &text);
	good = *is_read && policy_list_read(list, buffer_text(&text),
	    text.length);
	buffer_fini(&text);
	if (*is_read && !good)
		log_line("%s: not a policy list: %zu faults, which mxcensus "
		    "policy audit tells", path, list->fault_count);
	return good;
}

static char *
beside(const char *path)
{
	return xasprintf("%s.new", path);
}

FILE *
policy_file_open(const char *path)
{
	char *name = beside(path);
	FILE *file = fopen(name, "we");

	if (file == NULL)
		log_line("%s: %s", name, strerror(errno));
	free(name);
	return file;
}

bool
policy_file_close(FILE *file, const char *path, bool good)
{
	char *name = beside(path);
	bool written = fflush(file) == 0 && fsync(fileno(file)) == 0 &&
	    !ferror(file);

	written = fclose(file) == 0 && written;
	if (good && (!written || rename(name, path) != 0)) {
		log_line("%s: %s", path, strerror(errno));
		good = false;
	}
	if (!good)
		(void)unlink(name);
	free(name);
	return good;
}

void
policy_print_text(const char *text, FILE *out)
{
	for (; *text != '\0'; text++) {
		if (*text < ' ' || *text > '~' || *text == '\\')
			fprintf(out, "\\x%02x", (unsigned char)*text);
		else
			putc(*text, out);
	}
}

/* Help ******************************************************************** */

static void
help(const struct policy_subcommand *subcommand, FILE *out)
{
	struct policy_term term;

	fprintf(out, "usage: mxcensus policy %s %s\n\n%s\n\n",
	    subcommand->name, subcommand->arguments, subcommand->about);
	for (const struct policy_option *option = subcommand->options;
	    option->name != NULL; option++) {
		char left[40];
		int length = snprintf(left, sizeof left, "  %c%c --%s %s",
		    option->letter ? '-' : ' ', option->letter
		    ? option->letter : ' ', option->name, option->value != NULL
		    ? option->value : "");

		fprintf(out, "%-26s", left);
		wrapped_text_print(out, option->help, 26,
		    length > 26 ? length : 26);
	}
	fputs("  -h --help                this text\n", out);
	if (subcommand->terms == NULL)
		return;
	fprintf(out, "\n%s\n", subcommand->terms);
	for (unsigned i = 0; subcommand->term(i, &term); i++)
		fprintf(out, "  %-24s %s\n", term.word, term.meaning);
}

static void
usage(FILE *out)
{
	fputs("Policy lists (STARTTLS Everywhere v0.1)\n\n", out);
	for (size_t i = 0; i < COUNT(subcommands); i++)
		fprintf(out, "  mxcensus policy %s %s\n", subcommands[i]->name,
		    subcommands[i]->arguments);
	fputs("\n  mxcensus policy COMMAND --help\n", out);
}

/* One line of mdoc: what begins with a dot or a quote would be a macro. */
static void
man_text(const char *text, FILE *out)
{
	if (*text == '.' || *text == '\'')
		fputs("\\&", out);
	for (; *text != '\0'; text++)
		putc(*text == '\n' ? ' ' : *text, out);
	putc('\n', out);
}

static void
man_terms(const struct policy_subcommand *subcommand, FILE *out)
{
	struct policy_term term;

	fputs(".Pp\n", out);
	man_text(subcommand->terms, out);
	fputs(".Bl -tag -width certificate_untrusted -compact\n", out);
	for (unsigned i = 0; subcommand->term(i, &term); i++) {
		fprintf(out, ".It %s\n", term.word);
		man_text(term.meaning, out);
	}
	fputs(".El\n", out);
}

void
policy_man(FILE *out)
{
	fputs(".Sh POLICY LISTS\n", out);
	for (size_t i = 0; i < COUNT(subcommands); i++) {
		const struct policy_subcommand *subcommand = subcommands[i];

		fprintf(out, ".Ss mxcensus policy %s %s\n", subcommand->name,
		    subcommand->arguments);
		man_text(subcommand->about, out);
		fputs(".Bl -tag -width Ds\n", out);
		for (const struct policy_option *option = subcommand->options;
		    option->name != NULL; option++) {
			fprintf(out, ".It Fl -%s", option->name);
			if (option->letter)
				fprintf(out, " , Fl %c", option->letter);
			if (option->value != NULL)
				fprintf(out, " Ar %s", option->value);
			putc('\n', out);
			man_text(option->help, out);
		}
		fputs(".El\n", out);
		if (subcommand->terms != NULL)
			man_terms(subcommand, out);
	}
}

/* Options ***************************************************************** */

/* getopt's values: LONG_OPTION_BASE + the option's place, and one for help. */
#define HELP	(LONG_OPTION_BASE + POLICY_OPTIONS_MAX)

static int
place_of(const struct policy_subcommand *subcommand, int value)
{
	int place = 0;

	if (value >= LONG_OPTION_BASE)
		return value - LONG_OPTION_BASE;
	while (subcommand->options[place].letter != value)
		place++;
	return place;
}

/* 0 to go on, else the exit status plus one. */
static int
parse(const struct policy_subcommand *subcommand, int argc, char **argv,
    struct policy_given *given)
{
	struct option longs[POLICY_OPTIONS_MAX + 2] = { { 0 } };
	char letters[2 * POLICY_OPTIONS_MAX + 3] = ":h", name[32];
	int count = 0, value;

	for (; subcommand->options[count].name != NULL; count++) {
		const struct policy_option *option =
		    &subcommand->options[count];
		char letter[3] = { option->letter, option->value != NULL
		    ? ':' : '\0', '\0' };

		longs[count] = (struct option){ option->name,
		    option->value != NULL ? required_argument : no_argument,
		    NULL, LONG_OPTION_BASE + count };
		if (option->letter)
			strcat(letters, letter);
	}
	longs[count] = (struct option){ "help", no_argument, NULL, HELP };
	snprintf(name, sizeof name, "policy %s", subcommand->name);
	*given = (struct policy_given){ 0 };
	opterr = 0;
	optind = 0;	/* glibc: begin anew */
	while ((value = getopt_long(argc, argv, letters, longs, NULL)) != -1) {
		if (value == '?' || value == ':') {
			refused_option_tell(name, longs, value,
			    argv[optind - 1]);
			return EXIT_USAGE + 1;
		}
		if (value == 'h' || value == HELP) {
			help(subcommand, stdout);
			return EXIT_COMPLETE + 1;
		}
		given->values[place_of(subcommand, value)] =
		    optarg != NULL ? optarg : "";
	}
	given->arguments = argv + optind;
	given->count = argc - optind;
	return 0;
}

int
policy_command(int argc, char **argv)
{
	const char *name = argc > 1 ? argv[1] : "";
	struct nearest_name nearest;
	struct policy_given given;
	const char *meant;
	int status;

	nearest_name_init(&nearest, name);
	for (size_t i = 0; i < COUNT(subcommands); i++) {
		nearest_name_add(&nearest, subcommands[i]->name);
		if (strcmp(subcommands[i]->name, name) != 0)
			continue;
		status = parse(subcommands[i], argc - 1, argv + 1, &given);
		return status != 0 ? status - 1 : subcommands[i]->run(&given);
	}
	if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0) {
		usage(stdout);
		return EXIT_COMPLETE;
	}
	meant = nearest_name_found(&nearest);
	if (name[0] == '\0')
		log_line("name one of candidates, audit and export: mxcensus "
		    "policy --help");
	else if (meant != NULL)
		log_line("policy %s: no such command: did you mean %s?", name,
		    meant);
	else
		log_line("policy %s: no such command: mxcensus policy --help "
		    "lists them", name);
	return EXIT_USAGE;
}

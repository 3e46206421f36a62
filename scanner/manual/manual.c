#include "scanner/manual/manual.h"

#include <ctype.h>
#include <string.h>

#include "scanner/command.h"
#include "scanner/manual/manual_internal.h"
#include "scanner/version.h"

#define PROGRAM	"mxcensus"

/* "policy audit" has mxcensus-policy-audit. `tlsa --host` is on the page of
 * `tlsa`. */
static bool
has_page(const struct command *command)
{
	return command->summary != NULL && strstr(command->name, "--") == NULL;
}

static void
page_name(const struct command *command, char name[64])
{
	snprintf(name, 64, PROGRAM "-%s", command->name);
	for (char *at = name; *at != '\0'; at++)
		if (*at == ' ')
			*at = '-';
}

static void
print_head(FILE *out, const char *name, const char *summary)
{
	fprintf(out, ".Dd %s\n.Dt ", version_released());
	for (const char *at = name; *at != '\0'; at++)
		putc(*at >= 'a' && *at <= 'z' ? *at - 'a' + 'A' : *at, out);
	fprintf(out, " 1\n.Os %s %s\n.Sh NAME\n.Nm %s\n.Nd %s\n"
	    ".Sh SYNOPSIS\n", PROGRAM, version_number(), name, summary);
}

/* What the page has in its last sections. */
static void
print_tail(FILE *out, const struct manual_page *page)
{
	if (page->files != NULL) {
		fputs(".Sh FILES\n", out);
		mdoc_list(out, "Pa ", page->files);
	}
	fputs(".Sh EXIT STATUS\n", out);
	if (page->statuses != NULL)
		mdoc_list(out, "", page->statuses);
	fputs(".Sh EXAMPLES\n", out);
	for (const struct manual_item *example = page->examples;
	    example != NULL && example->word != NULL; example++) {
		if (example > page->examples)
			fputs(".Pp\n", out);
		mdoc_text(out, example->text);
		mdoc_literal(out, example->word);
	}
	if (page->see_also != NULL) {
		fputs(".Sh SEE ALSO\n", out);
		mdoc_see_also(out, page->see_also);
	}
}

/* The pages of commands *************************************************** */

static void
print_terms(FILE *out, const struct command *command)
{
	struct command_term term;

	if (command->terms == NULL)
		return;
	fputs(".Pp\n", out);
	mdoc_text(out, command->terms);
	fputs(".Bl -tag -width certificate_untrusted -compact\n", out);
	for (unsigned i = 0; command->term(i, &term); i++) {
		fprintf(out, ".It %s\n", term.word);
		mdoc_sentence(out, term.meaning);
	}
	fputs(".El\n", out);
}

static void
print_command(FILE *out, const char *name, const struct command *command)
{
	const struct manual_page *page = manual_page_of(command->name);

	print_head(out, name, command->summary);
	mdoc_synopsis(out, command);
	/* --help leaves out the subject: "Measures ...". */
	fprintf(out, ".Sh DESCRIPTION\n.Nm mxcensus %s\n%c", command->name,
	    tolower((unsigned char)command->about[0]));
	mdoc_text(out, command->about + 1);
	if (page->description != NULL) {
		fputs(".Pp\n", out);
		mdoc_text(out, page->description);
	}
	print_terms(out, command);
	fputs(".Sh OPTIONS\n", out);
	manual_options(out, command);
	print_tail(out, page);
}

/* The page of the program ************************************************* */

static void
print_program(FILE *out)
{
	const struct manual_page *page = manual_page_of("");
	char name[64];

	print_head(out, PROGRAM, "census of mail transport security");
	fputs(".Nm\n.Ar COMMAND\n.Oo Ar arguments Oc\n"
	    ".Nm\n.Fl -help | Fl -version\n.Sh DESCRIPTION\n", out);
	mdoc_text(out, page->description);
	fputs(".Sh COMMANDS\n.Bl -tag -width Ds\n", out);
	for (const struct command *command = commands; command->name != NULL;
	    command++) {
		if (!has_page(command))
			continue;
		page_name(command, name);
		fprintf(out, ".It Xr %s 1\n", name);
		mdoc_sentence(out, command->summary);
	}
	fputs(".El\n.Sh OPTIONS\n.Bl -tag -width Ds\n"
	    ".It Fl -help , Fl h\nShow the commands.\n"
	    ".It Fl -version , Fl V\n"
	    "Show the versions of the program and of its libraries.\n.El\n"
	    ".Sh CONFIGURATION FILES\n", out);
	mdoc_text(out, manual_config_text);
	mdoc_literal(out, manual_config_example);
	print_tail(out, page);
	fputs(".Sh STANDARDS\nRFC 3207, 4035, 5321, 6698, 7505, 7671, 7672, "
	    "8460, 8461, 9156.\n", out);
}

void
manual_list(FILE *out)
{
	char name[64];

	fputs(PROGRAM "\n", out);
	for (const struct command *command = commands; command->name != NULL;
	    command++) {
		if (!has_page(command))
			continue;
		page_name(command, name);
		fprintf(out, "%s\n", name);
	}
}

bool
manual_print(FILE *out, const char *page)
{
	char name[64];

	if (strcmp(page, PROGRAM) == 0) {
		print_program(out);
		return true;
	}
	for (const struct command *command = commands; command->name != NULL;
	    command++) {
		page_name(command, name);
		if (!has_page(command) || strcmp(page, name) != 0)
			continue;
		print_command(out, name, command);
		return true;
	}
	return false;
}

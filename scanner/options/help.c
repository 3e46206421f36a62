/* help: prints the --help of a command, from the table of options. */
#include <ctype.h>
#include <string.h>

#include "scanner/options/table.h"
#include "scanner/options/wrapped_text.h"

#define COLUMN	27	/* where the text of an option begins */

/* "usage: mxcensus scan INPUT...", a line for each way to call it. */
static void
print_usage(FILE *out, const struct command *command)
{
	const char *way = command->arguments, *before = "usage:";

	while (*way != '\0') {
		size_t length = strcspn(way, "\n");

		fprintf(out, "%-6s mxcensus %s %.*s\n", before, command->name,
		    (int)length, way);
		before = "";
		way += length;
		way += *way == '\n';
	}
}

static void
print_entry(FILE *out, const struct option_entry *entry, const char *preset)
{
	char left[64], help[512];
	const char *value = entry->value != NULL ? entry->value : "";
	const char *between = value[0] == '\0' ? "" : value[0] == '[' ? "["
	    : " ";
	int length;

	length = snprintf(left, sizeof left, "  %c%c --%s%s%s%s",
	    entry->letter ? '-' : ' ', entry->letter ? entry->letter : ' ',
	    entry->name, between, value[0] == '[' ? "=" : "",
	    value + (value[0] == '['));
	fprintf(out, "%-*s", COLUMN, left);
	if (preset != NULL)
		snprintf(help, sizeof help, "%s (default: %s)", entry->help,
		    preset);
	wrapped_text_print(out, preset != NULL ? help : entry->help, COLUMN,
	    length > COLUMN ? length : COLUMN);
}

static void
print_entries(FILE *out, const struct command *command)
{
	const char *group = NULL;
	bool has_time = false, has_count = false;

	for (const struct option_entry *entry = option_entries;
	    entry->name != NULL; entry++) {
		if (!command_has_option(command, entry))
			continue;
		if (group == NULL || strcmp(group, entry->group) != 0) {
			group = entry->group;
			putc('\n', out);
			if (group[0] != '\0')
				fprintf(out, "%c%s\n", toupper(group[0]),
				    group + 1);
		}
		print_entry(out, entry, option_preset(command, entry));
		has_time = has_time || entry->kind == KIND_TIME ||
		    entry->kind == KIND_SECONDS;
		has_count = has_count || entry->kind == KIND_COUNT;
	}
	if (has_time)
		fputs("\nTimes take s, m, h, d, also together: 1h30m", out);
	if (has_count)
		fputs(has_time ? "; counts take k, M" : "\nCounts take k, M",
		    out);
	if (has_time || has_count)
		fputs(".\n", out);
}

static void
print_terms(FILE *out, const struct command *command)
{
	struct command_term term;

	if (command->terms == NULL)
		return;
	fprintf(out, "\n%s\n", command->terms);
	for (unsigned i = 0; command->term(i, &term); i++)
		fprintf(out, "  %-24s %s\n", term.word, term.meaning);
}

void
options_help(FILE *out, const struct command *command)
{
	print_usage(out, command);
	fprintf(out, "\n%s", command->about);
	print_entries(out, command);
	print_terms(out, command);
	fprintf(out, "\n%s", command->end);
}

/* options_help: the table as --help of a command. */
#include <ctype.h>
#include <string.h>

#include "scanner/options/table.h"
#include "scanner/options/wrapped_text.h"

static void
print_entry(FILE *out, const struct option_entry *entry, const char *preset)
{
	char left[64], help[512];
	int length = snprintf(left, sizeof left, "  %c%c --%s%s%s",
	    entry->letter ? '-' : ' ', entry->letter ? entry->letter : ' ',
	    entry->name, entry->value != NULL ? " " : "",
	    entry->value != NULL ? entry->value : "");

	fprintf(out, "%-27s", left);
	if (preset != NULL)
		snprintf(help, sizeof help, "%s (default: %s)", entry->help,
		    preset);
	wrapped_text_print(out, preset != NULL ? help : entry->help, 27,
	    length > 27 ? length : 27);
}

void
options_help(FILE *out, const struct command_options *command)
{
	const char *group = "";

	fputs(command->synopsis, out);
	for (const struct option_entry *entry = option_entries;
	    entry->name != NULL; entry++) {
		if (!command_has_option(command, entry))
			continue;
		if (strcmp(group, entry->group) != 0) {
			group = entry->group;
			fprintf(out, "\n%c%s\n", toupper(group[0]), group + 1);
		}
		print_entry(out, entry, option_preset(command, entry));
	}
	fputs("\nTimes take s, m, h, d; counts take k, M.\n", out);
	fputs(command->end, out);
}

/* options: OPTIONS of a man page, from the table of options. */
#include <assert.h>
#include <ctype.h>
#include <stdbool.h>
#include <string.h>

#include "scanner/manual/manual_internal.h"
#include "scanner/options/table.h"

/* Options of this page; `but` are those that the page has already. */
struct shown {
	const struct command *command, *but;
	const char	*suffix;	/* of its headings */
};

static void
print_entry(FILE *out, const struct command *command,
    const struct option_entry *entry)
{
	const char *preset = option_preset(command, entry);
	const char *value = entry->value;

	fprintf(out, ".It Fl -%s", entry->name);
	if (value != NULL && value[0] == '[')
		fprintf(out, " Ns Oo = Ns Ar %.*s Oc",
		    (int)strcspn(value + 1, "]"), value + 1);
	else if (value != NULL)
		fprintf(out, " Ar %s", value);
	if (entry->letter)
		fprintf(out, " , Fl %c%s%s", entry->letter,
		    value != NULL ? " Ar " : "", value != NULL ? value : "");
	putc('\n', out);
	mdoc_sentence(out, entry->help);
	if (preset != NULL)
		fprintf(out, "The default is %s.\n", preset);
}

static bool
is_shown(const struct shown *shown, const struct option_entry *entry)
{
	if (!command_has_option(shown->command, entry))
		return false;
	for (const struct option_entry *other = option_entries;
	    shown->but != NULL && other->name != NULL; other++)
		if (command_has_option(shown->but, other) &&
		    strcmp(other->name, entry->name) == 0)
			return false;
	return true;
}

static void
print_group(FILE *out, const struct shown *shown, const char *group,
    bool has_others)
{
	if (group[0] != '\0')
		fprintf(out, ".Ss %c%s%s\n", toupper((unsigned char)group[0]),
		    group + 1, shown->suffix);
	else if (has_others)
		fputs(".Ss General\n", out);
	fputs(".Bl -tag -width Ds\n", out);
}

static void
print_options(FILE *out, const struct shown *shown)
{
	const char *group = NULL;

	for (const struct option_entry *entry = option_entries;
	    entry->name != NULL; entry++) {
		if (!is_shown(shown, entry))
			continue;
		if (group == NULL || strcmp(group, entry->group) != 0) {
			if (group != NULL)
				fputs(".El\n", out);
			print_group(out, shown, entry->group, group != NULL);
			group = entry->group;
		}
		print_entry(out, shown->command, entry);
	}
	if (group != NULL)
		fputs(".El\n", out);
}

static bool
has_kind(const struct command *command, enum option_kind kind)
{
	for (const struct option_entry *entry = option_entries;
	    entry->name != NULL; entry++)
		if (command_has_option(command, entry) && entry->kind == kind)
			return true;
	return false;
}

static void
print_values(FILE *out, const struct command *command)
{
	bool has_time = has_kind(command, KIND_TIME) ||
	    has_kind(command, KIND_SECONDS);
	bool has_count = has_kind(command, KIND_COUNT);

	if (has_time)
		mdoc_text(out, "TIME is a number with a unit, such as 90s, or "
		    "several of them: 1h30m. The units are d, h, m, s and ms, "
		    "each at most once and in this order. A number alone is "
		    "seconds.");
	if (has_time && has_count)
		fputs(".Pp\n", out);
	if (has_count)
		mdoc_text(out, "N may end in k (thousand) or M (million).");
}

void
manual_options(FILE *out, const struct command *command)
{
	const struct command *next = command + 1;

	print_values(out, command);
	print_options(out, &(struct shown){ command, NULL, "" });
	/* `tlsa --host` has its options on the page of `tlsa`. */
	if (next->name != NULL && strcmp(next->name, "tlsa --host") == 0)
		print_options(out, &(struct shown){ next, command,
		    ", only with --host" });
}

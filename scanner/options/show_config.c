/* show_config: prints the options in force as a configuration file. */
#include <ctype.h>
#include <inttypes.h>
#include <string.h>

#include "parsers/config_lines.h"
#include "scanner/options/table.h"

#define COLUMN	40	/* where the comment begins */

static void
write_time(struct buffer *out, uint64_t ms)
{
	static const struct { const char *unit; uint64_t ms; } units[] = {
		{ "d", 86400000 }, { "h", 3600000 }, { "m", 60000 },
		{ "s", 1000 }, { "ms", 1 },
	};

	if (ms == 0)
		buffer_append_text(out, "0s");
	for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
		if (ms >= units[i].ms)
			buffer_printf(out, "%" PRIu64 "%s", ms / units[i].ms,
			    units[i].unit);
		ms %= units[i].ms;
	}
}

/* As --config reads it; the index-th one of a list. False if there is none. */
static bool
write_value(struct buffer *out, const struct options *options,
    const struct option_entry *entry, size_t index)
{
	const void *at = (const char *)options + entry->offset;
	const struct path_list *list = at;
	char text[1024];

	switch (entry->kind) {
	case KIND_TEXT:
		if (*(const char *const *)at != NULL)
			config_value_write(out, *(const char *const *)at);
		return *(const char *const *)at != NULL;
	case KIND_PATHS:
		if (index < list->count)
			config_value_write(out, list->paths[index]);
		return index < list->count;
	case KIND_PREFIXES:
		if (index >= options->allow_network.count)
			return false;
		prefix_to_text(&options->allow_network.prefixes[index], text);
		buffer_append_text(out, text);
		return true;
	case KIND_FORM:
		buffer_append_text(out, *(const int *)at == (int)entry->least
		    ? "yes" : "no");
		return true;
	case KIND_TIME:
	case KIND_SECONDS:
		write_time(out, *(const uint64_t *)at *
		    (entry->kind == KIND_SECONDS ? 1000 : 1));
		return true;
	case KIND_COUNT:
		/* What is not given and has no default is 0, which may be no
		 * value of it. */
		if (*(const uint64_t *)at < entry->least)
			return false;
		break;
	case KIND_SAMPLE:
		buffer_append_text(out, "1/");
		break;
	case KIND_SHARD:
		if (((const struct shard *)at)->count == 0)
			return false;
		break;
	default:
		break;
	}
	option_print(options, entry, text);
	buffer_append_text(out, text);
	return true;
}

/* The line that gave it, of a list the index-th one; NULL: it is the default. */
static const struct given *
origin_of(const struct options *options, const struct option_entry *entry,
    size_t index)
{
	const struct given *origin = NULL;

	for (size_t i = 0; i < options->given.count; i++) {
		const struct given *given = &options->given.all[i];

		if (given->entry != entry)
			continue;
		origin = given;
		if (option_is_repeatable(entry) && index-- == 0)
			break;
	}
	return origin;
}

static void
write_origin(struct buffer *out, const struct options *options,
    const struct given *origin)
{
	buffer_printf(out, "%*s# ", out->length < COLUMN
	    ? COLUMN - (int)out->length : 1, "");
	if (origin == NULL)
		buffer_append_text(out, "default");
	else if (origin->line == 0)
		buffer_append_text(out, "command line");
	else
		buffer_printf(out, "%s:%zu", options->config, origin->line);
}

/* Whether a value that was not given is the same on every machine, and whatever
 * other options say. Only then a file may give it. */
static bool
is_fixed(const struct options *options, const struct option_entry *entry)
{
	return entry->kind == KIND_FLAG || entry->kind == KIND_FORM ||
	    option_preset(options->command, entry) != NULL;
}

/* One line. False if a list has no further value. */
static bool
print_line(FILE *out, const struct options *options,
    const struct option_entry *entry, size_t index)
{
	const struct given *origin = origin_of(options, entry, index);
	bool is_comment = origin == NULL && !is_fixed(options, entry);
	const char *name = entry->value;
	struct buffer line = { 0 };
	bool has;

	buffer_printf(&line, "%s%s = ", is_comment ? "#" : "", entry->name);
	has = write_value(&line, options, entry, index);
	if (!has && index == 0)
		buffer_printf(&line, "%.*s", (int)strcspn(name +
		    (*name == '['), "]"), name + (*name == '['));
	if (has)
		write_origin(&line, options, origin);
	if (has || index == 0)
		fprintf(out, "%s\n", buffer_text(&line));
	buffer_fini(&line);
	return has && option_is_repeatable(entry);
}

void
options_show_config(FILE *out, const struct options *options)
{
	const char *group = NULL;

	fprintf(out, "# mxcensus %s: the options in force, as --config reads "
	    "them.\n# A line with # before the name has no fixed value.\n",
	    options->command->name);
	for (const struct option_entry *entry = option_entries;
	    entry->name != NULL; entry++) {
		if (!command_has_option(options->command, entry) ||
		    !option_is_setting(entry))
			continue;
		if (group == NULL || strcmp(group, entry->group) != 0) {
			group = entry->group;
			putc('\n', out);
			if (group[0] != '\0')
				fprintf(out, "# %c%s\n", toupper(group[0]),
				    group + 1);
		}
		for (size_t i = 0; print_line(out, options, entry, i); i++)
			;
	}
}

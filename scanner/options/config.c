/* config: reads the options of a configuration file. */
#include <stdlib.h>
#include <string.h>

#include "parsers/config_lines.h"
#include "scanner/base/log.h"
#include "scanner/base/whole_file.h"
#include "scanner/options/nearest_name.h"
#include "scanner/options/table.h"

/* The option of that name: of the command, else of any other command. */
static const struct option_entry *
find(const struct command *command, const char *name)
{
	const struct option_entry *found = NULL;

	for (const struct option_entry *entry = option_entries;
	    entry->name != NULL; entry++) {
		if (strcmp(entry->name, name) != 0 || (found != NULL &&
		    !command_has_option(command, entry)))
			continue;
		found = entry;
	}
	return found;
}

static bool
refuse_name(const struct options *options, const struct config_line *line)
{
	const struct command *command = options->command;
	struct nearest_name nearest;
	const char *name;

	nearest_name_init(&nearest, line->name);
	for (const struct option_entry *entry = option_entries;
	    entry->name != NULL; entry++)
		if (command_has_option(command, entry) &&
		    option_is_setting(entry))
			nearest_name_add(&nearest, entry->name);
	name = nearest_name_found(&nearest);
	if (name != NULL)
		log_line("%s:%zu: unknown option %s: did you mean %s?",
		    options->config, line->number, line->name, name);
	else
		log_line("%s:%zu: unknown option %s: mxcensus %s --help lists "
		    "them", options->config, line->number, line->name,
		    command->name);
	return false;
}

/* Of what the file has already: is the option there? */
static bool
is_repeated(const struct options *options, const struct given_list *lines,
    const struct given *given)
{
	for (size_t i = 0; i < lines->count; i++) {
		char why[64];

		if (lines->all[i].entry != given->entry ||
		    option_is_repeatable(given->entry))
			continue;
		snprintf(why, sizeof why, "the option is in line %zu already",
		    lines->all[i].line);
		return !given_refuse(options, given, why);
	}
	return false;
}

/* Adds the option of a line, also one of another command. */
static bool
take_line(const struct options *options, struct given_list *lines,
    const struct config_line *line)
{
	const struct given given = { find(options->command, line->name),
		line->value, line->number };

	if (given.entry == NULL)
		return refuse_name(options, line);
	if (!option_is_setting(given.entry))
		return given_refuse(options, &given, "give this option on the "
		    "command line alone");
	if (given.text == NULL && !option_may_be_bare(given.entry))
		return given_refuse(options, &given, "the option needs a "
		    "value: NAME = VALUE");
	if (is_repeated(options, lines, &given))
		return false;
	given_add(lines, &given);
	return true;
}

/* Does the command line have the option, or another form of the answer? */
static bool
is_replaced(const struct given_list *command_line, const struct given *given)
{
	for (size_t i = 0; i < command_line->count; i++) {
		const struct given *other = &command_line->all[i];

		if (other->entry == given->entry ||
		    (other->entry->kind == KIND_FORM &&
		    given->entry->kind == KIND_FORM &&
		    (other->text == NULL || strcmp(other->text, "no") != 0)))
			return true;
	}
	return false;
}

static void
put_before(struct options *options, const struct given_list *lines)
{
	struct given_list all = { 0 };

	for (size_t i = 0; i < lines->count; i++)
		if (command_has_option(options->command, lines->all[i].entry) &&
		    !is_replaced(&options->given, &lines->all[i]))
			given_add(&all, &lines->all[i]);
	for (size_t i = 0; i < options->given.count; i++)
		given_add(&all, &options->given.all[i]);
	free(options->given.all);
	options->given = all;
}

static bool
read_lines(const struct options *options, struct given_list *lines,
    char *text, size_t length)
{
	enum config_result result = CONFIG_WRONG;
	struct config_lines reader;
	struct entry_fault fault;
	struct config_line line;

	if (config_lines_open(&reader, text, length, &fault))
		while ((result = config_lines_next(&reader, &line, &fault)) ==
		    CONFIG_LINE)
			if (!take_line(options, lines, &line))
				return false;
	if (result == CONFIG_WRONG)
		log_line("%s:%zu: %s", options->config, fault.line, fault.why);
	return result == CONFIG_END;
}

bool
options_read_config(struct options *options)
{
	struct buffer *text = &options->config_text;
	const char *path = strcmp(options->config, "-") == 0 ? "/dev/stdin"
	    : options->config;
	struct given_list lines = { 0 };
	bool good;

	if (!whole_file_read(path, "--config", 1, text))
		return false;
	good = read_lines(options, &lines, buffer_text(text), text->length);
	/* Also what stands before a fault: it may say in which form the answer
	 * to a wrong command line is. */
	put_before(options, &lines);
	free(lines.all);
	return good;
}

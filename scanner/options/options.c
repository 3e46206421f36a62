#include "scanner/options/options.h"

#include <assert.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "scanner/base/log.h"
#include "scanner/base/memory.h"
#include "scanner/options/refused_option.h"
#include "scanner/options/table.h"
#include "scanner/version.h"

/* What getopt_long takes, made from the table. */
struct syntax {
	struct option	longs[OPTIONS_MAX];
	char		letters[2 * OPTIONS_MAX + 2];
};

/* Options of a scan have theirs in every command: some commands scan and cannot be
 * given all of them. */
static void
set_presets(struct options *options)
{
	long cores = sysconf(_SC_NPROCESSORS_ONLN);
	char why[OPTION_WHY_MAX];

	for (const struct option_entry *entry = option_entries;
	    entry->name != NULL; entry++) {
		const char *preset = option_preset(options->command, entry);
		bool has = (entry->commands & COMMAND_SCAN) != 0 ||
		    command_has_option(options->command, entry);

		if (preset != NULL && has &&
		    !option_set(options, entry, preset, why))
			assert(!"a preset of the table is legal");
	}
	options->workers = cores > 0 ? (uint64_t)cores : 1;
}

static int
argument_of(const struct option_entry *entry)
{
	if (option_is_setting(entry) && option_may_be_bare(entry))
		return optional_argument;
	return entry->value == NULL ? no_argument : required_argument;
}

static void
make_syntax(const struct command *command, struct syntax *syntax)
{
	size_t at = 0, count = 0;

	syntax->letters[at++] = ':';
	for (const struct option_entry *entry = option_entries;
	    entry->name != NULL; entry++) {
		if (!command_has_option(command, entry))
			continue;
		syntax->longs[count++] = (struct option){ entry->name,
		    argument_of(entry), NULL,
		    LONG_OPTION_BASE + (int)(entry - option_entries) };
		if (entry->letter == 0)
			continue;
		syntax->letters[at++] = entry->letter;
		if (entry->value != NULL)
			syntax->letters[at++] = ':';
	}
	syntax->letters[at] = '\0';
	syntax->longs[count] = (struct option){ NULL, 0, NULL, 0 };
}

static const struct option_entry *
entry_of(const struct command *command, int value)
{
	const struct option_entry *entry = option_entries;

	if (value >= LONG_OPTION_BASE)
		return &option_entries[value - LONG_OPTION_BASE];
	while (entry->letter != value || !command_has_option(command, entry))
		entry++;
	return entry;
}

void
given_add(struct given_list *list, const struct given *given)
{
	list->all = xreallocarray(list->all, list->count + 1,
	    sizeof *list->all);
	list->all[list->count++] = *given;
}

/* How much of a value from a file is quoted, in bytes. A terminal gets no control
 * characters. */
#define SHOWN_MAX	100

static void
show_text(char shown[SHOWN_MAX + 1], const char *text)
{
	size_t i;

	for (i = 0; i < SHOWN_MAX && text[i] != '\0'; i++)
		shown[i] = (unsigned char)text[i] < ' ' || text[i] == '\177'
		    ? '?' : text[i];
	shown[i] = '\0';
}

bool
given_refuse(const struct options *options, const struct given *given,
    const char *why)
{
	const char *name = given->entry->name;
	const char *text = given->text != NULL ? given->text : "";
	char shown[SHOWN_MAX + 1];

	show_text(shown, text);
	if (given->line == 0)
		log_line("--%s %s: %s", name, text, why);
	else
		log_line("%s:%zu: %s%s%s: %s", options->config, given->line,
		    name, given->text != NULL ? " = " : "", shown, why);
	return false;
}

const struct given *
options_given(const struct options *options, const char *name)
{
	for (size_t i = options->given.count; i > 0; i--)
		if (strcmp(options->given.all[i - 1].entry->name, name) == 0)
			return &options->given.all[i - 1];
	return NULL;
}

bool
options_have(const struct options *options, const char *name)
{
	return options_given(options, name) != NULL;
}

/* Reading ***************************************************************** */

/* One option of the command line. */
static enum options_result
take(struct options *options, const struct option_entry *entry,
    const char *text)
{
	switch (entry->kind) {
	case KIND_HELP:
		options_help(stdout, options->command);
		return OPTIONS_DONE;
	case KIND_VERSION:
		version_print(stdout);
		return OPTIONS_DONE;
	case KIND_SHOW_CONFIG:
		options->show_config = true;
		return OPTIONS_OK;
	case KIND_CONFIG:
		if (options->config != NULL) {
			log_line("--config %s: name one file alone", text);
			return OPTIONS_WRONG;
		}
		options->config = text;
		return OPTIONS_OK;
	default:
		given_add(&options->given, &(struct given){ entry, text, 0 });
		return OPTIONS_OK;
	}
}

static enum options_result
read_command_line(struct options *options, int argc, char **argv)
{
	const struct command *command = options->command;
	struct syntax syntax;
	int value;

	make_syntax(command, &syntax);
	opterr = 0;
	optind = 0;	/* glibc: begin again, whatever was parsed before */
	while ((value = getopt_long(argc, argv, syntax.letters, syntax.longs,
	    NULL)) != -1) {
		enum options_result result;

		if (value == '?' || value == ':') {
			refused_option_tell(command->name, syntax.longs, value,
			    argv[optind - 1]);
			return OPTIONS_WRONG;
		}
		result = take(options, entry_of(command, value), optarg);
		if (result != OPTIONS_OK)
			return result;
	}
	options->arguments = argv + optind;
	options->argument_count = (size_t)(argc - optind);
	return OPTIONS_OK;
}

static bool
set_all(struct options *options)
{
	for (size_t i = 0; i < options->given.count; i++) {
		const struct given *given = &options->given.all[i];
		char why[OPTION_WHY_MAX];

		if (!option_set(options, given->entry, given->text, why))
			return given_refuse(options, given, why);
	}
	return true;
}

/* A worker is told what the file said. It never reads the file, which may have
 * changed. */
static void
compose(struct options *options)
{
	const struct given_list *list = &options->given;
	size_t count = 0;

	options->words = xcalloc(list->count + options->argument_count + 2,
	    sizeof *options->words);
	for (; count < list->count; count++) {
		const struct given *given = &list->all[count];
		const char *text = given->text;

		options->words[count] = xasprintf("--%s%s%s",
		    given->entry->name, text != NULL ? "=" : "",
		    text != NULL ? text : "");
	}
	options->words[count++] = xasprintf("--");
	options->word_count = count;
	for (size_t i = 0; i < options->argument_count; i++)
		options->words[count++] = options->arguments[i];
	options->arguments = options->words + options->word_count;
	options->argv = options->words;
	options->argc = (int)count;
}

enum options_result
options_parse(struct options *options, const struct command *command,
    int argc, char **argv)
{
	enum options_result result;

	*options = (struct options){ .command = command };
	set_presets(options);
	result = read_command_line(options, argc, argv);
	if (result != OPTIONS_OK)
		return result;
	if (options->config != NULL && !options_read_config(options))
		return OPTIONS_WRONG;
	if (!set_all(options))
		return OPTIONS_WRONG;
	options_derive(options);
	if (options->show_config) {
		options_show_config(stdout, options);
		return OPTIONS_DONE;
	}
	compose(options);
	return options_check(options, command) ? OPTIONS_OK : OPTIONS_WRONG;
}

void
options_fini(struct options *options)
{
	prefix_set_fini(&options->allow_network);
	free(options->delegations.paths);
	for (size_t i = 0; i < options->word_count; i++)
		free(options->words[i]);
	free(options->words);
	free(options->given.all);
	buffer_fini(&options->config_text);
}

bool
options_have_shard(const struct options *options)
{
	return options->stage >= STAGE_DOMAINS;
}

bool
options_in_force(const struct options *options, size_t index,
    const char **name, char value[1024], bool *changes_facts)
{
	for (const struct option_entry *entry = option_entries;
	    entry->name != NULL; entry++) {
		if ((entry->commands & COMMAND_SCAN) == 0 ||
		    !option_is_setting(entry) || index-- > 0)
			continue;
		*name = entry->name;
		*changes_facts = entry->changes_facts;
		option_print(options, entry, value);
		return true;
	}
	return false;
}

#include "scanner/options/options.h"

#include <assert.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

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

	for (const struct option_entry *entry = option_entries;
	    entry->name != NULL; entry++) {
		const char *preset = option_preset(options->command, entry);
		bool has = (entry->commands & COMMAND_SCAN) != 0 ||
		    command_has_option(options->command, entry);

		if (preset != NULL && has &&
		    !option_set(options, entry, preset))
			assert(!"a preset of the table is legal");
	}
	options->workers = cores > 0 ? (uint64_t)cores : 1;
}

static int
argument_of(const struct option_entry *entry)
{
	if (entry->value == NULL)
		return no_argument;
	return entry->value[0] == '[' ? optional_argument : required_argument;
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

static enum options_result
take(struct options *options, const struct option_entry *entry,
    const char *text)
{
	options->given[entry - option_entries] = true;
	if (entry->kind == KIND_HELP) {
		options_help(stdout, options->command);
		return OPTIONS_DONE;
	}
	if (entry->kind == KIND_VERSION) {
		version_print(stdout);
		return OPTIONS_DONE;
	}
	return option_set(options, entry, text) ? OPTIONS_OK : OPTIONS_WRONG;
}

enum options_result
options_parse(struct options *options, const struct command *command,
    int argc, char **argv)
{
	struct syntax syntax;
	int value;

	*options = (struct options){ .command = command, .argv = argv + 1,
		.argc = argc - 1 };
	set_presets(options);
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
	return options_check(options, command) ? OPTIONS_OK : OPTIONS_WRONG;
}

void
options_fini(struct options *options)
{
	prefix_set_fini(&options->allow_network);
	free(options->delegations.paths);
}

bool
options_have_shard(const struct options *options)
{
	return options->stage >= STAGE_DOMAINS;
}

bool
options_have(const struct options *options, const char *name)
{
	for (size_t i = 0; option_entries[i].name != NULL; i++)
		if (options->given[i] &&
		    strcmp(option_entries[i].name, name) == 0)
			return true;
	return false;
}

bool
options_in_force(const struct options *options, size_t index,
    const char **name, char value[1024], bool *changes_facts)
{
	for (const struct option_entry *entry = option_entries;
	    entry->kind != KIND_HELP; entry++) {
		if ((entry->commands & COMMAND_SCAN) == 0 || index-- > 0)
			continue;
		*name = entry->name;
		*changes_facts = entry->changes_facts;
		option_print(options, entry, value);
		return true;
	}
	return false;
}

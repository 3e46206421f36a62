#include "scanner/options/options.h"

#include <assert.h>
#include <getopt.h>
#include <unistd.h>

#include "scanner/options/refused_option.h"
#include "scanner/options/table.h"
#include "scanner/version.h"

static void
set_presets(struct options *options, const struct command_options *command)
{
	long cores = sysconf(_SC_NPROCESSORS_ONLN);

	for (const struct option_entry *entry = option_entries;
	    entry->name != NULL; entry++) {
		const char *preset = option_preset(command, entry);

		if (preset != NULL && !option_set(options, entry, preset))
			assert(!"a preset of the table is legal");
	}
	options->workers = cores > 0 ? (uint64_t)cores : 1;
}

static void
make_getopt(const struct command_options *command,
    struct option longs[OPTION_ENTRIES_MAX],
    char letters[2 * OPTION_ENTRIES_MAX])
{
	size_t at = 0, count = 0;

	letters[at++] = ':';
	for (const struct option_entry *entry = option_entries;
	    entry->name != NULL; entry++) {
		bool takes = entry->value != NULL;

		if (!command_has_option(command, entry))
			continue;
		longs[count++] = (struct option){ entry->name,
		    takes ? required_argument : no_argument, NULL,
		    LONG_OPTION_BASE + (int)(entry - option_entries) };
		if (entry->letter == 0)
			continue;
		letters[at++] = entry->letter;
		if (takes)
			letters[at++] = ':';
	}
	letters[at] = '\0';
	longs[count] = (struct option){ NULL, 0, NULL, 0 };
}

static const struct option_entry *
entry_of(int value)
{
	const struct option_entry *entry = option_entries;

	if (value >= LONG_OPTION_BASE)
		return &option_entries[value - LONG_OPTION_BASE];
	while (entry->letter != value)
		entry++;
	return entry;
}

enum options_result
options_parse(struct options *options, int argc, char **argv)
{
	const struct command_options *command = command_options_of(argv[0]);
	struct option longs[OPTION_ENTRIES_MAX];
	char letters[2 * OPTION_ENTRIES_MAX];
	int value;

	*options = (struct options){ .argv = argv + 1, .argc = argc - 1 };
	set_presets(options, command);
	make_getopt(command, longs, letters);
	opterr = 0;
	optind = 0;	/* glibc: begin anew, whatever was parsed before */
	while ((value = getopt_long(argc, argv, letters, longs, NULL)) != -1) {
		const struct option_entry *entry;

		if (value == '?' || value == ':') {
			refused_option_tell(command->name, longs, value,
			    argv[optind - 1]);
			return OPTIONS_WRONG;
		}
		entry = entry_of(value);
		if (entry->kind == KIND_HELP) {
			options_help(stdout, command);
			return OPTIONS_DONE;
		}
		if (entry->kind == KIND_VERSION) {
			version_print(stdout);
			return OPTIONS_DONE;
		}
		if (!option_set(options, entry, optarg))
			return OPTIONS_WRONG;
	}
	options->arguments = argv + optind;
	options->argument_count = (size_t)(argc - optind);
	return options_check(options, command) ? OPTIONS_OK : OPTIONS_WRONG;
}

void
options_fini(struct options *options)
{
	prefix_set_fini(&options->allow_network);
}

bool
options_in_force(const struct options *options, size_t index,
    const char **name, char value[1024], bool *changes_facts)
{
	const struct option_entry *entry = &option_entries[index];

	/* Help and version, which have no value, stand behind all that has. */
	if (entry->kind == KIND_HELP)
		return false;
	*name = entry->name;
	*changes_facts = entry->changes_facts;
	option_print(options, entry, value);
	return true;
}

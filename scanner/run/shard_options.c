#include "scanner/run/shard_options.h"

#include <stdlib.h>
#include <string.h>

#include "scanner/base/log.h"
#include "scanner/base/memory.h"
#include "scanner/options/table.h"

/* Whether these are as in the plan says nothing about a shard. Its inputs are
 * read, and only conclude uses the policy list, of which the run has a copy. */
static bool
is_left_out(const struct option_entry *entry)
{
	static const char *const names[] = {
		"delegations", "dry-run", "output", "notes", "force-resume",
		"policy-list", "source-address", "workers", "max-runtime",
		"progress", "metrics-file", "log-format", "quiet",
	};

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (strcmp(entry->name, names[i]) == 0)
			return true;
	return false;
}

static void
add(struct shard_line *line, char *word)
{
	line->argv = xreallocarray(line->argv, (size_t)line->argc + 2,
	    sizeof *line->argv);
	line->argv[line->argc++] = word;
	line->argv[line->argc] = NULL;
}

static void
add_made(struct shard_line *line, char *word)
{
	line->made = xreallocarray(line->made, line->made_count + 1,
	    sizeof *line->made);
	line->made[line->made_count++] = word;
	add(line, word);
}

/* Each of the words in the text, which blanks part. */
static void
add_each(struct shard_line *line, const char *name, const char *text)
{
	while (text[0] != '\0') {
		size_t length = strcspn(text, " ");

		add_made(line, xasprintf("--%s=%.*s", name, (int)length,
		    text));
		text += length;
		text += strspn(text, " ");
	}
}

/* `text` is what run.json has. */
static void
add_option(struct shard_line *line, const struct option_entry *entry,
    const char *text)
{
	/* Without --ehlo a scan says this, which is nobody's name. */
	if (text[0] == '\0' || (strcmp(entry->name, "ehlo") == 0 &&
	    strcmp(text, EHLO_OF_NOBODY) == 0))
		return;
	switch (entry->kind) {
	case KIND_FLAG:
		if (strcmp(text, "yes") == 0)
			add_made(line, xasprintf("--%s", entry->name));
		break;
	case KIND_PREFIXES:
		add_each(line, entry->name, text);
		break;
	case KIND_SAMPLE:
		add_made(line, xasprintf("--%s=1/%s", entry->name, text));
		break;
	default:
		add_made(line, xasprintf("--%s=%s", entry->name, text));
		break;
	}
}

static bool
is_as_planned(const struct option_entry *entry, const struct options *typed,
    const char *planned)
{
	char value[1024];

	if (!entry->changes_facts)
		return true;
	option_print(typed, entry, value);
	if (strcmp(value, planned) == 0)
		return true;
	log_line("--%s is '%s', and was '%s' when the plan of this run was "
	    "made: leave it out, or start another run (-o)", entry->name,
	    value, planned);
	return false;
}

bool
shard_line_compose(struct shard_line *line, const struct run_json *plan,
    const struct options *typed)
{
	bool good = true;

	*line = (struct shard_line){ 0 };
	add(line, (char *)(uintptr_t)typed->command->name);
	for (const struct option_entry *entry = option_entries;
	    entry->name != NULL; entry++) {
		const char *text = run_json_option(plan, entry->name);

		if ((entry->commands & COMMAND_SCAN) == 0 ||
		    !option_is_setting(entry))
			continue;
		if (text == NULL)
			text = "";
		if (options_have(typed, entry->name))
			good = is_as_planned(entry, typed, text) && good;
		else if (!is_left_out(entry))
			add_option(line, entry, text);
	}
	for (int i = 0; i < typed->argc; i++)
		add(line, typed->argv[i]);
	return good;
}

void
shard_line_free(struct shard_line *line)
{
	for (size_t i = 0; i < line->made_count; i++)
		free(line->made[i]);
	free(line->made);
	free(line->argv);
	*line = (struct shard_line){ 0 };
}

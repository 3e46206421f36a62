#include "scanner/commands/completion/completion.h"

#include <ctype.h>
#include <string.h>

#include "scanner/base/log.h"
#include "scanner/commands/completion/completion_internal.h"

static bool
is_one_of(const char *word, size_t length, const char *const *words)
{
	for (; *words != NULL; words++)
		if (strlen(*words) == length &&
		    strncmp(*words, word, length) == 0)
			return true;
	return false;
}

/* By the name of a value or an argument, as help has it. */
static enum offer
offer_of_name(const char *name)
{
	static const char *const files[] = { "FILE", "ZONE", "LIST", "INPUT",
		NULL };
	static const char *const folders[] = { "RUN", "FOLDER", "OLD", NULL };
	size_t length = strcspn(name, " .[]");

	if (is_one_of(name, length, files))
		return OFFER_FILES;
	return is_one_of(name, length, folders) ? OFFER_FOLDERS : OFFER_NONE;
}

enum offer
offer_of_option(const struct option_entry *entry)
{
	if (entry->choices != NULL)
		return OFFER_WORDS;
	return entry->value != NULL ? offer_of_name(entry->value) : OFFER_NONE;
}

enum offer
offer_of_arguments(const struct command *command)
{
	/* The first one tells: files include folders. */
	return islower((unsigned char)command->arguments[0]) ? OFFER_WORDS
	    : offer_of_name(command->arguments);
}

/* The first word of each way to call it, and those behind a |. */
void
print_argument_words(FILE *out, const struct command *command,
    const char *before)
{
	const char *at = command->arguments;
	bool counts = true;

	while (*at != '\0') {
		size_t length = strcspn(at, " \n");

		if (counts && islower((unsigned char)*at))
			fprintf(out, "%s%.*s", before, (int)length, at);
		counts = *at == '|' || at[length] == '\n';
		at += length;
		at += *at != '\0';
	}
}

bool
is_offered(const struct command *command)
{
	return command->summary != NULL && strchr(command->name, ' ') == NULL;
}

int
completion_command(const struct options *options)
{
	const char *shell = options->arguments[0];

	if (strcmp(shell, "bash") == 0)
		completion_print_bash(stdout);
	else if (strcmp(shell, "zsh") == 0)
		completion_print_zsh(stdout);
	else {
		log_line("%s: name bash or zsh", shell);
		return EXIT_USAGE;
	}
	return EXIT_COMPLETE;
}

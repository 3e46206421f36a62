#include "scanner/options/refused_option.h"

#include <stdio.h>
#include <string.h>

#include "scanner/base/log.h"
#include "scanner/options/nearest_name.h"

static void
tell_unknown(const char *command, const struct option *longs,
    const char *given)
{
	const char *name = given;
	struct nearest_name nearest;
	char word[64];

	while (*name == '-')
		name++;
	snprintf(word, sizeof word, "%.*s", (int)strcspn(name, "="), name);
	nearest_name_init(&nearest, word);
	for (; longs->name != NULL; longs++)
		nearest_name_add(&nearest, longs->name);
	name = nearest_name_found(&nearest);
	if (name != NULL)
		log_line("unknown option --%s: did you mean --%s?", word,
		    name);
	else
		log_line("unknown option %s: mxcensus %s --help lists them",
		    given, command);
}

static const char *
name_of(const struct option *longs, int value)
{
	while (longs->name != NULL && longs->val != value)
		longs++;
	return longs->name;
}

/* optopt is a letter, the value of a long option that was given what it does
 * not take, or 0. */
void
refused_option_tell(const char *command, const struct option *longs, int got,
    const char *given)
{
	if (got == ':')
		log_line("%s needs a value", given);
	else if (optopt >= LONG_OPTION_BASE)
		log_line("--%s takes no value", name_of(longs, optopt));
	else if (optopt != 0)
		/* It may be in a bundle of letters, so `given` does not name
		 * it. */
		log_line("unknown option -%c: mxcensus %s --help lists them",
		    optopt, command);
	else
		tell_unknown(command, longs, given);
}

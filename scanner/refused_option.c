#include "scanner/refused_option.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "scanner/base/log.h"

/* Levenshtein's distance, for names of options. */
static size_t
distance(const char *a, const char *b)
{
	size_t row[64], length = strlen(b);

	if (length >= sizeof row / sizeof row[0])
		return SIZE_MAX;
	for (size_t j = 0; j <= length; j++)
		row[j] = j;
	for (size_t i = 1; a[i - 1] != '\0'; i++) {
		size_t diagonal = row[0];

		row[0] = i;
		for (size_t j = 1; j <= length; j++) {
			size_t best = diagonal + (a[i - 1] != b[j - 1]);

			diagonal = row[j];
			if (row[j] + 1 < best)
				best = row[j] + 1;
			if (row[j - 1] + 1 < best)
				best = row[j - 1] + 1;
			row[j] = best;
		}
	}
	return row[length];
}

static void
tell_unknown(const char *command, const struct option *longs,
    const char *given)
{
	const char *name = given, *best = NULL;
	size_t least = SIZE_MAX;
	char word[64];

	while (*name == '-')
		name++;
	snprintf(word, sizeof word, "%.*s", (int)strcspn(name, "="), name);
	for (; longs->name != NULL; longs++) {
		size_t here = distance(word, longs->name);

		if (here < least) {
			least = here;
			best = longs->name;
		}
	}
	if (least <= 3 && least < strlen(word))
		log_line("unknown option --%s: did you mean --%s?", word,
		    best);
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
		/* It may stand in a bundle, so `given` says nothing. */
		log_line("unknown option -%c: mxcensus %s --help lists them",
		    optopt, command);
	else
		tell_unknown(command, longs, given);
}

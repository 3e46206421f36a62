#include "analysis/policy/patterns.h"

#include <stdlib.h>
#include <string.h>

#include "parsers/presented_name.h"

bool
policy_pattern_covers(const char *pattern, const char *host,
    enum suffix_depth depth)
{
	return pattern[0] == '.'
	    ? presented_name_is_below(host, strlen(host), pattern, depth)
	    : strcmp(pattern, host) == 0;
}

bool
policy_patterns_cover(const struct policy_patterns *patterns, const char *host,
    enum suffix_depth depth)
{
	for (size_t i = 0; i < patterns->count; i++)
		if (policy_pattern_covers(patterns->items[i], host, depth))
			return true;
	return false;
}

bool
policy_patterns_match(const struct policy_patterns *patterns, const char *san,
    enum suffix_depth depth)
{
	for (size_t i = 0; i < patterns->count; i++) {
		const char *pattern = patterns->items[i];

		/* The common name never counts as a name here (N7). */
		if (pattern[0] == '.' ? presented_names_below(san,
		    pattern, depth)
		    : presented_names_match(san, NULL, pattern))
			return true;
	}
	return false;
}

bool
policy_pattern_is_overbroad(const char *pattern,
    const struct suffix_list *suffixes)
{
	return pattern[0] == '.' &&
	    suffix_registrable(suffixes, pattern + 1) == NULL;
}

/* Shape ******************************************************************* */

static int
compare_texts(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void
sort_distinct(struct policy_patterns *patterns)
{
	size_t kept = 0;

	if (patterns->count == 0)
		return;
	qsort(patterns->items, patterns->count, sizeof *patterns->items,
	    compare_texts);
	for (size_t i = 0; i < patterns->count; i++)
		if (kept == 0 || strcmp(patterns->items[kept - 1],
		    patterns->items[i]) != 0)
			patterns->items[kept++] = patterns->items[i];
	patterns->count = kept;
}

static size_t
siblings(const struct policy_patterns *patterns, const char *suffix)
{
	size_t count = 0;

	for (size_t i = 0; i < patterns->count; i++)
		count += patterns->items[i][0] != '.' && policy_pattern_covers(
		    suffix, patterns->items[i], SUFFIX_ONE_LABEL);
	return count;
}

void
policy_patterns_shape(struct policy_patterns *patterns,
    const struct suffix_list *suffixes)
{
	size_t count;

	sort_distinct(patterns);
	count = patterns->count;
	/* Each sibling becomes the suffix; then equal suffixes become one. */
	for (size_t i = 0; i < count; i++) {
		const char *name = patterns->items[i];
		const char *suffix = name[0] == '.' ? NULL : strchr(name, '.');

		if (suffix == NULL || siblings(patterns, suffix) < SIBLINGS_MIN
		    || policy_pattern_is_overbroad(suffix, suffixes))
			continue;
		for (size_t j = 0; j < count; j++)
			if (j != i && patterns->items[j][0] != '.' &&
			    policy_pattern_covers(suffix, patterns->items[j],
			    SUFFIX_ONE_LABEL))
				patterns->items[j] = suffix;
		patterns->items[i] = suffix;
	}
	sort_distinct(patterns);
}

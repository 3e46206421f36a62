/*
 * policy_patterns: the `mxs` of a policy list against names, and how they are made
 * of MX hosts (RULES 10, C10). A pattern is a host name, or `.suffix`, which
 * stands for one label before it. All in lower case.
 */
#ifndef MXCENSUS_ANALYSIS_POLICY_PATTERNS_H
#define MXCENSUS_ANALYSIS_POLICY_PATTERNS_H

#include <stdbool.h>
#include <stddef.h>

#include "parsers/suffix.h"

/* How a reader of the list may understand `.x`: the rules text and EFF's checker
 * as one label, the schema as any number. */
enum suffix_depth { SUFFIX_ONE_LABEL, SUFFIX_ANY_DEPTH };

struct policy_patterns {
	const char	**items;
	size_t		 count;
};

bool	policy_pattern_covers(const char *pattern, const char *host,
	    enum suffix_depth);
bool	policy_patterns_cover(const struct policy_patterns *, const char *host,
	    enum suffix_depth);
/* Does a dNSName of the certificate (san_text of `certificates`) fall under one of
 * them? A certificate's wildcard stands for one label (RULES N1). */
bool	policy_patterns_match(const struct policy_patterns *, const char *san,
	    enum suffix_depth);
/* A suffix below which strangers register names. */
bool	policy_pattern_is_overbroad(const char *pattern,
	    const struct suffix_list *);

/* C10, in place: the names sorted and distinct, but where SIBLINGS_MIN or more are
 * one label below a name that is a registrable domain or below one, `.suffix`
 * instead of these. The suffixes are parts of the names, which must outlive them. */
#define SIBLINGS_MIN	3
void	policy_patterns_shape(struct policy_patterns *,
	    const struct suffix_list *);

#endif

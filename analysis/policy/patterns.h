/*
 * patterns: compares the `mxs` of a policy list (STARTTLS Everywhere v0.1) with
 * names, and makes them from MX hosts (RULES 10, C10). Its functions are pure.
 *
 * A pattern is a host name, or a suffix (`.x`), in lower case. Two meanings of
 * `.x` were published: one label (the text about the list, and the checker of
 * its publisher: `.example.com` covers mx.example.com and *.example.com, but
 * neither a.mx.example.com nor example.com), and any number of labels (the JSON
 * schema). Here it means one label everywhere: a list is never read wider than
 * its narrowest reader reads it, and `*.x` of MTA-STS means the same (P7). The
 * other meaning only serves to say where readers differ (`depth_divergent`).
 */
#ifndef MXCENSUS_ANALYSIS_POLICY_PATTERNS_H
#define MXCENSUS_ANALYSIS_POLICY_PATTERNS_H

#include <stdbool.h>
#include <stddef.h>

#include "parsers/presented_name.h"
#include "parsers/suffix.h"

struct policy_patterns {
	const char	**items;
	size_t		 count;
};

/* The name of an MX host, in canonical text form. */
bool	policy_pattern_covers(const char *pattern, const char *host,
	    enum suffix_depth);
bool	policy_patterns_cover(const struct policy_patterns *, const char *host,
	    enum suffix_depth);
/* The names of a certificate (san_text of `certificates`): is one of its dNSNames
 * among the patterns? Its wildcard covers a name of one label more (N1), and is
 * itself covered by a suffix. The common name is none of them (N7). This is what
 * a sender with a list compares (RULES 9), and not the MX host's name. */
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

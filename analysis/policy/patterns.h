/*
 * patterns: compares the `mxs` of a policy list (STARTTLS Everywhere v0.1) with
 * names, and makes them from MX hosts (RULES 10, C10). Its functions are pure.
 *
 * A pattern is a host name, or a suffix (`.x`), in lower case. Two meanings of
 * `.x` were published: one label (the text about the list, and the checker of
 * its publisher: `.example.com` covers mx.example.com and *.example.com, but
 * neither a.mx.example.com nor example.com), and any number of labels (the JSON
 * schema). Here it means one label everywhere: a list is never read more widely
 * than by its strictest reader, and `*.x` of MTA-STS means the same (P7). The
 * other meaning is only used to say where readers differ (`depth_divergent`).
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
/* Is one of the dNSNames of a certificate (san_text of `certificates`) among
 * the patterns? A wildcard in the certificate covers names with one label more
 * (N1), and a suffix covers the wildcard itself. The common name does not count
 * (N7). A sender with a list compares these names (RULES 9), not the name of
 * the MX host. */
bool	policy_patterns_match(const struct policy_patterns *, const char *san,
	    enum suffix_depth);
/* Is it a suffix below which strangers register names? */
bool	policy_pattern_is_overbroad(const char *pattern,
	    const struct suffix_list *);

/* C10, in place: sorts the names and makes them distinct. If SIBLINGS_MIN or
 * more of them are one label below the same name, and that name is a
 * registrable domain or below one, `.suffix` replaces them. The suffixes are
 * parts of the names, which must outlive them. */
#define SIBLINGS_MIN	3
void	policy_patterns_shape(struct policy_patterns *,
	    const struct suffix_list *);

#endif

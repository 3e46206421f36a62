/*
 * presented_name: compares a name that a certificate presents with the
 * reference identifier that a client looks for (RFC 9525; RULES N1 to N5). The
 * bytes of the name come from the peer: they are read from the certificate
 * itself, or from a table.
 */
#ifndef MXCENSUS_PARSERS_PRESENTED_NAME_H
#define MXCENSUS_PARSERS_PRESENTED_NAME_H

#include <stdbool.h>
#include <stddef.h>

/* NUL or another control byte: it never matches (N5). */
bool	presented_name_is_hostile(const char *bytes, size_t length);
/* `name` is in canonical text form (name.h). A-labels are compared without case
 * and final dot. A wildcard is the whole left-most label, matches one label,
 * and has at least two labels after it. A name with \DDD in it never
 * matches. */
bool	presented_name_matches(const char *bytes, size_t length,
	    const char *name);

/* Does the same for a row of `certificates`. `san` is its san_text: "dns:NAME"
 * and other entries, separated by spaces. `common_name` is its
 * common_name_text, which is used if there is no dNSName (RFC 7672 3.2.3); if
 * it is NULL, no common name is used. Some bytes are escaped as \xHH. */
bool	presented_names_match(const char *san, const char *common_name,
	    const char *name);

/* how many labels a suffix (".example.com") can match */
enum suffix_depth { SUFFIX_ONE_LABEL, SUFFIX_ANY_DEPTH };

/* Is the name below the suffix? A wildcard in it counts as one of the labels
 * that the suffix matches. Labels have letters, digits, hyphens and
 * underscores. */
bool	presented_name_is_below(const char *bytes, size_t length,
	    const char *suffix, enum suffix_depth);
/* Is a dNSName of a san_text? */
bool	presented_names_below(const char *san, const char *suffix,
	    enum suffix_depth);

#endif

/*
 * policy_list: reads the words of a policy list (STARTTLS Everywhere v0.1;
 * RULES 10 "Format"): names, patterns, times. analysis/policy/list reads the
 * JSON around them.
 */
#ifndef MXCENSUS_PARSERS_POLICY_LIST_H
#define MXCENSUS_PARSERS_POLICY_LIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What is wrong with a domain of the list, with a pattern of `mxs` (a host
 * name, or a suffix that begins with a dot); NULL: nothing. Static. As the schema
 * has them: two labels at least, the last of them letters and digits, of which
 * there are two or more. */
const char *policy_list_name_fault(const char *name);
const char *policy_list_pattern_fault(const char *pattern);
/* RFC 3339 5.6, to Unix seconds; a fraction is cut off. */
bool	policy_list_time(const char *text, int64_t *seconds);

#endif

/*
 * policy_list: reads the single values of a policy list (STARTTLS Everywhere
 * v0.1; RULES 10 "Format"): names, patterns, times. analysis/policy/list reads
 * the JSON around them.
 */
#ifndef MXCENSUS_PARSERS_POLICY_LIST_H
#define MXCENSUS_PARSERS_POLICY_LIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Says what is wrong with a domain of the list, or with a pattern in `mxs` (a
 * host name, or a suffix that begins with a dot). Returns NULL if nothing is
 * wrong. The text is static. The schema demands at least two labels; the last
 * one has at least two letters or digits, and nothing else. */
const char *policy_list_name_fault(const char *name);
const char *policy_list_pattern_fault(const char *pattern);
/* Reads a time of RFC 3339 5.6 as Unix seconds. A fraction is cut off. */
bool	policy_list_time(const char *text, int64_t *seconds);

#endif

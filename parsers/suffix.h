/*
 * suffix: the registrable domain of a name by the Public Suffix List (libpsl).
 */
#ifndef MXCENSUS_PARSERS_SUFFIX_H
#define MXCENSUS_PARSERS_SUFFIX_H

#include <stddef.h>

struct suffix_list;

/* Opens the newer of the system's list and the list built into libpsl. Returns
 * NULL if neither exists. It opens files, so it must run before a sandbox. */
struct suffix_list *suffix_list_open(void);
void	suffix_list_free(struct suffix_list *);
/* Returns the version or date of the list, for run.json. */
const char *suffix_list_version(const struct suffix_list *);
/* Returns the registrable domain of a canonical text name (parsers/name.h): the
 * public suffix and one label. It points into `name`. Returns NULL if `name` is
 * itself a public suffix, has escapes, or is an address. */
const char *suffix_registrable(const struct suffix_list *, const char *name);

#endif

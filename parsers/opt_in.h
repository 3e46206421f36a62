/*
 * opt_in: the domains whose owners ask to be enforced in a policy list (RULES
 * C8): one domain per line; `#` begins a comment. A name means only itself, not
 * the names below it. A wildcard, a mailbox or an address is refused.
 */
#ifndef MXCENSUS_PARSERS_OPT_IN_H
#define MXCENSUS_PARSERS_OPT_IN_H

#include <stdbool.h>
#include <stddef.h>

#include "parsers/entry_lines.h"
#include "parsers/name_set.h"

struct opt_in {
	struct name_set	names;
};

/* Adds the names of a text. It stops at the first line that is not a domain and
 * returns false; the fault says why. U-labels are legal (they become
 * A-labels). */
bool	opt_in_read(struct opt_in *, const char *text, size_t length,
	    struct entry_fault *);
void	opt_in_fini(struct opt_in *);
/* The name is in canonical text form. */
bool	opt_in_has(const struct opt_in *, const char *name);

#endif

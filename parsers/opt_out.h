/*
 * opt_out: who asked to be left out (RULES 11): a name (a domain or a host, and
 * all below it), an address or a prefix a line; `#` begins a comment.
 */
#ifndef MXCENSUS_PARSERS_OPT_OUT_H
#define MXCENSUS_PARSERS_OPT_OUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "parsers/name_set.h"
#include "parsers/prefix.h"

struct opt_out {
	struct name_set	  names;
	struct prefix_set prefixes;
	size_t		  count;	/* entries, repeated ones too */
};

/* Adds the entries of a text. At the first line that is none of them it stops:
 * false, *line is its number (from 1), and nothing is to be trusted. U-labels are
 * legal (they are taken as A-labels). */
bool	opt_out_read(struct opt_out *, const char *text, size_t length,
	    size_t *line);
void	opt_out_fini(struct opt_out *);
static inline bool
opt_out_is_empty(const struct opt_out *opt_out)
{
	return opt_out->count == 0;
}
/* The name in canonical text form, or a name that it is below. */
bool	opt_out_has_name(const struct opt_out *, const char *name);
bool	opt_out_has_address(const struct opt_out *, const struct address *);

#endif

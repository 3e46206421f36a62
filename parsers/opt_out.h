/*
 * opt_out: names and addresses whose owners asked to be left out (RULES K11). A
 * list has lines in UTF-8, with commas or blanks between the entries of a line;
 * `#` begins a comment. An entry is one of these. Anything else is refused,
 * with a hint about what is meant:
 *
 *	a.example  a.example.  .a.example  *.a.example	a domain or a host, and all
 *	@a.example  post@a.example  <post@a.example>	that is below it
 *	mailto:post@a.example
 *	192.0.2.9  2001:db8::1				an address
 *	[192.0.2.9]  [2001:db8::1]  [IPv6:2001:db8::1]
 *	192.0.2.0/24  2001:db8::/32			a prefix
 *	192.0.2.8-192.0.2.9  192.0.2.8 - 192.0.2.9	a range of addresses
 */
#ifndef MXCENSUS_PARSERS_OPT_OUT_H
#define MXCENSUS_PARSERS_OPT_OUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "parsers/entry_lines.h"
#include "parsers/name_set.h"
#include "parsers/prefix.h"

struct opt_out {
	struct name_set	  names;
	/* Sorted; no prefix is inside another. */
	struct prefix_set prefixes;
	size_t		  count;	/* entries, also repeated ones */
};

/* Adds the entries of a text. It stops at the first entry that cannot be
 * honoured and returns false. Then only the fault may be used. */
bool	opt_out_read(struct opt_out *, const char *text, size_t length,
	    struct entry_fault *);
void	opt_out_fini(struct opt_out *);
static inline bool
opt_out_is_empty(const struct opt_out *opt_out)
{
	return opt_out->count == 0;
}
/* Does the list have the name (canonical text form), or a name above it? */
bool	opt_out_has_name(const struct opt_out *, const char *name);
bool	opt_out_has_address(const struct opt_out *, const struct address *);

#endif

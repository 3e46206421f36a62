/*
 * entry_lines: a text that a person keeps, an entry a line: `#` begins a comment,
 * blanks around an entry and lines without one do not count.
 */
#ifndef MXCENSUS_PARSERS_ENTRY_LINES_H
#define MXCENSUS_PARSERS_ENTRY_LINES_H

#include <stdbool.h>
#include <stddef.h>

struct entry_lines {
	const char	*at, *end;	/* what is not read yet */
	size_t		 line;		/* of the present entry, from 1 */
};

/* The text must outlive it. */
void	entry_lines_init(struct entry_lines *, const char *text, size_t length);
/* False at the end; the entry points into the text, and is never empty. */
bool	entry_lines_next(struct entry_lines *, const char **entry,
	    size_t *length);

#endif

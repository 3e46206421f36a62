/*
 * entry_lines: a text that has an entry a line; `#` begins a comment, blanks around
 * an entry do not count, and lines without one are passed over.
 */
#ifndef MXCENSUS_PARSERS_ENTRY_LINES_H
#define MXCENSUS_PARSERS_ENTRY_LINES_H

#include <stdbool.h>
#include <stddef.h>

struct entry_lines {
	const char	*at, *end;
	const char	*entry;		/* inside the text */
	size_t		 length;	/* of the entry, never 0 */
	size_t		 line;		/* its number, from 1 */
};

void	entry_lines_init(struct entry_lines *, const char *text,
	    size_t length);
/* The next entry; false past the last. */
bool	entry_lines_next(struct entry_lines *);

#endif

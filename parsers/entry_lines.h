/*
 * entry_lines: reads, line by line, a UTF-8 text that a person maintains. `#`
 * begins a comment. Blanks around an entry do not count, nor do lines without
 * an entry.
 */
#ifndef MXCENSUS_PARSERS_ENTRY_LINES_H
#define MXCENSUS_PARSERS_ENTRY_LINES_H

#include <stdbool.h>
#include <stddef.h>

#define ENTRY_WHY_MAX 320

/* Why a text is refused, in words for the person who maintains it. */
struct entry_fault {
	size_t	line;			/* from 1 */
	char	why[ENTRY_WHY_MAX];	/* the entry, and what its author
					 * probably means */
};

struct entry_lines {
	const char	*at, *end;	/* the rest, which has not been read */
	size_t		 line;		/* of the present entry, from 1 */
};

/* The text must outlive the struct. A byte order mark of UTF-8 is skipped.
 * Returns false if the text has NUL bytes (as UTF-16 has), or a carriage return
 * that does not end a line: a comment before it would swallow the entries after
 * it. */
bool	entry_lines_open(struct entry_lines *, const char *text, size_t length,
	    struct entry_fault *);
/* Returns false at the end; the entry points into the text, and is never
 * empty. */
bool	entry_lines_next(struct entry_lines *, const char **entry,
	    size_t *length);
/* Says why an entry of the present line is refused. Returns false. */
bool	entry_lines_refuse(const struct entry_lines *, const char *entry,
	    size_t length, const char *why, struct entry_fault *);

#endif

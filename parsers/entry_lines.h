/*
 * entry_lines: a text that a person keeps, in UTF-8, line by line: `#` begins a
 * comment, blanks around an entry and lines without one do not count.
 */
#ifndef MXCENSUS_PARSERS_ENTRY_LINES_H
#define MXCENSUS_PARSERS_ENTRY_LINES_H

#include <stdbool.h>
#include <stddef.h>

#define ENTRY_WHY_MAX 320

/* Why a text is refused, for the one who keeps it. */
struct entry_fault {
	size_t	line;			/* from 1 */
	char	why[ENTRY_WHY_MAX];	/* the entry, and what is meant by it */
};

struct entry_lines {
	const char	*at, *end;	/* what is not read yet */
	size_t		 line;		/* of the present entry, from 1 */
};

/* The text must outlive it. A byte order mark of UTF-8 is skipped. False where it
 * is no text of lines: it has NUL bytes (UTF-16 has), or a carriage return that
 * ends no line, behind which a comment would swallow entries. */
bool	entry_lines_open(struct entry_lines *, const char *text, size_t length,
	    struct entry_fault *);
/* False at the end; the entry points into the text, and is never empty. */
bool	entry_lines_next(struct entry_lines *, const char **entry,
	    size_t *length);
/* Says of an entry of the present line why it is refused. Returns false. */
bool	entry_lines_refuse(const struct entry_lines *, const char *entry,
	    size_t length, const char *why, struct entry_fault *);

#endif

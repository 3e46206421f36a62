/*
 * layout: the separator, the header, and the columns of name and rank of a CSV
 * file (RULES I6, I16). It is found from the first lines of the file.
 */
#ifndef MXCENSUS_INPUT_LAYOUT_H
#define MXCENSUS_INPUT_LAYOUT_H

#include <stdbool.h>
#include <stddef.h>

#define LAYOUT_NO_COLUMN	SIZE_MAX
/* The longest record, in bytes. */
#define LAYOUT_RECORD_MAX	(64 * 1024)

struct layout {
	char	separator;
	bool	has_header;
	/* Indexes of columns; there may be no rank. */
	size_t	name_column, rank_column;
};

/* Finds the layout in the first bytes of an input. Returns false if they are
 * not CSV with a column of host names. `is_whole`: the input has no more
 * bytes. */
bool	layout_find(const char *bytes, size_t length, bool is_whole,
	    struct layout *);
/* Skips comments before the first record. Returns how many bytes they take, and
 * adds the number of their lines. */
size_t	layout_skip_comments(const char *bytes, size_t length, size_t *lines);
/* Strips the blanks around a field. */
const char *layout_trim(const char *text, size_t *length);

#endif

/*
 * parts: reads the part files of a run's tables, in order. Each function that
 * fails has written a line that names the file and the fault.
 */
#ifndef MXCENSUS_ANALYSIS_FACTS_PARTS_H
#define MXCENSUS_ANALYSIS_FACTS_PARTS_H

#include <stdbool.h>
#include <stddef.h>

#include "scanner/out/table_reader.h"

/* Lists the names of the parts of a table, sorted. The caller frees them with
 * parts_free. */
struct parts {
	char	**names;
	size_t	 count;
};

bool	parts_list(int folder, enum table_id, struct parts *);
void	parts_free(struct parts *);

/* One part that is being read; zeroed, it is at its end. */
struct part {
	enum table_id	 table;
	const char	*name;		/* the caller's */
	int		 descriptor;
	struct table_reader *row;
};

/* Opens a part. Returns false after a message. With `may_lack`, a part that
 * does not exist has no rows. */
bool	part_open(struct part *, int folder, enum table_id, const char *name,
	    bool may_lack);
/* 1: a row; 0: the end; -1 after a message. */
int	part_next(struct part *);
void	part_close(struct part *);

/* Passes every row of a table to `take`, until that returns false. */
bool	parts_walk(int folder, enum table_id, void *tag,
	    bool (*take)(void *tag, const struct table_reader *));

#endif

/*
 * amend: takes rows out of an output of a batch before it is committed, or adds
 * a flag to them. The worker has written the output, and nothing has used it
 * yet.
 */
#ifndef MXCENSUS_COORDINATOR_BATCH_AMEND_H
#define MXCENSUS_COORDINATOR_BATCH_AMEND_H

#include "scanner/coordinator/batch/batch.h"
#include "scanner/out/table_reader.h"

struct amendment {
	/* Returns false if the row must be removed. A row that stays gets the
	 * bits that the function sets in *flags. */
	bool	(*keeps)(void *tag, const struct table_reader *, unsigned *flags);
	void	*tag;
	unsigned flags_column;	/* the column of the bits */
	int	level;		/* of gzip */
};

/* Writes the output of the batch again. Returns false with errno. */
bool	batch_amend(const struct batch *, unsigned output,
	    const struct amendment *);

#endif

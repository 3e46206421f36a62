/*
 * empty_parts: a table without a row gets a part at the seal that has the header
 * alone, so that every reader finds every table. The tables are named in .work
 * before their parts are written: a scan that was killed in its seal removes the
 * parts when it is started again, since it takes part 0 of a table for that of a
 * batch.
 */
#ifndef MXCENSUS_RUN_EMPTY_PARTS_H
#define MXCENSUS_RUN_EMPTY_PARTS_H

#include <stdbool.h>

#include "scanner/run/folder.h"

/* Writes part-000000 of each table that has no part; `level` is that of gzip.
 * False after a line. */
bool	empty_parts_write(struct folder *, int level);
/* Removes what a seal has written that did not end. False after a line. */
bool	empty_parts_remove(struct folder *);

#endif

/*
 * empty_parts: at the seal, a table without rows gets a part that has only the
 * header, so that every reader finds every table. The tables are recorded in
 * .work before their parts are written. If a scan is killed during its seal,
 * the next start removes these parts, since it would otherwise take part 0 of a
 * table for that of a batch.
 */
#ifndef MXCENSUS_RUN_EMPTY_PARTS_H
#define MXCENSUS_RUN_EMPTY_PARTS_H

#include <stdbool.h>

#include "scanner/run/folder.h"

/* Writes part-000000 of each table that has no part; `level` is the gzip level.
 * Returns false after a message. */
bool	empty_parts_write(struct folder *, int level);
/* Removes what an interrupted seal has written. Returns false after a
 * message. */
bool	empty_parts_remove(struct folder *);

#endif

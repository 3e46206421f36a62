/*
 * source_names: says whether the reverse names of the addresses that a scan
 * connects from agree with --ehlo (RULES K14): in a line, and in run.json. A
 * scan goes on whatever the answer is.
 */
#ifndef MXCENSUS_COORDINATOR_WORK_SOURCE_NAMES_H
#define MXCENSUS_COORDINATOR_WORK_SOURCE_NAMES_H

#include "scanner/base/source_name.h"
#include "scanner/coordinator/work/work.h"

/* What a worker has found out: the family (4 or 6), and the address with the name
 * that it has, if any. */
void	source_names_take(struct work *, unsigned family, enum source_name,
	    const char *text);

#endif

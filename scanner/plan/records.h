/*
 * records: sorts the records of a bucket in memory. It is private to plan.
 *
 * A record has its length (four bytes, in the order of this machine), and then
 * what entry_read() decodes, of which the hash is first.
 */
#ifndef MXCENSUS_PLAN_RECORDS_H
#define MXCENSUS_PLAN_RECORDS_H

#include "scanner/plan/merge.h"

/* Sorts the records in `bytes` by hash and name, and writes their distinct
 * names. There are at most 4 GiB of them. Returns false with errno. */
bool	records_sort(struct planner *, const uint8_t *bytes, size_t length,
	    struct writer *);

#endif

/*
 * domains_internal: what the sources of domains share. domains.c makes batches
 * and hands out chunks, domains_left.c has the lines of names that wait after
 * their chunk, and domains_results.c takes what is committed or read back.
 */
#ifndef MXCENSUS_COORDINATOR_WORK_DOMAINS_INTERNAL_H
#define MXCENSUS_COORDINATOR_WORK_DOMAINS_INTERNAL_H

#include "scanner/coordinator/work/domains.h"
#include "scanner/coordinator/work/second_pass.h"

struct domains {
	bool		*chunk_done;	/* committed, or at a worker */
	uint64_t	 next_chunk, chunks_committed;
	uint64_t	 next_part;	/* after the chunks */
	struct second_pass failed;
	struct item_line suspects;
	/* Names to be left aside as suspects when their chunk goes out again.
	 * The value is the map's own address, or NULL once the name is in
	 * line. */
	struct map	*aside;
	uint64_t	 aside_count;
	/* While a restart reads parts back: the names that were deferred, and
	 * the names that have a row from a later batch than their chunk. */
	struct item_line read_back;
	struct map	*done;
};

/* Makes a batch of names that were taken from a line. NULL if all have opted
 * out, or work has failed. */
struct batch *domains_make_batch(struct work *, const struct buffer *items,
	    uint8_t attempt);
/* Puts a deferred name into the line for its state. `failed_ms` is when its
 * lookup failed. */
void	domains_put_in_line(struct work *, const struct domain_item *,
	    int64_t failed_ms);

#endif

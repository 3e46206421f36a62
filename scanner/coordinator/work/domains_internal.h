/*
 * domains_internal: what the sources of domains share. domains.c makes batches
 * and hands out chunks, domains_left.c has the lines of names that wait after
 * their chunk, domains_heavy.c hands out the chunks of heavy sets, and
 * domains_results.c takes what is committed or read back.
 */
#ifndef MXCENSUS_COORDINATOR_WORK_DOMAINS_INTERNAL_H
#define MXCENSUS_COORDINATOR_WORK_DOMAINS_INTERNAL_H

#include "scanner/base/keyset.h"
#include "scanner/coordinator/work/domains.h"
#include "scanner/coordinator/work/late_hints.h"
#include "scanner/coordinator/work/second_pass.h"

/* The chunks of a heavy set (plan/plan.h), which are at one worker one after the
 * other: the next one goes out when all names of the last have started. */
struct heavy_set {
	uint32_t	 number;
	uint64_t	 first, next, end;	/* chunks */
	double		 chunk_seconds;	/* how long a chunk takes */
	const struct batch *batch;	/* the last one that went out; NULL: it
					 * is done */
};

struct domains {
	bool		*chunk_done;	/* committed, or at a worker */
	uint64_t	 chunk_count;	/* without those of heavy sets */
	uint64_t	 next_chunk, chunks_committed;
	struct heavy_set *heavy;
	size_t		 heavy_count;
	uint64_t	 next_part;	/* after the chunks */
	struct second_pass failed;
	struct item_line suspects;
	/* Names to be left aside as suspects when their chunk goes out again.
	 * The value is the map's own address, or NULL once the name is
	 * queued. */
	struct map	*aside;
	uint64_t	 aside_count;
	/* While a restart reads parts back: the batches with deferred names,
	 * and the names that have a row from a later batch than their chunk. */
	uint64_t	*deferring;
	size_t		 deferring_count, deferring_size;
	struct keyset	*done;
	struct late_hints *late;	/* until all parts are read back */
};

/* Makes the batch of a chunk, which is then out. NULL as domains_make_batch. */
struct batch *domains_make_chunk(struct work *, uint64_t number);
/* A chunk was lost: it goes out again. */
void	domains_lose_chunk(struct work *, struct batch *);
/* Do names wait for name servers in so much memory that no chunk may be begun?
 * Only while they cannot be written to a file. */
bool	domains_are_too_many(const struct work *);

/* domains_heavy.c */
void	domains_find_heavy(struct domains *, const struct plan *,
	    const struct options *);
/* A batch is done or lost. */
void	domains_end_heavy(struct domains *, const struct batch *);
bool	domains_has_heavy(const struct domains *);

/* Makes a batch of names that were taken from a line. Returns NULL if all have
 * opted out, or work has failed. */
struct batch *domains_make_batch(struct work *, const struct buffer *items,
	    uint8_t attempt);
/* Puts a deferred name into the line for its state. `failed_ms` is when its
 * lookup failed. */
void	domains_put_in_line(struct work *, const struct domain_item *,
	    int64_t failed_ms);

#endif

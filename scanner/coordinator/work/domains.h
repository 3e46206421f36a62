/*
 * domains: the queue of the names of the plan. A chunk of the plan is a batch.
 * Names that remain from it come in later batches: those that wait for a name
 * server's budget, those that failed, and those that were in flight when a
 * worker crashed.
 */
#ifndef MXCENSUS_COORDINATOR_WORK_DOMAINS_H
#define MXCENSUS_COORDINATOR_WORK_DOMAINS_H

#include "scanner/coordinator/work/work.h"

struct domains *domains_new(const struct plan *, const struct options *,
	    struct spill *);
void	domains_free(struct domains *);
/* Appends the items of all chunks, which are done by that. Returns false with
 * errno. */
bool	domains_take_all(struct work *, struct buffer *items);
/* Finds the first glue address among these items. Returns false if there is
 * none. */
bool	domains_first_glue(const struct buffer *items, struct address *);
/* Puts the MX hosts of committed domains into the registry. */
void	domains_take_hosts(struct work *, uint64_t number,
	    const struct harvest *);
/* Tells the name servers which names of heavy sets are still in the plan. */
void	domains_tell_planned(const struct work *);
/* Is there a chunk that no worker has had? */
bool	domains_has_chunk(const struct work *);
/* Have failed once, and wait for their second pass. */
uint64_t domains_failed(const struct work *);

/* For suspects: makes a batch of the next one. Returns NULL if there is none,
 * or work has failed. */
bool	domains_has_suspect(const struct work *);
struct batch *domains_next_suspect(struct work *);
/* A batch that is not a chunk was lost. */
void	domains_take_back(struct work *, struct batch *);

#endif

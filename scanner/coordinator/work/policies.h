/*
 * policies: the policies of the domains of a committed part: batch N has those of part
 * N of `domains` that have a record.
 *
 * What stands in line is the number of the part alone; the names are read from
 * it when a worker has room, so that memory does not grow with the domains, and
 * a restart makes the line again from what is committed.
 */
#ifndef MXCENSUS_COORDINATOR_WORK_POLICIES_H
#define MXCENSUS_COORDINATOR_WORK_POLICIES_H

#include "scanner/coordinator/work/work.h"

struct policies *policies_new(void);
void	policies_free(struct policies *);
/* A part with domains that have a record is committed; or was, by an earlier process:
 * then its policies may be there. */
void	policies_want(struct work *, uint64_t number);
void	policies_want_back(struct work *, uint64_t number);

/* For suspects: a batch of a part with names that are accused; NULL: there is none, or
 * work has failed. */
bool	policies_has_suspect(const struct work *);
struct batch *policies_next_suspect(struct work *);
/* A batch was lost. */
void	policies_take_back(struct work *, struct batch *);

#endif

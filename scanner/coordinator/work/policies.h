/*
 * policies: the queue of policies. Policy batch N has the domains of part N of
 * `domains` that have a record of MTA-STS or TLSRPT. Work owns it.
 *
 * Only the number of the part waits in the queue. The names are read from the
 * part when a worker has room. So memory does not grow with the domains, and a
 * restart makes the queue again from what is committed.
 */
#ifndef MXCENSUS_COORDINATOR_WORK_POLICIES_H
#define MXCENSUS_COORDINATOR_WORK_POLICIES_H

#include "scanner/coordinator/work/work.h"

struct policies *policies_new(void);
void	policies_free(struct policies *);
/* policies_want puts a part with such domains in the queue when it is
 * committed. policies_want_back does it for a part of an earlier process, whose
 * policies may be committed already. */
void	policies_want(struct work *, uint64_t number);
void	policies_want_back(struct work *, uint64_t number);

/* For suspects: makes a batch of a part that has accused names. Returns NULL if
 * there is none, or work has failed. */
bool	policies_has_suspect(const struct work *);
struct batch *policies_next_suspect(struct work *);
/* A batch was lost: its part waits again. */
void	policies_take_back(struct work *, struct batch *);

#endif

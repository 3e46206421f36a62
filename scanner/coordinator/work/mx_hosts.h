/*
 * mx_hosts: the queues of MX hosts. New hosts of the registry are gathered into
 * batches. Hosts whose lookup failed wait for a second pass. Hosts that were in
 * flight when a worker crashed are suspects. Work owns it.
 */
#ifndef MXCENSUS_COORDINATOR_WORK_MX_HOSTS_H
#define MXCENSUS_COORDINATOR_WORK_MX_HOSTS_H

#include "scanner/coordinator/work/work.h"

struct mx_hosts *mx_hosts_new(void);
void	mx_hosts_free(struct mx_hosts *);

/* Have failed once, and wait for their second pass. */
uint64_t mx_hosts_failed(const struct work *);
/* For suspects: makes a batch of the next suspect. Returns NULL if there is
 * none, or work has failed. */
bool	mx_hosts_has_suspect(const struct work *);
struct batch *mx_hosts_next_suspect(struct work *);
/* Takes up hosts that the stage before has resolved, if this shard probes an
 * address of them. */
void	mx_hosts_take_before(struct work *, const struct harvest *);
/* A batch was lost: its hosts wait again. */
void	mx_hosts_take_back(struct work *, struct batch *);

#endif

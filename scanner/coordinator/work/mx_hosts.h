/*
 * mx_hosts: MX hosts that are new to the registry, gathered into batches; those whose
 * lookup failed, for a second pass; and those that were in flight when a worker
 * crashed.
 */
#ifndef MXCENSUS_COORDINATOR_WORK_MX_HOSTS_H
#define MXCENSUS_COORDINATOR_WORK_MX_HOSTS_H

#include "scanner/coordinator/work/work.h"

struct mx_hosts *mx_hosts_new(void);
void	mx_hosts_free(struct mx_hosts *);

/* For suspects: a batch of the next one; NULL: there is none, or work has failed. */
bool	mx_hosts_has_suspect(const struct work *);
struct batch *mx_hosts_next_suspect(struct work *);
/* A batch was lost. */
void	mx_hosts_take_back(struct work *, struct batch *);

#endif

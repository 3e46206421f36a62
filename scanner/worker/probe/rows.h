/* rows: the rows of an item of a batch of probes; what they say is judged. */
#ifndef MXCENSUS_WORKER_PROBE_ROWS_H
#define MXCENSUS_WORKER_PROBE_ROWS_H

#include "scanner/worker/probe/judge.h"

struct job;

/* A row of `probes`, and the staged certificates and chain. */
void	session_write(const struct session *, const struct session_judgement *,
	    const struct probe_item *, struct job *);
/* The row of `host_results`. `session` as in host_judge. */
void	judged_host_write(const struct judged_host *,
	    const struct host_judgement *, const struct session *,
	    const struct probe_item *, struct job *);

#endif

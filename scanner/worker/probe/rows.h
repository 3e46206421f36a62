/* rows: writes the rows of an item of a batch of probes. What they say has been
 * judged before. */
#ifndef MXCENSUS_WORKER_PROBE_ROWS_H
#define MXCENSUS_WORKER_PROBE_ROWS_H

#include "scanner/worker/probe/judge.h"

struct job;

/* Writes a row of `probes`, and stages its certificates and chain. */
void	session_write(const struct session *, const struct session_judgement *,
	    const struct probe_item *, struct job *);
/* Writes the row of `host_results`. `session` is as in host_judge. */
void	judged_host_write(const struct judged_host *,
	    const struct host_judgement *, const struct session *,
	    const struct probe_item *, struct job *);

#endif

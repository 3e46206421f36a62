/*
 * seal: the last step of a run. It writes the certificates and chains that the
 * probe batches have staged, each once. Then it writes what is derived
 * (outcomes, summary.json) and what describes the run (manifest). Until the
 * state is `sealed`, all of this can be repeated.
 */
#ifndef MXCENSUS_COORDINATOR_SEAL_H
#define MXCENSUS_COORDINATOR_SEAL_H

#include <stdbool.h>

#include "scanner/run/run.h"

/* Says that a step of the seal begins, and that `done` steps are done
 * (figures.h). */
struct seal_events {
	void	*tag;
	void	(*step)(void *tag, unsigned done);
};

/* `level` is the gzip level. Returns false after a message. */
bool	seal_run(struct run *, int level, const struct seal_events *);

#endif

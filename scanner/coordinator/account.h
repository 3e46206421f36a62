/*
 * account: reports on a run while it continues: its figures, and what changes
 * in run.json. It only reads state that others own.
 */
#ifndef MXCENSUS_COORDINATOR_ACCOUNT_H
#define MXCENSUS_COORDINATOR_ACCOUNT_H

#include "scanner/coordinator/monitoring/metrics.h"
#include "scanner/coordinator/pause.h"
#include "scanner/coordinator/work/work.h"
#include "scanner/run/figures.h"

struct account {
	struct run	*run;
	const struct plan *plan;
	const struct work *work;	/* NULL: there is none yet */
	const struct pause *for_room;	/* the disk is full */
	int64_t		 paused_before_ms;	/* by earlier processes */
	uint64_t	 given_back_before;	/* items, by earlier ones */
	bool		 told_own_faults;
	bool		 told_doubt[SAMPLE_GROUPS];	/* of the direct lane */
};

/* Takes up what an earlier process left in run.json. */
void	account_take_up(struct account *);
/* Returns the present figures. `exit_status` is negative while the run
 * continues. Once it has ended, nothing counts as in flight. */
struct figures account_figures(const struct account *, int exit_status,
	    bool is_stopping);
/* Sets what a monitor is told, with these figures of the same moment. The rest
 * of the metrics is the caller's. */
void	account_metrics(const struct account *, const struct figures *,
	    struct metrics *);
/* Warns once when more than 1 % of what was tried failed by faults of our own
 * (RULES F35), and when the lanes disagree too often (RULES L13). */
void	account_warn(struct account *);
/* Sets what has changed in run.json. */
void	account_describe(const struct account *);
/* Does the same, and writes run.json. Returns false after a message. */
bool	account_write(const struct account *);

#endif

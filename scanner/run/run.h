/*
 * run: the folder of a run, and what is said of it. Each member has its own file,
 * which alone writes to it; whoever measures hands the run down.
 */
#ifndef MXCENSUS_RUN_RUN_H
#define MXCENSUS_RUN_RUN_H

#include "scanner/base/buffer.h"
#include "scanner/run/folder.h"
#include "scanner/run/opt_out_file.h"
#include "scanner/run/run_file.h"
#include "scanner/run/starts.h"
#include "scanner/run/tally.h"

struct run {
	struct folder	 folder;
	struct run_json	 file;
	struct tally	 tally;		/* of what is committed */
	struct opt_out_list opt_out;
	struct buffer	 policy_list;	/* --policy-list, as it is */
	struct starts	*starts;	/* NULL before and after measuring */
	uint64_t	 opted_out;	/* domains left out so far */
	bool		 is_broken;	/* a restart lacks what was there */
};

/* Opens or makes the folder, and run.json in it. Close it in any case. EXIT_COMPLETE,
 * or another status after a line: it is locked, cannot be written, is damaged, or its
 * options are others. */
int	run_open(struct run *, const struct options *, int64_t started_ms);
/* Tells run.json of the opt-out list that is in force. */
void	run_tell_opt_out(struct run *);
/* Before the first connection. False after a line. */
bool	run_open_starts(struct run *);
void	run_close(struct run *);

#endif

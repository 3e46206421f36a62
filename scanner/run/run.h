/*
 * run: the folder of a run and what is known about it. Each member has its own
 * module, and only that module writes it. The coordinator owns the run, and
 * passes it down to the work.
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
	struct tally	 tally;		/* counts of what is committed */
	struct lane_tally lanes;	/* of the direct lane */
	struct opt_out_list opt_out;
	struct buffer	 policy_list;	/* the text of --policy-list */
	struct starts	*starts;	/* NULL before and after measuring */
	uint64_t	 opted_out;	/* domains left out so far for it */
	bool		 is_broken;	/* a file that a restart needs is
					 * missing */
};

/* Opens or makes the folder, with run.json in it. The caller closes it in any
 * case. Returns EXIT_COMPLETE, or another status after a message: the folder is
 * locked, cannot be written or is damaged, or the run has other options. */
int	run_open(struct run *, const struct options *, int64_t started_ms);
/* Writes the opt-out list in force into run.json. */
void	run_tell_opt_out(struct run *);
/* Opens the file of starts, before the first connection. Returns false after a
 * message. */
bool	run_open_starts(struct run *);
void	run_close(struct run *);

#endif

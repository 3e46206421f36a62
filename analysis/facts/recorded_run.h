/*
 * recorded_run: a sealed run that is read, and what its run.json says about how
 * it was made.
 */
#ifndef MXCENSUS_ANALYSIS_FACTS_RECORDED_RUN_H
#define MXCENSUS_ANALYSIS_FACTS_RECORDED_RUN_H

#include <stdbool.h>
#include <stdint.h>

struct recorded_run {
	const char	*path;		/* the caller's */
	int		 folder;	/* its descriptor */
	int64_t		 started_ms;	/* Unix time */
	int64_t		 retry_after_ms;
	bool		 probing, probe_implicit;
};

/* Opens a run. Returns EXIT_COMPLETE, or another status after a message: 65 if
 * there is none, 74 if it cannot be read, 75 if it is not sealed. */
int	recorded_run_open(struct recorded_run *, const char *path);
void	recorded_run_close(struct recorded_run *);

#endif

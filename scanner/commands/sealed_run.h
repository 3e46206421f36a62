/* sealed_run: a sealed run, opened for reading: its folder and its run.json. */
#ifndef MXCENSUS_COMMANDS_SEALED_RUN_H
#define MXCENSUS_COMMANDS_SEALED_RUN_H

#include "scanner/run/run_json.h"

struct sealed_run {
	const char	*path;		/* the caller's */
	int		 folder;
	struct run_json	 file;
};

/* Returns EXIT_COMPLETE, or an exit status after a message: 65 if there is
 * none, or if its run.json is not the file of a run, 74 if it cannot be read,
 * 75 if it is not sealed. The caller calls sealed_run_close in any case. */
int	sealed_run_open(struct sealed_run *, const char *path);
/* Does the same, but also opens a run that is not sealed. */
int	sealed_run_open_any(struct sealed_run *, const char *path);
/* Is it sealed? Returns EXIT_COMPLETE, or 75 after a line. */
int	sealed_run_check(const struct sealed_run *);
void	sealed_run_close(struct sealed_run *);

#endif

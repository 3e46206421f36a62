/* sealed_run: a run that is whole, opened to be read: its folder and its
 * run.json. */
#ifndef MXCENSUS_COMMANDS_SEALED_RUN_H
#define MXCENSUS_COMMANDS_SEALED_RUN_H

#include "scanner/run/run_json.h"

struct sealed_run {
	const char	*path;		/* the caller's */
	int		 folder;
	struct run_json	 file;
};

/* EXIT_COMPLETE, or an exit status after a line: 74 where it cannot be read, 65
 * where it is not the file of a run, 75 where it is not sealed. sealed_run_close
 * in any case. */
int	sealed_run_open(struct sealed_run *, const char *path);
void	sealed_run_close(struct sealed_run *);

#endif

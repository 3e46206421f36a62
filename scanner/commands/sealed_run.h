/* sealed_run: a run that is whole, opened to be read: its folder and its
 * run.json. */
#ifndef MXCENSUS_COMMANDS_SEALED_RUN_H
#define MXCENSUS_COMMANDS_SEALED_RUN_H

#include <jansson.h>
#include <stdint.h>

#include "scanner/base/buffer.h"

struct sealed_run {
	const char	*path;		/* the caller's */
	int		 folder;
	struct buffer	 text;		/* of run.json, as it stands there */
	json_t		*run;
};

/* EXIT_COMPLETE, or an exit status after a line: 74 where it cannot be read, 75
 * where it is not sealed. sealed_run_close in any case. */
int	sealed_run_open(struct sealed_run *, const char *path);
void	sealed_run_close(struct sealed_run *);
/* A number among its options ("1800000ms"); -1 where it is none. */
int64_t	sealed_run_option(const struct sealed_run *, const char *name);

#endif

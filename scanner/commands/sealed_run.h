/* sealed_run: a sealed run, opened for reading: its folder and its run.json. */
#ifndef MXCENSUS_COMMANDS_SEALED_RUN_H
#define MXCENSUS_COMMANDS_SEALED_RUN_H

#include "scanner/crypto/digest.h"
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
/* The SHA-256 of the copy of --policy-list, in hexadecimal; "" if the run has
 * none. */
void	sealed_run_list_hash(const struct sealed_run *, char hex[SHA256_HEX]);
void	sealed_run_close(struct sealed_run *);

#endif

/*
 * metrics_file: the file of --metrics-file, which a collector reads at any time
 * (node_exporter's textfile collector takes each *.prom of a folder). It is
 * written beside its place and renamed, so it is always whole. No link is
 * followed, and no file of another user is replaced.
 *
 * The folder is opened once, at the start of the process. The coordinator owns
 * the file.
 */
#ifndef MXCENSUS_COORDINATOR_MONITORING_METRICS_FILE_H
#define MXCENSUS_COORDINATOR_MONITORING_METRICS_FILE_H

#include <stdbool.h>

#include "scanner/coordinator/monitoring/metrics.h"

struct metrics_file {
	const char	*path;		/* as it was given; NULL: there is
					 * none */
	const char	*name;		/* the last part of it */
	char		*new_name;	/* of the file beside it */
	int		 folder;
	bool		 has_failed;	/* and a line has said so */
};

/* With path NULL there is no file, and nothing is written. False after a line if
 * the file cannot be written. */
bool	metrics_file_open(struct metrics_file *, const char *path);
/* What cannot be written gets a warning, once. */
void	metrics_file_write(struct metrics_file *, const struct metrics *);
void	metrics_file_close(struct metrics_file *);

#endif

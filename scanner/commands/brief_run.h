/*
 * brief_run: a scan of a few names into a folder that is removed afterwards.
 * The coordinator runs in a child, so that the folder is removed however the
 * scan ends. The calling command owns it.
 */
#ifndef MXCENSUS_COMMANDS_BRIEF_RUN_H
#define MXCENSUS_COMMANDS_BRIEF_RUN_H

#include <stddef.h>

#include "scanner/options/options.h"

struct brief_run {
	struct options	*options;	/* the caller's; changed for the scan */
	char		**names;	/* canonical text form, the caller's */
	size_t		 count;
	char		*place;		/* the folder that is removed */
	char		*run, *list;	/* in it */
	char		**argv;		/* of the scan, for its workers */
	int		 stopped_by;	/* a signal; 0: none */
};

/* Scans the names. Returns the exit status of the scan; if it is EXIT_COMPLETE,
 * the run is in brief->run. */
int	brief_run_scan(struct brief_run *);
/* Removes the folder. A signal that came meanwhile takes effect then. */
void	brief_run_end(struct brief_run *);

#endif

/*
 * policy_list_file: --policy-list, which is checked before a run begins, and its
 * copy in the run, which is what conclude reads.
 */
#ifndef MXCENSUS_RUN_POLICY_LIST_FILE_H
#define MXCENSUS_RUN_POLICY_LIST_FILE_H

#include <stdbool.h>

#include "scanner/base/buffer.h"
#include "scanner/options/options.h"
#include "scanner/run/folder.h"

/* Reads and checks the file that the options name, if they name one. False after a
 * line for each fault. */
bool	policy_list_file_load(const struct options *, struct buffer *text);
/* Copies the text into the run. The list of the first start counts, as the options
 * do. EXIT_COMPLETE, or another status after a line. */
int	policy_list_file_keep(const struct options *, const struct buffer *text,
	    struct folder *);

#endif

/*
 * policy_list_file: the policy list of --policy-list. It is checked before a
 * run begins, and copied into the run. `conclude` reads the copy.
 */
#ifndef MXCENSUS_RUN_POLICY_LIST_FILE_H
#define MXCENSUS_RUN_POLICY_LIST_FILE_H

#include <stdbool.h>

#include "scanner/base/buffer.h"
#include "scanner/options/options.h"
#include "scanner/run/folder.h"

/* Reads and checks the file, if the options name one. Returns false after a
 * message for each fault. */
bool	policy_list_file_load(const struct options *, struct buffer *text);
/* Copies the text into the run. As with the options, the list of the first
 * start counts. Returns EXIT_COMPLETE, or another status after a message. */
int	policy_list_file_keep(const struct options *, const struct buffer *text,
	    struct folder *);

#endif

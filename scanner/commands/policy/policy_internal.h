/* policy_internal: the files that the policy commands read and write. */
#ifndef MXCENSUS_COMMANDS_POLICY_POLICY_INTERNAL_H
#define MXCENSUS_COMMANDS_POLICY_POLICY_INTERNAL_H

#include <stdbool.h>
#include <stdio.h>

#include "analysis/policy/list.h"
#include "scanner/base/buffer.h"

/* Reads the whole file. Returns false after a message. */
bool	policy_read_file(const char *path, struct buffer *);
/* Reads a list that has no fault. Returns false after messages. If *is_read,
 * the caller frees the list in either case. */
bool	policy_read_whole(const char *path, struct policy_list *,
	    bool *is_read);
/* A file that is written to a new place and then replaces `path`. The first
 * function returns NULL after a message. The last one returns false after a
 * message, and then `path` is unchanged. */
FILE	*policy_file_open(const char *path);
bool	policy_file_close(FILE *, const char *path, bool good);

#endif

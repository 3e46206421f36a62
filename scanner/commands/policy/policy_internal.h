/* policy: the files that its commands read and write. */
#ifndef MXCENSUS_COMMANDS_POLICY_POLICY_INTERNAL_H
#define MXCENSUS_COMMANDS_POLICY_POLICY_INTERNAL_H

#include <stdbool.h>
#include <stdio.h>

#include "analysis/policy/list.h"
#include "scanner/base/buffer.h"

/* Reads the whole file; false after a line. */
bool	policy_read_file(const char *path, struct buffer *);
/* Reads a list in which nothing is wrong; false after lines. The list is to be
 * freed in either case if *is_read. */
bool	policy_read_whole(const char *path, struct policy_list *,
	    bool *is_read);
/* A file that is written beside `path` and takes its place: NULL after a line; at
 * the end false after a line, and `path` is as it was. */
FILE	*policy_file_open(const char *path);
bool	policy_file_close(FILE *, const char *path, bool good);

#endif

/*
 * opt_out_file: the list of --opt-out, which is read at the start, at a restart
 * and at SIGHUP (RULES K11: opt-out; K13: when it is read). The run owns it.
 * Its entries never appear in the output; their number and a hash do.
 */
#ifndef MXCENSUS_RUN_OPT_OUT_FILE_H
#define MXCENSUS_RUN_OPT_OUT_FILE_H

#include <stdbool.h>

#include "parsers/opt_out.h"
#include "scanner/base/buffer.h"

/* Zeroed it is an empty list. */
struct opt_out_list {
	struct opt_out	entries;	/* the entries in force */
	struct buffer	text;		/* the same entries as text, for the
					 * workers */
};

/* Reads the file; if `path` is NULL, there is none and nothing changes. Returns
 * false after a message that says what is wrong; then the previous list stays
 * in force. */
bool	opt_out_list_load(struct opt_out_list *, const char *path);
void	opt_out_list_fini(struct opt_out_list *);

#endif

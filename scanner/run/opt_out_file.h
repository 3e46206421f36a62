/*
 * opt_out_file: --opt-out, as it is at the start, at a restart and at SIGHUP (RULES
 * K11). Its content never appears in the output: a count and its hash do.
 */
#ifndef MXCENSUS_RUN_OPT_OUT_FILE_H
#define MXCENSUS_RUN_OPT_OUT_FILE_H

#include <stdbool.h>

#include "parsers/opt_out.h"
#include "scanner/base/buffer.h"

/* Zeroed it is an empty list. */
struct opt_out_list {
	struct opt_out	entries;	/* in force */
	struct buffer	text;		/* the same, for workers */
};

/* Reads the file; NULL: there is none, and nothing changes. False after a line that
 * says what is wrong; then the list from before stays in force. */
bool	opt_out_list_load(struct opt_out_list *, const char *path);
void	opt_out_list_fini(struct opt_out_list *);

#endif

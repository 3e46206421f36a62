/* policy, its sources: the subcommands (policy.c), each in a file. */
#ifndef MXCENSUS_COMMANDS_POLICY_POLICY_INTERNAL_H
#define MXCENSUS_COMMANDS_POLICY_POLICY_INTERNAL_H

#include <stdbool.h>
#include <stdio.h>

#include "analysis/policy/list.h"
#include "scanner/base/buffer.h"

#define POLICY_OPTIONS_MAX 8

struct policy_option {
	const char	*name;
	char		 letter;
	const char	*value;		/* what help calls it; NULL: a flag */
	const char	*help;
};

/* What was given: of each option the last value ("" of a flag), NULL without. */
struct policy_given {
	const char	*values[POLICY_OPTIONS_MAX];
	char		**arguments;
	int		 count;
};

/* A word of what it prints or writes, for its help. */
struct policy_term {
	const char	*word, *meaning;
};

struct policy_subcommand {
	const char	*name, *arguments, *about;
	/* What its terms are, NULL: it has none; the index-th, false past the
	 * last. */
	const char	*terms;
	bool		(*term)(unsigned index, struct policy_term *);
	/* Up to the one without a name. */
	struct policy_option options[POLICY_OPTIONS_MAX + 1];
	int		(*run)(const struct policy_given *);
};
extern const struct policy_subcommand policy_candidates_subcommand,
    policy_audit_subcommand, policy_export_subcommand;

/* The whole file; false after a line. */
bool	policy_read_file(const char *path, struct buffer *);
/* A list of which nothing is wrong; false after lines. To be freed in either case
 * where *is_read. */
bool	policy_read_whole(const char *path, struct policy_list *,
	    bool *is_read);
/* A file that is written beside `path` and takes its place: NULL after a line; at
 * the end false after a line, and `path` is as it was. */
FILE	*policy_file_open(const char *path);
bool	policy_file_close(FILE *, const char *path, bool good);
/* A stranger's text: what is not printable ASCII, and the backslash, as \xHH. */
void	policy_print_text(const char *text, FILE *);

#endif

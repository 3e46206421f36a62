/*
 * shard_options: the command line of a shard, made from the options of its plan
 * and what was typed. What the plan says holds in every shard: also what changes
 * no facts, such as --opt-out, --contact and rates, so that no shard forgets it.
 * Only what concerns a machine or a process is left out, such as --workers.
 */
#ifndef MXCENSUS_RUN_SHARD_OPTIONS_H
#define MXCENSUS_RUN_SHARD_OPTIONS_H

#include "scanner/options/options.h"
#include "scanner/run/run_json.h"

/* A command line that the caller frees. The texts of its words are its own, or
 * those of the options. */
struct shard_line {
	char	**argv;
	int	  argc;
	char	**made;
	size_t	  made_count;
};

/* Composes it from the run.json of the plan. False after a line: an option that
 * changes facts was typed, and is not that of the plan. */
bool	shard_line_compose(struct shard_line *, const struct run_json *plan,
	    const struct options *typed);
void	shard_line_free(struct shard_line *);

#endif

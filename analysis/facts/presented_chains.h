/*
 * presented_chains: what the certificates of a chain say that a policy asks for,
 * for each chain that an MX host of a run presented. Memory grows with these.
 */
#ifndef MXCENSUS_ANALYSIS_FACTS_PRESENTED_CHAINS_H
#define MXCENSUS_ANALYSIS_FACTS_PRESENTED_CHAINS_H

#include <stdbool.h>
#include <stdint.h>

#include "analysis/facts/hosts.h"
#include "analysis/facts/recorded_run.h"

struct presented_chain {
	const char	*san;		/* of the leaf, as san_text has it */
	/* When the first of its certificates expires (Unix time), of those that
	 * had not when the run began: one that had is on no path that was
	 * valid. INT64_MAX: unknown. */
	int64_t		 expires_ms;
};

struct presented_chains;

struct presented_chains *presented_chains_new(void);
void	presented_chains_free(struct presented_chains *);
/* Of all the hosts of the run. False after a line. */
bool	presented_chains_read(struct presented_chains *,
	    const struct recorded_run *, const struct hosts *);
/* Made, with san "", if it is new. */
struct presented_chain *presented_chains_place(struct presented_chains *,
	    const char *chain_id);
/* NULL where it is not there; a chain_id of NULL never is. */
const struct presented_chain *presented_chains_find(
	    const struct presented_chains *, const char *chain_id);

#endif

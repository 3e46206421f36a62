/*
 * presented_chains: what a policy needs to know about the certificates of each
 * chain that an MX host of a run presented. Memory grows with these chains.
 */
#ifndef MXCENSUS_ANALYSIS_FACTS_PRESENTED_CHAINS_H
#define MXCENSUS_ANALYSIS_FACTS_PRESENTED_CHAINS_H

#include <stdbool.h>
#include <stdint.h>

#include "analysis/facts/hosts.h"
#include "analysis/facts/recorded_run.h"

struct presented_chain {
	const char	*san;		/* the leaf's san_text */
	/* When the first of its certificates expires (Unix time). Certificates
	 * that had expired when the run began do not count: they are on no
	 * valid path. INT64_MAX: unknown. */
	int64_t		 expires_ms;
};

struct presented_chains;

struct presented_chains *presented_chains_new(void);
void	presented_chains_free(struct presented_chains *);
/* Reads the chains of all hosts of the run. Returns false after a message. */
bool	presented_chains_read(struct presented_chains *,
	    const struct recorded_run *, const struct hosts *);
/* Returns the chain. A new one is made, with san "". */
struct presented_chain *presented_chains_place(struct presented_chains *,
	    const char *chain_id);
/* Returns NULL if there is no such chain, or chain_id is NULL. */
const struct presented_chain *presented_chains_find(
	    const struct presented_chains *, const char *chain_id);

#endif

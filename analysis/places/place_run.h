/*
 * place_run: what a sealed run saw of its MX hosts and their addresses, for a
 * comparison or a merge of two runs (RULES 14).
 *
 * Memory grows with hosts, addresses and sessions, as that of `conclude` does,
 * and never with domains. A fault of the run is written in one line.
 */
#ifndef MXCENSUS_ANALYSIS_PLACES_PLACE_RUN_H
#define MXCENSUS_ANALYSIS_PLACES_PLACE_RUN_H

#include <stddef.h>

#include "analysis/places/choice.h"
#include "scanner/base/siphash.h"

/* A host at one of its addresses. */
struct place_pair {
	const char	*address;
	enum address_class class;
	/* The lesser of what the two server names show (RULES N6). */
	enum sight	 sight;
	enum obstacle	 obstacle;
	enum pair_class	 pair_class;	/* of the MX name */
	/* The chain and the DANE verdict on which that is based; NULL, and
	 * not_applicable, if there are none. */
	const char	*chain_id;
	enum dane_verdict dane;
	const char	*sessions[SESSIONS_MAX];
	unsigned	 session_count;
	struct gathered	*gathered;	/* until all rows are read */
	/* Set by a merge: the row of addresses is kept; the rows of
	 * host_results are. */
	bool		 has_address, has_results;
	bool		 other_records;	/* the host's TLSA records are others */
	enum address_class kept_class;
};

struct place_host {
	const char	*name;
	const char	*registrable_domain;	/* "" if there is none */
	const char	*tlsa_base;		/* "" if there is none */
	enum host_status status;
	enum tlsa_status tlsa_status;
	struct host_sight sight;
	uint64_t	 tlsa_print;	/* of all its rows in tlsa */
	struct place_pair *pairs;	/* in the order of their addresses */
	unsigned	 pair_count;
	/* Set by a merge: an MX row names it; its rows are kept. */
	bool		 is_named, is_kept;
	const struct place_host *chosen;	/* the one of both runs */
	struct place_host *next;	/* in the order of the rows */
};

struct place_run;

/* Both runs of a comparison need the same key. NULL after a line. */
struct place_run *place_run_read(int folder, int64_t retry_after_ms,
	    const struct siphash_key *);
void	place_run_free(struct place_run *);
/* NULL: there is none. */
struct place_host *place_run_host(const struct place_run *, const char *name);
/* The first host; `next` leads on. NULL: there is none. */
struct place_host *place_run_first(const struct place_run *);
size_t	place_run_hosts(const struct place_run *);
/* NULL: there is none. */
struct place_pair *place_host_pair(const struct place_host *,
	    const char *address);
/* Are the TLSA records of the host the same in both runs? */
bool	place_host_same_tlsa(const struct place_host *,
	    const struct place_host *);
/* The same, and its addresses. */
bool	place_host_same(const struct place_host *, const struct place_host *);

#endif

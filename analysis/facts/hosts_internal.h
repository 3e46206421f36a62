/* What the two sources of hosts share: hosts_rows.c gathers the rows of each
 * host, and hosts.c judges them. */
#ifndef MXCENSUS_ANALYSIS_FACTS_HOSTS_INTERNAL_H
#define MXCENSUS_ANALYSIS_FACTS_HOSTS_INTERNAL_H

#include "analysis/facts/hosts.h"
#include "analysis/facts/pair_sets.h"
#include "scanner/base/arena.h"
#include "scanner/base/buffer.h"
#include "scanner/base/map.h"

struct session {
	enum outcome	 outcome;
	enum phase	 phase;
	int64_t		 measured_at;
	bool		 is_tls_1_2, chain_trusted, in_dates, chain_truncated;
	const char	*chain_error;
	const char	*chain_id;	/* NULL: nothing was presented */
};

/* From a row of host_results, for shown_pair. */
struct held {
	int64_t		 tlsa_asked_at;
	unsigned	 asking;
	const char	*matching;
};

/* What one row of host_results says: an attempt that was made. */
struct result {
	struct attempt_facts facts;
	const struct session *session;	/* NULL: there was none */
	enum profile	 profile;
	bool		 name_match;
	enum tlsa_status tlsa_status;
	enum dane_verdict dane;
	bool		 tlsa_changed;
	const struct held *held;	/* NULL unless it is shown */
};

/* Server names: the MX name, and the TLSA base domain if that is another name
 * (N6). */
enum series { SERIES_MX, SERIES_BASE, SERIES_COUNT };

struct gathered {
	const char	*address;
	enum address_class class;
	/* NULL: the attempt was not made. */
	const struct result *results[SERIES_COUNT][VERDICT_ATTEMPTS];
};

struct hosts {
	int64_t		 retry_after_ms;
	const struct listing *listing;
	bool		 is_shown;	/* keep what shown_host has */
	bool		 has_chains;	/* keep chain_id */
	bool		 is_partial;	/* the run is not sealed */
	bool		 probing, second_look;	/* if it is partial */
	uint64_t	 pending;	/* hosts */
	struct map	*by_name, *texts;
	struct pair_sets *pair_sets;
	struct arena	 arena;
	/* Used while rows are read. */
	struct known_host *first;	/* in the order of the rows of
					 * `hosts` */
	struct known_host *present;	/* the host whose row came last */
	struct map	*sessions;
	struct buffer	 session_key;
	struct arena	 sessions_arena;
	struct map	*leaves;	/* by chain, then by certificate */
	struct map	*certificates;
};

/* Reads hosts, addresses, probes and host_results, and from mx which hosts
 * belong to listed domains. Returns false after a message. */
bool	hosts_read_rows(struct hosts *, int folder);

#endif

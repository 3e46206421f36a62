/*
 * hosts: the MX hosts of a run. Each is judged once from its rows (hosts,
 * addresses, host_results, the sessions in probes), for all domains that name
 * it. The caller of hosts_read owns the result.
 *
 * Memory grows with distinct hosts and addresses, never with domains.
 */
#ifndef MXCENSUS_ANALYSIS_FACTS_HOSTS_H
#define MXCENSUS_ANALYSIS_FACTS_HOSTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analysis/policy/in_force.h"
#include "analysis/verdict/verdict.h"
#include "scanner/run/run_json.h"

struct hosts;

/* Names of a leaf certificate, as `certificates` has them. */
struct leaf_names {
	const char	*san, *common_name;
};

/* What the session shows on which the DANE verdict of a pair is based, and the
 * TLSA RRset with which it was compared. */
struct shown_pair {
	const char	*address;
	const char	*chain_id;	/* NULL: no chain was presented */
	int64_t		 measured_at;
	enum tlsa_status tlsa_status;
	int64_t		 tlsa_asked_at;	/* INT64_MIN: nothing was asked */
	unsigned	 asking;	/* which asking gave its records in
					 * tlsa; 0: none */
	enum dane_verdict verdict;
	const char	*matching;	/* positions of the records that match,
				 * as [0,2] */
};

/* What a comparison of runs needs of a host besides the verdict. */
struct shown_host {
	const char	*registrable_domain;	/* "" if there is none */
	int64_t		 measured_at;
	int64_t		 tlsa_ttl_s;	/* -1: not known */
	/* One for each pair of the verdict; NULL if the host has no address. */
	struct shown_pair *pairs;
};

struct known_host {
	struct host_verdict verdict;
	enum host_status status;
	enum tlsa_status tlsa_status;
	unsigned	 attempts;
	bool		 is_pending;	/* only hosts_read_partial sets it */
	const char	*tlsa_base;	/* "" if nothing was asked */
	/* Has an entry for each pair whose DANE verdict is name_mismatch, and
	 * NULL for the other pairs. It is NULL itself if there is no such
	 * pair. */
	const struct leaf_names **names;
	/* If the host takes mail of a listed domain: the names of each pair
	 * with TLS, from the session whose server name is the MX name. NULL as
	 * above. */
	bool		 is_listed;
	const struct leaf_names **mx_names;
	struct shown_host *shown;	/* only hosts_read_shown sets it */
	/* Used while rows are read. */
	struct gathered	*gathered;
	unsigned	 gathered_count;
	struct known_host *next;	/* in the order of `hosts` */
};

/* Reads the run in a folder. Returns NULL after a message. Names are kept only
 * for what the listing has; if the listing is NULL, none are kept. */
struct hosts *hosts_read(int folder, int64_t retry_after_ms,
	    const struct listing *);
/* Does the same without the chain_id of pairs: hosts that are equal in
 * everything else share an array of pairs. */
struct hosts *hosts_read_alike(int folder, int64_t retry_after_ms,
	    const struct listing *);
/* Does the same as hosts_read_alike of a run that is not sealed, and that a
 * scan may be writing. Rows whose host or session is not committed yet are left
 * out. A host with a session that is still to come, including that of a second
 * look, is pending (RULES 9): everything but its TLSA status is
 * undetermined. */
struct hosts *hosts_read_partial(int folder, const struct run_json *,
	    const struct listing *);
/* Adds an MX host that a domain names and that has no row yet. It is pending,
 * and everything about it is undetermined. */
const struct known_host *hosts_add_pending(struct hosts *, const char *name);
uint64_t hosts_pending(const struct hosts *);	/* how many */
/* Returns a host about which nothing is known. */
const struct host_verdict *host_verdict_unknown(void);
/* Does the same as hosts_read without names, and sets `shown` of each host. */
struct hosts *hosts_read_shown(int folder, int64_t retry_after_ms);
void	hosts_free(struct hosts *);
/* Returns NULL if there is no such host. */
const struct known_host *hosts_find(const struct hosts *, const char *name);
/* Walks the hosts: *index begins at 0; returns NULL at the end. The order is
 * arbitrary. */
const struct known_host *hosts_next(const struct hosts *, size_t *index);
/* Walks only one of the hosts that are equal in status and pairs, and says how
 * many such hosts there are. */
const struct known_host *hosts_next_alike(const struct hosts *,
	    size_t *index, uint64_t *count);

#endif

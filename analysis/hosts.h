/*
 * hosts: the MX hosts of a run, each judged once from its rows (hosts, addresses,
 * host_results, the sessions in probes), for all domains that name it.
 *
 * Memory grows with distinct hosts and addresses, never with domains.
 */
#ifndef MXCENSUS_ANALYSIS_HOSTS_H
#define MXCENSUS_ANALYSIS_HOSTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analysis/listing.h"
#include "analysis/verdict.h"

struct hosts;

/* Names of a leaf certificate, as `certificates` has them. */
struct leaf_names {
	const char	*san, *common_name;
};

struct known_host {
	struct host_verdict verdict;
	enum host_status status;
	enum tlsa_status tlsa_status;
	unsigned	 attempts;
	const char	*tlsa_base;	/* "" where nothing was asked */
	/* Of each pair whose DANE verdict is name_mismatch; NULL elsewhere, and
	 * as a whole where there is none. */
	const struct leaf_names **names;
	/* Of a host that takes mail of a listed domain, of each pair with TLS, in
	 * the session whose server name is the MX name; NULL as above. */
	bool		 is_listed;
	const struct leaf_names **mx_names;
	struct gathered	*gathered;	/* while rows are read */
	unsigned	 gathered_count;
};

/* Reads the run whose folder it is; NULL after a line. Names are kept for what
 * the listing has alone; NULL: it has nobody. */
struct hosts *hosts_read(int folder, int64_t retry_after_ms,
	    const struct listing *);
void	hosts_free(struct hosts *);
/* NULL if there is none. */
const struct known_host *hosts_find(const struct hosts *, const char *name);
/* Walk: *index from 0; NULL at the end. Order is arbitrary. */
const struct known_host *hosts_next(const struct hosts *, size_t *index);

#endif

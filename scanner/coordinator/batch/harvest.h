/*
 * harvest: reads back what a batch wrote. The same code reads a batch that a
 * worker has just written and one that an earlier process committed. A worker
 * deals with strangers, so every key that it wrote is compared with the keys
 * that are expected.
 *
 * The caller of harvest_read owns the result and frees it. Nothing is called
 * back.
 *
 * harvest.c reads domains and policies, harvest_hosts.c reads hosts, and
 * harvest_probes.c reads probes.
 */
#ifndef MXCENSUS_COORDINATOR_BATCH_HARVEST_H
#define MXCENSUS_COORDINATOR_BATCH_HARVEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "scanner/base/arena.h"
#include "scanner/base/faces.h"
#include "scanner/base/fault.h"
#include "scanner/base/map.h"
#include "scanner/base/memory.h"
#include "scanner/coordinator/batch/batch.h"
#include "scanner/coordinator/probing/registry.h"
#include "scanner/message/job_outputs.h"
#include "scanner/out/table_reader.h"
#include "scanner/run/tally.h"

struct host_facts {
	const char		*name;
	enum host_status	 status;
	enum tlsa_status	 tlsa_status;
	const char		*tlsa_base;
	int64_t			 asked_at;
	uint32_t		 ttl_s;
	struct address		*addresses;
	enum address_class	*classes;
	size_t			 address_count, address_size;
	struct buffer		 records;
	uint32_t		 record_count;
};

struct probe_facts {
	struct address	 address;
	const char	*sni;
	uint8_t		 attempt;
	struct attempt	 result;
	int		 total_ms;
	/* The SHA-256 of the leaf's public key in hex, a blank, and the
	 * greeting; NULL if there was no chain, or the batch is committed. */
	const char	*identity;
	const char	*chain, *greeting;	/* as the row has them */
	bool		 may_be_ours;	/* it failed by a fault that may be
					 * ours */
};

struct result_facts {
	const char	*host, *sni;
	const char	*session_sni;	/* "": there was no session */
	struct address	 address;
	uint8_t		 attempt;
	enum basis	 basis;
	enum outcome	 reason;	/* OUTCOME_COUNT: none */
	enum tls_class	 tls_class;
	int64_t		 measured_at;
	uint32_t	 asking;
	int64_t		 asked_at;
	enum tlsa_status tlsa_status;
	bool		 mismatched;
	bool		 may_be_ours;	/* its TLSA lookup failed */
	bool		 is_trusted;	/* the certificate matches the name of
					 * the host or its TLSA records */
};

struct asked_again {		/* the TLSA records of a later asking */
	const char	*host;
	uint32_t	 asking;
	struct buffer	 records;
	uint32_t	 record_count;
};

struct harvest {
	struct tally	 tally;
	struct face_counts faces;
	size_t		 rows[JOB_OUTPUTS_MAX];	/* for deferred items: their
						 * number */
	struct arena	 arena;
	struct map	*expected;	/* NULL: every key is accepted */
	bool		 is_committed;	/* an earlier process has written it */
	bool		 with_implicit;
	struct mx_host {
		const char	*name;
		/* The domain of the row, as a part of the name, if the host is
		 * at or below it; otherwise NULL. */
		const char	*domain;
		unsigned	 labels_below;	/* of its labels, below that */
	}		*hosts;		/* of MX rows */
	size_t		 host_count, host_size;
	bool		 has_policies;	/* a domain has a record of MTA-STS or
					 * TLSRPT */
	struct buffer	 deferred;
	struct map	*facts_by_name;
	struct host_facts *facts;
	size_t		 facts_count, facts_size;
	struct probe_facts *probes;
	size_t		 probe_count, probe_size;
	struct result_facts *results;
	size_t		 result_count, result_size;
	struct asked_again *again;
	size_t		 again_count, again_size;
	struct map	*leaves;	/* by chain: the leaf's hash */
	struct map	*keys;		/* by certificate: its key's hash */
	char		*why;
};

/* The key of an (address, SNI, attempt). */
#define TARGET_KEY_MAX (ADDRESS_TEXT_MAX + NAME_TEXT_MAX + 8)

void	harvest_target_key(char key[TARGET_KEY_MAX], const char *address,
	    const char *sni, int attempt);

/* Adds a key to the expected keys, a map that the caller makes. */
void	harvest_expect(struct map *expected, const char *key);
/* Expects the name of each item of the batch; `next` is domain_item_next_name
 * or a function like it. Returns false with errno. */
bool	harvest_expect_names(struct map *expected, const struct batch *,
	    const char *(*next)(struct wire *));

/* Reads the files behind the descriptors, which are in the order of
 * job_outputs. There is one reader for each kind of job. */
typedef bool harvest_reader(struct harvest *, const int *descriptors);
harvest_reader harvest_domains, harvest_hosts, harvest_policies,
    harvest_probes;

/* Reads a batch. `expected` has the keys that the key table must have, once
 * each, and no others; harvest_read frees it. If it is NULL, every key is
 * accepted. If the batch is committed, only the facts are read. With
 * `with_implicit` an implicit MX is a host, too. Returns NULL with a sentence
 * in `why`. */
struct harvest *harvest_read(harvest_reader *, const int *descriptors,
	    struct map *expected, bool is_committed, bool with_implicit,
	    char why[256]);
void	harvest_free(struct harvest *);

/* Returns the fault of a lookup that gave this status. */
struct fault harvest_tlsa_fault(enum tlsa_status);
/* Counts an item that met `fault` on a face. */
void	harvest_count(struct harvest *, enum face_kind, struct fault);

/* Does this row of domains have a row of policies? */
bool	harvest_has_policy(const struct table_reader *);

/* The rest is for the sources of harvest. */
/* Says what is wrong with the key. Returns false. */
bool	harvest_refuse(struct harvest *, const char *what, const char *key);
/* Notes that the key table has this key. Returns false if the key is not
 * expected, or comes twice. */
bool	harvest_see(struct harvest *, const char *key);
bool	harvest_was_seen(const struct harvest *, const char *key);
/* Reads all rows of one output through `take`. */
bool	harvest_rows(struct harvest *, enum table_id, int descriptor,
	    size_t *rows, bool (*take)(struct harvest *, struct table_reader *));
/* Reads deferred items, which have the form in which they were handed out.
 * `next` gives the name of an item, or NULL. */
bool	harvest_deferred(struct harvest *, int descriptor, size_t *items,
	    const char *(*next)(struct wire *, enum item_state *));
/* Appends the TLSA record of a row as RDATA after its length. */
bool	harvest_record(struct harvest *, struct table_reader *,
	    struct buffer *records);

#endif

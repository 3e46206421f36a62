/*
 * registry: the distinct hosts and addresses of a run, and what is known of them:
 * each host is resolved once, each (address, SNI) probed once an attempt.
 *
 * It grows with hosts and addresses, never with domains. Everything in it can be
 * read back from the committed parts (absorb.c), which is all that a restart does.
 */
#ifndef MXCENSUS_COORDINATOR_PROBING_REGISTRY_H
#define MXCENSUS_COORDINATOR_PROBING_REGISTRY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "parsers/prefix.h"
#include "scanner/base/arena.h"
#include "scanner/base/facts.h"
#include "scanner/base/list.h"
#include "scanner/base/map.h"

#define ATTEMPTS_MAX 2

struct pace_prefix;

struct host {
	const char	*name;		/* the registry's */
	enum host_phase {
		HOST_WAITING,		/* for a host batch */
		HOST_SUSPECT,		/* waits to be asked alone */
		HOST_IN_BATCH,
		HOST_DEFERRED,		/* for the second pass */
		HOST_KNOWN,		/* its row is committed */
	}		 phase;
	bool		 is_convicted;	/* a suspect that crashed a worker */
	enum host_status status;
	enum tlsa_status tlsa_status;
	const char	*tlsa_base;	/* "" where nothing was asked */
	int64_t		 tlsa_asked_at;
	uint32_t	 tlsa_ttl_s;
	uint32_t	 asking;	/* that the records are of; 1 with the row */
	uint32_t	 askings;	/* numbers given so far */
	/* RDATA of secure records (status usable), counted bytes (wire.h). */
	const uint8_t	*tlsa_records;
	uint32_t	 tlsa_records_length, tlsa_record_count;
	struct list	 link;		/* registry->waiting, ->suspects */
};

/* What the sessions of one attempt at an address have shown so far, and what it
 * means for the names that have had none (RULES K5 to K7, many names, one
 * server). */
struct peer_evidence {
	uint32_t	 released;	/* targets let go to pacing */
	uint32_t	 done;		/* of them: committed */
	/* The latest that ended before its ClientHello, and the first that did
	 * not: its chain, or how its handshake failed. */
	struct target	*early, *late;
	bool		 early_agree;	/* two names, the same early facts */
	bool		 late_differ;	/* two names, different late facts */
	/* Whose facts all further names take; NULL: not decided, or they differ. */
	struct target	*shown;
	struct list	 undecided;	/* targets that wait for a decision */
};

struct peer {			/* an address */
	struct address		 address;
	struct pace_prefix	*prefix;
	unsigned		 in_flight;
	struct list		 waiting;	/* targets that pacing may let go */
	struct list		 ready;		/* prefix->ready */
	struct peer_evidence		 evidence[ATTEMPTS_MAX];
};

/* A host to be judged by what (address, SNI) shows. */
struct target_host {
	struct host	*host;
	uint8_t		 judged;	/* bit n: attempt n has its row, or is in
					 * a batch */
};

/* What an attempt at (address, SNI) showed. */
struct attempt {
	enum attempt_state {
		ATTEMPT_NONE,
		ATTEMPT_UNDECIDED,	/* in evidence->undecided */
		ATTEMPT_WAITING,	/* for pacing */
		ATTEMPT_GRANTED,
		ATTEMPT_DONE,
	}		 state;
	/* Of one that is done: a session of its own, another name's, or none
	 * took place (outcome says why). */
	enum basis	 basis;
	enum outcome	 outcome;
	enum phase	 phase;
	enum tls_class	 tls_class;
	enum profile	 profile;
	int64_t		 measured_at;
	const char	*sni;		/* of the session, the registry's */
	bool		 has_chain;
	uint8_t		 chain_id[32];
	uint64_t	 part;		/* where certificates are staged */
};

struct target {			/* an (address, SNI) */
	struct peer	*peer;
	const char	*sni;
	/* A host with secure TLSA is judged here: it has sessions of its own. */
	bool		 must_probe;
	bool		 suspect;	/* was in flight when a worker crashed */
	struct target_host	*hosts;
	uint32_t	 host_count, host_size;
	struct attempt	 attempts[ATTEMPTS_MAX];	/* of attempt 1, 2 */
	uint8_t		 attempt;	/* that is waiting or granted */
	bool		 mismatched;	/* attempt 1 was a DANE mismatch (U10) */
	bool		 to_judge;	/* is in registry->judge */
	struct list	 link;		/* peer->waiting, or undecided */
	struct list	 judge_link;
};

struct registry {
	struct map	*hosts;		/* by name */
	struct map	*peers;	/* by address text */
	struct map	*targets;		/* by "address sni" */
	struct arena	 arena;
	struct list	 waiting;	/* hosts for a batch */
	uint64_t	 waiting_count;
	struct list	 suspects;	/* hosts to be asked one at a time */
	struct list	 judge;		/* targets with a host that lacks a row */
};

void	registry_init(struct registry *);
void	registry_fini(struct registry *);

/* The host of that name, made and put in line if it is new. */
struct host *registry_host(struct registry *, const char *name);
struct peer *registry_peer(struct registry *, const struct address *);
/* The (address, SNI); *is_new says whether it was made. */
struct target *registry_target(struct registry *, struct peer *, const char *sni,
	    bool *is_new);
/* The host is judged by the target from now on; returns its entry, made if new. */
struct target_host *registry_attach(struct target *, struct host *);
/* The host lacks its row of an attempt that is done, and may have it: one with
 * secure TLSA is not judged by another name's session. */
bool	registry_lacks_row(const struct target *, const struct target_host *,
	    uint8_t attempt);
bool	host_has_secure_tlsa(const struct host *);
/* Puts the target in line if a host of it lacks a row. */
void	registry_want_judged(struct registry *, struct target *);

#endif

/*
 * registry: the distinct hosts and addresses of a run, and what is known about
 * them. Each host is resolved once; each (address, SNI) is probed once in each
 * attempt. The coordinator's work owns the registry. It is memory only: it
 * touches no file and no socket.
 *
 * It grows with hosts and addresses, never with domains. A restart reads all of
 * it back from the committed parts (resume.h).
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
	const char	*name;		/* owned by the registry */
	enum host_phase {
		HOST_WAITING,		/* waits for a host batch */
		HOST_SUSPECT,		/* waits to be asked alone */
		HOST_IN_BATCH,
		HOST_HELD,		/* waits for a name server */
		HOST_DEFERRED,		/* waits for the second pass */
		HOST_KNOWN,		/* its row is committed */
	}		 phase;
	bool		 is_convicted;	/* as a suspect it crashed a worker */
	uint8_t		 labels_below;	/* with a set: of its first labels, that
					 * are below the delegated name */
	uint8_t		 line;		/* where it waits (HOST_LINES) */
	enum host_status status;
	enum tlsa_status tlsa_status;
	const char	*tlsa_base;	/* "" if nothing was asked */
	int64_t		 tlsa_asked_at;
	uint32_t	 tlsa_ttl_s;
	uint32_t	 asking;	/* the asking that gave the records; 1:
					 * the one of the row */
	uint32_t	 askings;	/* numbers of askings given so far */
	/* The name servers in the plan (plan/servers.h) of the delegation that
	 * it is at or below, and that has it as an MX host; 0: unknown. */
	uint32_t	 set_id;
	union {
		/* Until it is KNOWN: the DS records of that delegation, in the
		 * form of its item (item.h); owned, or NULL. */
		uint8_t		*ds;
		/* Then: RDATA of secure records (status usable), each after
		 * its length (wire.h). */
		const uint8_t	*tlsa_records;
	};
	union {
		uint32_t	 ds_length;
		uint32_t	 tlsa_records_length;
	};
	uint32_t	 tlsa_record_count;
	struct list	 link;		/* registry->lines, ->suspects; while
					 * it is held, of name_servers */
};

/* What the sessions of one attempt at an address have shown so far, and what it
 * means for the names that had no session (RULES K5 to K7: many names, one
 * server). */
struct peer_evidence {
	uint32_t	 released;	/* targets given to pacing */
	uint32_t	 done;		/* those of them that are committed */
	/* `early` is the latest target whose session ended before the
	 * ClientHello. `late` is the first whose session went further: its
	 * chain, or how its handshake failed. */
	struct target	*early, *late;
	bool		 early_agree;	/* two names had the same early facts */
	bool		 late_differ;	/* two names had different late facts */
	/* The target whose facts all further names take; NULL while that is not
	 * decided, or if the names differ. */
	struct target	*shown;
	struct list	 undecided;	/* targets that wait for a decision */
};

struct peer {			/* an address */
	struct address		 address;
	struct pace_prefix	*prefix;
	unsigned		 in_flight;
	struct list		 waiting;	/* targets, for pacing */
	struct list		 ready;		/* prefix->ready */
	struct peer_evidence		 evidence[ATTEMPTS_MAX];
};

/* A host that is judged by what an (address, SNI) shows. */
struct target_host {
	struct host	*host;
	uint8_t		 judged;	/* bit n: the row of attempt n exists or
					 * is in a batch */
};

/* What an attempt at an (address, SNI) showed. */
struct attempt {
	enum attempt_state {
		ATTEMPT_NONE,
		ATTEMPT_UNDECIDED,	/* in evidence->undecided */
		ATTEMPT_WAITING,	/* waits for pacing */
		ATTEMPT_GRANTED,
		ATTEMPT_DONE,
	}		 state;
	/* Of a finished attempt: whether it had its own session, took the facts
	 * of another name's session, or had none (`outcome` says why). */
	enum basis	 basis;
	enum outcome	 outcome;
	enum phase	 phase;
	enum tls_class	 tls_class;
	enum profile	 profile;
	int64_t		 measured_at;
	const char	*sni;		/* of the session; owned by the
					 * registry */
	bool		 has_chain, is_truncated;
	uint8_t		 chain_id[32];
	uint64_t	 received_bytes;	/* in the session */
	uint64_t	 part;		/* the part where its certificates are
					 * staged */
};

struct target {			/* an (address, SNI) */
	struct peer	*peer;
	const char	*sni;
	/* A host with secure TLSA is judged here, so the target has its own
	 * sessions. */
	bool		 must_probe;
	bool		 suspect;	/* was in flight when a worker
					 * crashed */
	struct target_host	*hosts;
	uint32_t	 host_count, host_size;
	struct attempt	 attempts[ATTEMPTS_MAX];	/* of attempt 1, 2 */
	uint8_t		 attempt;	/* the one that is waiting or granted */
	bool		 had_own_error;	/* an attempt failed by a fault of our
					 * own and was given back */
	bool		 mismatched;	/* attempt 1 was a DANE mismatch, which
					 * is looked at twice (U10) */
	bool		 to_judge;	/* the target is in registry->judge */
	struct list	 link;		/* peer->waiting, or undecided */
	struct list	 judge_link;
};

/* Hosts that wait for a batch have a line for each worker that may know the keys
 * of their delegations, and one for all that need no keys. Beyond that many
 * workers, some share a line. */
#define HOST_LINES	65
#define HOST_LINE_ANY	0

struct host_line {
	struct list	 hosts;
	uint64_t	 count;
};

struct registry {
	struct map	*hosts;		/* by name */
	struct map	*peers;	/* by address text */
	struct map	*targets;		/* by "address sni" */
	struct arena	 arena;
	struct host_line lines[HOST_LINES];
	uint64_t	 waiting_count;	/* in all of them */
	struct list	 suspects;	/* hosts to be asked one at a time */
	struct list	 judge;		/* targets with a host that lacks a
					 * row */
};

void	registry_init(struct registry *);
void	registry_fini(struct registry *);

/* Returns the host of that name. A new host is made and queued. */
struct host *registry_host(struct registry *, const char *name);
/* The line of this worker. */
unsigned host_line_of(unsigned worker);
/* Puts the host in its line, and takes it out. */
void	registry_put_in_line(struct registry *, struct host *);
void	registry_leave_line(struct registry *, struct host *);
/* Records which name servers may be asked, with a copy of the DS records. What
 * is known already stays. */
void	host_hint(struct host *, uint32_t set_id, uint8_t labels_below,
	    const void *ds, size_t ds_length);
/* If it waits and has DS records, it waits for this worker from now on, which has
 * asked for the keys of its delegation lately. */
void	registry_prefer(struct registry *, struct host *, unsigned worker);
/* It is KNOWN from now on, and needs its DS records no more. */
void	host_becomes_known(struct host *);
struct peer *registry_peer(struct registry *, const struct address *);
/* Returns the (address, SNI). *is_new says whether it was made now. */
struct target *registry_target(struct registry *, struct peer *, const char *sni,
	    bool *is_new);
/* Returns NULL if there is none. */
const struct target *registry_find_target(const struct registry *,
	    const struct address *, const char *sni);
/* Makes the target judge the host from now on. Returns the host's entry, which
 * may be new. */
struct target_host *registry_attach(struct target *, struct host *);
/* Returns true if the attempt is done, and the host may have a row of it and
 * has none. A host with secure TLSA is never judged by another name's
 * session. */
bool	registry_lacks_row(const struct target *, const struct target_host *,
	    uint8_t attempt);
bool	host_has_secure_tlsa(const struct host *);
/* Queues the target if a host of it lacks a row. */
void	registry_want_judged(struct registry *, struct target *);

#endif

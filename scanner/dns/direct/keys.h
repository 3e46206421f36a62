/*
 * keys: the keys of signed delegations that were looked up lately. An entry
 * belongs to the name of a delegation and to its DS records: if one of the two
 * differs, the keys are others.
 *
 * An entry is held by each question that needs its keys, and lives as long. What
 * nobody holds is kept until its TTL ends; of those at most KEYS_IDLE_MAX are
 * kept, and the one that was used least recently goes first. Nothing here sends
 * a question: whoever gets an entry that is new looks the keys up (signed.c).
 */
#ifndef MXCENSUS_DNS_DIRECT_KEYS_H
#define MXCENSUS_DNS_DIRECT_KEYS_H

#include "scanner/base/list.h"
#include "scanner/base/siphash.h"
#include "scanner/dns/delegation.h"
#include "scanner/dns/direct/secure.h"

/* A zone with two P-256 keys takes about 4 KiB. */
#define KEYS_IDLE_MAX	4096

struct keys;

enum keys_state {
	KEYS_NEW,	/* somebody has to ask for them */
	KEYS_ASKED,
	KEYS_KNOWN,
	KEYS_FAILED,	/* for those that hold it; the next one gets a new
			 * entry */
};

struct keys_entry {
	enum keys_state	 state;		/* the holder sets ASKED */
	struct list	 waiting;	/* of the holders: they wait for the keys */
	struct secure_keys keys;	/* KNOWN; owned */
	unsigned	 verifications;	/* that these took */
	/* Private. */
	struct list	 chain;		/* of its hash; empty: nobody finds it */
	struct list	 idle;
	int64_t		 until_s;
	unsigned	 holders;
	size_t		 length;
	uint8_t		 id[];		/* name and DS */
};

struct keys *keys_new(const struct siphash_key *, unsigned idle_max);
/* Nobody holds an entry. */
void	keys_free(struct keys *);
/* The entry of a delegation, which has DS. It is new if there is none, or if its
 * time is over (Unix time). */
struct keys_entry *keys_hold(struct keys *, const struct delegation *,
	    int64_t now_s);
/* Are the keys of this delegation known, as keys_hold() would find them? */
bool	keys_has(const struct keys *, const struct delegation *, int64_t now_s);
/* For one more holder. */
struct keys_entry *keys_hold_more(struct keys_entry *);
void	keys_release(struct keys *, struct keys_entry *);
/* The keys are known, and the entry owns them; or they could not be had. */
void	keys_are_known(struct keys_entry *, const struct secure_keys *,
	    unsigned verifications, int64_t now_s);
void	keys_have_failed(struct keys_entry *);
size_t	keys_count(const struct keys *);	/* that are idle */

#endif

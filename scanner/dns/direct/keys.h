/*
 * keys: the keys of signed delegations that were looked up recently. An entry
 * belongs to the name of a delegation together with its DS records; other DS
 * records are another entry.
 *
 * Each question that needs the keys holds the entry, which lives at least as
 * long. An entry that nobody holds is kept until its TTL ends. At most
 * KEYS_IDLE_MAX of those are kept, and the least recently used one goes first.
 * Nothing here sends a question: the holder that gets a new entry looks up the
 * keys (signed.c).
 */
#ifndef MXCENSUS_DNS_DIRECT_KEYS_H
#define MXCENSUS_DNS_DIRECT_KEYS_H

#include "scanner/base/list.h"
#include "scanner/base/siphash.h"
#include "scanner/dns/delegation.h"
#include "scanner/dns/direct/secure.h"

/* A zone with two P-256 keys takes less than 700 bytes, with two RSA keys of
 * 2,048 bits less than 1,100. Hosts are asked some thousand domains after their
 * zone. */
#define KEYS_IDLE_MAX	16384

struct keys;

enum keys_state {
	KEYS_NEW,	/* the holder has to ask for them */
	KEYS_ASKED,
	KEYS_KNOWN,
	KEYS_FAILED,	/* for those that hold it; the next one gets a new
			 * entry */
};

struct keys_entry {
	enum keys_state	 state;		/* the holder sets ASKED */
	bool		 is_late;	/* ASKED, and no response came soon;
					 * the holder sets it */
	struct list	 waiting;	/* of the holders: they wait for the keys */
	struct secure_keys keys;	/* KNOWN; owned */
	unsigned	 verifications;	/* that these took */
	/* Private. */
	struct list	 chain;		/* of its hash; empty: it can no longer
					 * be found */
	struct list	 idle;
	int64_t		 until_s;
	unsigned	 holders;
	size_t		 length;
	uint8_t		 id[];		/* name and DS */
};

struct keys *keys_new(const struct siphash_key *, unsigned idle_max);
/* Legal only if no entry is held. */
void	keys_free(struct keys *);
/* Holds the entry of a delegation that has DS. It is new if there is none yet,
 * or if its time is over (Unix time). */
struct keys_entry *keys_hold(struct keys *, const struct delegation *,
	    int64_t now_s);
/* Are the keys of this delegation known, as keys_hold() would find them? */
bool	keys_has(const struct keys *, const struct delegation *, int64_t now_s);
/* Holds the entry once more. */
struct keys_entry *keys_hold_more(struct keys_entry *);
void	keys_release(struct keys *, struct keys_entry *);
/* Sets the keys, which the entry owns from now on; or says that they could not
 * be obtained. */
void	keys_are_known(struct keys_entry *, const struct secure_keys *,
	    unsigned verifications, int64_t now_s);
void	keys_have_failed(struct keys_entry *);
size_t	keys_count(const struct keys *);	/* that are idle */

#endif

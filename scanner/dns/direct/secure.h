/*
 * secure: is a response of a signed delegation secure? It makes a verdict from
 * bytes, without a socket or a clock, and keeps nothing but the keys.
 *
 * "Secure" is the only verdict. Everything else is an oddity, which the
 * recursive lane decides: this module never says bogus or insecure.
 *
 * The chain begins at the DS records of the delegation (delegation.h), which the
 * caller vouches for.
 */
#ifndef MXCENSUS_DNS_DIRECT_SECURE_H
#define MXCENSUS_DNS_DIRECT_SECURE_H

#include "parsers/zonemd.h"
#include "scanner/crypto/zone_key.h"
#include "scanner/dns/direct/exchange.h"

/* Beyond these bounds a response is odd (KeyTrap, CVE-2023-50387). */
#define SECURE_KEYS_MAX		8	/* of a zone */
#define SECURE_SIGNATURES_MAX	4	/* over an RRset */
#define SECURE_VERIFICATIONS_MAX 16	/* for one name, with its DNSKEY RRset */

/* The keys of a zone for which its DS records vouch, and all keys that these
 * sign. */
struct secure_keys {
	unsigned	 count;
	struct {
		uint16_t	 tag;
		uint8_t		 algorithm;
		struct zone_key	*key;
	}		 keys[SECURE_KEYS_MAX];
	uint32_t	 ttl;		/* seconds from `now_s` on: of DS, DNSKEY
					 * and to the expiry of its signature */
};

/* The state that is shared by the steps of one judgement. */
struct secure_check {
	const uint8_t	*zone;		/* the delegated name, canonical */
	int64_t		 now_s;		/* Unix time */
	unsigned	 verifications;	/* so far: counts up */
};

/* May a DS or DNSKEY of this algorithm be used here? 8 and 13 always; 10, 14
 * and 15 if secure_use_algorithms() said so. */
bool	secure_knows_algorithm(uint8_t algorithm);
/* Call it at the start: it says which of 10, 14 and 15 the linked libunbound
 * supports (bits by number). */
void	secure_use_algorithms(uint32_t supported);

/* Reads a response about DNSKEY at the apex, of which exchange.c has checked the
 * header and the question. ODDITY_NONE: the keys are filled; free them with
 * secure_keys_free. */
enum oddity secure_keys_read(struct secure_keys *, struct secure_check *,
	    const struct delegation *, const uint8_t *packet, size_t length);
void	secure_keys_free(struct secure_keys *);

/* Judges everything that an answer depends on (answer_read has read it): its
 * RRsets along the chain of aliases inside the zone, or the denial.
 * ODDITY_NONE: it is secure, and *ttl is lowered to what the signatures allow.
 * `absent_txt` allows an unverified denial of a TXT record (RULES, section on
 * the direct lane). */
enum oddity secure_judge(const struct secure_keys *, struct secure_check *,
	    const struct exchange *, const struct answer *, bool absent_txt,
	    uint32_t *ttl);

/* Is this RRset of DS records of a delegation signed by a key of the parent?
 * `signatures` has RDATA of RRSIG records, each counted (wire.h), and `parent`
 * is the name of the parent zone. True lowers *ttl. Used for `--ds verify`. */
bool	secure_ds_is_signed(const struct secure_keys *parent_keys,
	    struct secure_check *, const uint8_t *parent,
	    const struct delegation *, const uint8_t *signatures,
	    size_t signatures_length, uint32_t *ttl);

/* Does the same for the ZONEMD records of the zone check->zone itself, with its
 * own keys and signatures. */
bool	secure_zonemd_is_signed(const struct secure_keys *,
	    struct secure_check *, const struct zonemd *, uint32_t *ttl);

/* Takes all usable keys of a zone from a DNSKEY RRset that the recursive lane
 * has validated. Returns false if there are none. */
bool	secure_keys_take(struct secure_keys *, const uint8_t *packet,
	    size_t length, const uint8_t *zone);

#endif

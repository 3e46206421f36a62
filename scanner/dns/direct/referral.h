/*
 * referral: reads what the name servers of a parent zone say about a delegation:
 * its name servers, their glue, and its DS records or the proof that it has none
 * (RFC 1034 4.3.2, RFC 4035 3.1.4, RFC 5155 7.2.7). It works on bytes.
 *
 * The keys of the parent zone decide what is believed. If the zone is signed, DS
 * records and denials count only with its signatures; everything else is odd. If
 * it is insecure, nothing below can be secure, and all delegations count as
 * unsigned.
 */
#ifndef MXCENSUS_DNS_DIRECT_REFERRAL_H
#define MXCENSUS_DNS_DIRECT_REFERRAL_H

#include "scanner/base/buffer.h"
#include "scanner/dns/direct/secure.h"

/* The most name servers of a delegation. */
#define REFERRAL_SERVERS_MAX	32

struct referral {
	/* As delegation.h has them: each name server once, with the glue that is
	 * at or below the parent zone. */
	struct buffer	 servers;
	/* The DS records (parsers/ds_wire.h) in canonical order, without
	 * duplicates; none: the delegation is unsigned. */
	struct buffer	 ds;
	uint32_t	 ds_ttl;	/* seconds, not beyond the signatures */
};

/* Reads a response, of which exchange.c has checked the header and the question.
 * The question was for `name`, a name below check->zone, which is the parent
 * zone. `keys` are its keys, or NULL if it is insecure. ODDITY_NONE: the referral is
 * filled; free it with referral_fini. */
enum oddity referral_read(struct referral *, struct secure_check *,
	    const struct secure_keys *keys, const uint8_t *name,
	    const uint8_t *packet, size_t length);
void	referral_fini(struct referral *);

#endif

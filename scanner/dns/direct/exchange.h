/*
 * exchange: writes a question to a name server of a delegation, and judges the
 * response. It works on bytes, without a socket and without a clock.
 *
 * A response is believed only if it is clean: it is authoritative, it matches
 * the question bit by bit, and all of its answer is in the delegated zone. If
 * the delegation has DS records, it is secure as well (secure.h); if not, it has
 * no signature. It has
 *
 *	(a) records of the type at the owner, or
 *	(b) NOERROR without them, or NXDOMAIN, and the SOA record of the
 *	    delegated name, or
 *	(c) for a name below the delegated name, a chain of CNAMEs that stays at
 *	    or below the delegated name and ends in (a) or (b).
 *
 * A question for a referral has another answer: a response that is not
 * authoritative, and has nothing but NS records of names below the zone that is
 * asked (referral.h judges whose).
 *
 * Everything else is odd (enum oddity), and the recursive lane decides; or the
 * server has failed, and another one may be asked.
 */
#ifndef MXCENSUS_DNS_DIRECT_EXCHANGE_H
#define MXCENSUS_DNS_DIRECT_EXCHANGE_H

#include "scanner/dns/lookup.h"

/* Header, question, OPT record. */
#define EXCHANGE_QUESTION_MAX (12 + NAME_WIRE_MAX + 4 + 11)
/* The size that EDNS offers. */
#define EXCHANGE_RESPONSE_MAX 1232
/* A bit for each byte of a name: is a letter in upper case? */
#define EXCHANGE_CASE_BYTES 32

struct secure_keys;

struct exchange {
	/* The question is a signed one if the delegation has DS records. */
	const struct delegation *delegation;
	const uint8_t	*name;		/* canonical wire form */
	const uint8_t	*zone;		/* the delegated name; inside `name` */
	uint16_t	 type;		/* but not CNAME */
	uint16_t	 id;
	bool		 has_edns;
	bool		 is_for_referral;	/* at the parent zone: `zone` and
						 * `delegation` are its own */
	uint8_t		 upper[EXCHANGE_CASE_BYTES];
};

/* What is needed to judge the response to a signed question. */
struct exchange_proof {
	const struct secure_keys *keys;	/* of the zone */
	unsigned	 verifications;	/* that these took */
	int64_t		 now_s;		/* Unix time */
};

enum exchange_end {
	EXCHANGE_CLEAN,		/* the answer is filled */
	/* answer->oddity says why. The status is SERVFAIL; if the response is
	 * only not secure, it is the status of the response. */
	EXCHANGE_ODD,
	/* The server has failed. */
	EXCHANGE_REFUSED,
	EXCHANGE_SERVFAIL,
	EXCHANGE_LAME,		/* it is not authoritative */
	EXCHANGE_FORMERR,	/* or NOTIMP, without EDNS too */
	/* FORMERR, NOTIMP or BADVERS: ask once more without EDNS. */
	EXCHANGE_WITHOUT_EDNS,
	/* This is not a response to the question; that may still come. */
	EXCHANGE_MISMATCH,
};

/* Writes the question: RD=0, with EDNS version 0 and DO=1 if it has EDNS, and
 * the letters of the name in the case that `upper` says (0x20). Returns the
 * length. */
size_t	exchange_write(const struct exchange *,
	    uint8_t packet[EXCHANGE_QUESTION_MAX]);

/* Judges a response. The answer must be as lookup_new_answer made it. If the
 * response is clean or odd, the answer is filled as the recursive lane fills
 * it; a clean one has a copy of the packet, which the caller frees. Otherwise
 * the answer does not change. A question without DS needs no proof (NULL), and
 * neither does the question for the keys of a zone: its answer is not judged
 * here, and is UNCHECKED. */
enum exchange_end exchange_read(const struct exchange *,
	    const struct exchange_proof *, const uint8_t *packet,
	    size_t length, struct answer *);

/* Finds the delegated name (text form) in a name at or below it; NULL if it is
 * not there. */
const uint8_t *exchange_zone(const uint8_t *name, const char *delegated);

#endif

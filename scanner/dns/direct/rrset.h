/*
 * rrset: records of one owner and one type in canonical form, and the
 * signatures over them (RFC 4034 3.1.8.1 and 6, RFC 4035 5.3, RFC 6840 5.1). It
 * is a part of secure.h, and owns copies of the records.
 */
#ifndef MXCENSUS_DNS_DIRECT_RRSET_H
#define MXCENSUS_DNS_DIRECT_RRSET_H

#include "parsers/dns_message.h"
#include "parsers/dnssec.h"
#include "scanner/base/buffer.h"
#include "scanner/dns/direct/secure.h"

/* A response of EXCHANGE_RESPONSE_MAX bytes has no more records than this. */
#define RRSET_RECORDS_MAX	96

struct rrset {
	const uint8_t	*owner;		/* canonical; not owned */
	uint16_t	 type;
	/* Seconds; after rrset_verify the least of the received TTL, the
	 * original TTL, and the time to expiry. */
	uint32_t	 ttl;
	/* RDATA in canonical form and order, none twice. */
	unsigned	 count;
	struct rrset_rdata {
		size_t		 at, length;	/* in `bytes` */
	}		 rdata[RRSET_RECORDS_MAX];
	struct buffer	 bytes;
	unsigned	 signature_count;
	struct rrset_signature {
		const uint8_t	*rdata;	/* not owned */
		size_t		 length;
	}		 signatures[SECURE_SIGNATURES_MAX];
	enum oddity	 oddity;	/* the first that was added, or NONE */
};

void	rrset_init(struct rrset *, const uint8_t *owner, uint16_t type);
void	rrset_fini(struct rrset *);
/* Adds RDATA in canonical form. */
void	rrset_add_rdata(struct rrset *, const uint8_t *rdata, size_t length,
	    uint32_t ttl);
/* Adds the RDATA of an RRSIG that covers the type. Its bytes must outlive the
 * set. */
void	rrset_add_signature(struct rrset *, const uint8_t *rdata,
	    size_t length);
/* Adds a record of the set, or a signature over it. The message is the one
 * that it comes from. */
void	rrset_add(struct rrset *, const struct dns_message *,
	    const struct dns_record *);
/* ODDITY_NONE: a key of the zone signs the set now. UNPROVEN: none does, or a
 * type is not known here, or the owner is a wildcard or was expanded from one.
 * CRYPTO_LIMIT: it has too many records or signatures, or too many signatures
 * were verified before. */
enum oddity rrset_verify(struct rrset *, const struct secure_keys *,
	    struct secure_check *, const uint8_t *zone);

#endif

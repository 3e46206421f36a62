/*
 * dnssec: reads the RDATA of DNSKEY, RRSIG (RFC 4034 2, 3), NSEC (RFC 4034 4)
 * and NSEC3 (RFC 5155 3). Names inside are uncompressed, as these RFCs demand.
 *
 * Results point into the RDATA; only names are copied. Every length is checked;
 * false means malformed.
 */
#ifndef MXCENSUS_PARSERS_DNSSEC_H
#define MXCENSUS_PARSERS_DNSSEC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "parsers/dns_message.h"
#include "scanner/base/buffer.h"

/* Bits of `flags` (RFC 4034 2.1.1, RFC 5011 7, RFC 5155 3.1.2.1). */
enum { DNSKEY_REVOKE = 0x0080, DNSKEY_ZONE = 0x0100 };
enum { NSEC3_OPT_OUT = 0x01 };

struct dnskey {
	uint16_t	 flags;
	uint8_t		 protocol, algorithm;
	uint16_t	 tag;		/* RFC 4034 appendix B */
	const uint8_t	*key;
	size_t		 key_length;	/* at least 1 */
};

struct rrsig {
	uint16_t	 covered;	/* type */
	uint8_t		 algorithm, labels;
	uint32_t	 original_ttl;	/* seconds */
	uint32_t	 expiration, inception;	/* RFC 1982 */
	uint16_t	 tag;
	uint8_t		 signer[NAME_WIRE_MAX];	/* canonical */
	size_t		 signer_length;
	const uint8_t	*signature;
	size_t		 signature_length;	/* at least 1 */
};

/* Where the fixed part of an RRSIG ends, and the signer begins. */
#define RRSIG_FIXED_BYTES 18

/* A bitmap of types: windows in rising order (RFC 4034 4.1.2). */
struct type_bitmap {
	const uint8_t	*bytes;
	size_t		 length;	/* 0: no type at all */
};

struct nsec {
	uint8_t		 next[NAME_WIRE_MAX];	/* canonical */
	struct type_bitmap types;
};

struct nsec3 {
	uint8_t		 algorithm, flags;
	uint16_t	 iterations;
	const uint8_t	*salt;
	size_t		 salt_length;
	const uint8_t	*next;		/* a hash */
	size_t		 next_length;	/* at least 1 */
	struct type_bitmap types;
};

bool	dnskey_read(const uint8_t *rdata, size_t length, struct dnskey *);
bool	rrsig_read(const uint8_t *rdata, size_t length, struct rrsig *);
bool	nsec_read(const uint8_t *rdata, size_t length, struct nsec *);
bool	nsec3_read(const uint8_t *rdata, size_t length, struct nsec3 *);
/* Is the type in a bitmap that nsec_read or nsec3_read has checked? */
bool	type_bitmap_has(const struct type_bitmap *, uint16_t type);

/* Appends the RDATA of a record in canonical form (RFC 4034 6.2, RFC 6840 5.1):
 * names in NS, CNAME, DNAME, MX and SOA are uncompressed and in lower case,
 * everything else stays as it is. Returns false and appends nothing if the
 * record is malformed, or if its type is unknown here and its RDATA may contain
 * names. */
bool	dns_record_canonical(const struct dns_message *,
	    const struct dns_record *, struct buffer *);

/* A hash of NSEC3 as the label that owns its record: base32hex without padding
 * (RFC 4648 7, RFC 5155 3.3), in lower case, without a NUL. It keeps the order of
 * the hashes. */
#define NSEC3_HASH_BYTES 20
#define NSEC3_HASH_TEXT 32
void	nsec3_hash_text(const uint8_t hash[NSEC3_HASH_BYTES],
	    uint8_t text[NSEC3_HASH_TEXT]);

#endif

/*
 * tlsa_record: a TLSA record to publish, made from a certificate or a key, and
 * its line in a zone file (RFC 6698 section 2, RFC 3597 section 5).
 */
#ifndef MXCENSUS_CRYPTO_TLSA_RECORD_H
#define MXCENSUS_CRYPTO_TLSA_RECORD_H

#include "scanner/crypto/pem_file.h"

struct tlsa_parameters {
	uint8_t	 usage;			/* 0 to 3 */
	uint8_t	 selector;		/* 0 certificate, 1 public key */
	uint8_t	 matching_type;		/* 0 full, 1 SHA-256, 2 SHA-512 */
};

/* These faults cannot be seen from the parameters alone. */
enum tlsa_record_fault {
	TLSA_RECORD_MADE,
	TLSA_RECORD_NO_CERTIFICATE,	/* selector 0, but there is only a key
					 * or a request */
	TLSA_RECORD_NO_ISSUER,		/* of pem_file_certificate */
	TLSA_RECORD_NO_KEY,		/* of a kind that OpenSSL knows */
	TLSA_RECORD_TOO_LONG,		/* over 65,535 bytes of RDATA */
};

/* Appends the RDATA to an empty buffer. Unless the result is TLSA_RECORD_MADE,
 * `why` has a reason. The association data are what OpenSSL hashes when it
 * verifies: the certificate or its SubjectPublicKeyInfo, as DER. */
enum tlsa_record_fault tlsa_record_make(struct buffer *rdata,
	    const struct pem_file *, const struct tlsa_parameters *,
	    char why[PEM_WHY_MAX]);
/* Does the same for a SubjectPublicKeyInfo in DER (selector 1). */
enum tlsa_record_fault tlsa_record_make_from(struct buffer *rdata,
	    const struct tlsa_parameters *, const uint8_t *der, size_t length,
	    char why[PEM_WHY_MAX]);

/* "3 1 1 hex": the RDATA in presentation format. */
void	tlsa_record_data_text(struct buffer *out, const struct buffer *rdata);
/* Writes a line of a zone file with its line feed: "owner ttl IN TLSA 3 1 1
 * hex", or with `generic` "owner ttl IN TYPE52 \# 35 hex". `owner` is written
 * as it is. */
void	tlsa_record_line(struct buffer *out, const char *owner, uint32_t ttl,
	    const struct buffer *rdata, bool generic);

#endif

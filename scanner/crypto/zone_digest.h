/*
 * zone_digest: the digests of DNSSEC over bytes, through libcrypto.
 */
#ifndef MXCENSUS_CRYPTO_ZONE_DIGEST_H
#define MXCENSUS_CRYPTO_ZONE_DIGEST_H

#include <stddef.h>
#include <stdint.h>

#include "parsers/dnssec.h"

#define DS_DIGEST_BYTES_MAX	48

/* Writes the digest of a DS record of type 2 (SHA-256) or 4 (SHA-384) over
 * owner and DNSKEY RDATA, both canonical (RFC 4034 5.1.4). Returns its length,
 * or 0 if the type is unknown. */
size_t	ds_digest(uint8_t digest_type, const uint8_t *owner,
	    size_t owner_length, const uint8_t *rdata, size_t rdata_length,
	    uint8_t digest[DS_DIGEST_BYTES_MAX]);
/* Writes the hash of a canonical name with algorithm 1 (RFC 5155 5). */
void	nsec3_hash(const uint8_t *name, size_t length, unsigned iterations,
	    const uint8_t *salt, size_t salt_length,
	    uint8_t hash[NSEC3_HASH_BYTES]);

#endif

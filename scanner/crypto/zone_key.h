/*
 * zone_key: public keys and signatures of DNSSEC over bytes, through libcrypto.
 * It does not know DNS messages; scanner/dns/direct/ has the rules.
 *
 * Algorithms 8 and 10 (RSA, RFC 5702), 13 and 14 (ECDSA, RFC 6605), 15
 * (Ed25519, RFC 8080). Objects are immutable and cheap to share.
 */
#ifndef MXCENSUS_CRYPTO_ZONE_KEY_H
#define MXCENSUS_CRYPTO_ZONE_KEY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct zone_key;

/* Takes the public key field of a DNSKEY record. Returns NULL if the algorithm
 * is unknown, if the key is malformed, or if it is an RSA key with less than
 * 1024 or more than 4096 bits or with an exponent of more than 64 bits. */
struct zone_key *zone_key_new(uint8_t algorithm, const uint8_t *key,
	    size_t length);
void	zone_key_free(struct zone_key *);
/* Is this a signature over the data? The signature is in the form of an RRSIG
 * record. A malformed one is not a signature. A good one is remembered for a
 * while; then verifying the same bytes again costs only a digest. */
bool	zone_key_verifies(const struct zone_key *, const uint8_t *data,
	    size_t data_length, const uint8_t *signature, size_t length);

#endif

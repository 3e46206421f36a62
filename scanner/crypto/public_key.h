/*
 * public_key: the public key of a DNSKEY record as state of libcrypto that is
 * ready to verify.
 *
 * The state of a key takes kilobytes, and large operators sign all zones with one
 * pair. So it is made from the bytes when it is needed, and kept in one of a
 * bounded number of places for all zones together.
 */
#ifndef MXCENSUS_CRYPTO_PUBLIC_KEY_H
#define MXCENSUS_CRYPTO_PUBLIC_KEY_H

#include <openssl/types.h>
#include <stddef.h>
#include <stdint.h>

#include "scanner/crypto/hashes.h"

/* IANA, DNS Security Algorithm Numbers. */
enum { RSA_SHA256 = 8, RSA_SHA512 = 10, ECDSA_P256 = 13, ECDSA_P384 = 14,
	ED25519 = 15 };

#define PUBLIC_KEYS	2048		/* places, each for one key */
#define COORDINATE_BYTES_MAX	48

struct public_key {
	EVP_PKEY	*key;
	EVP_PKEY_CTX	*verifier;	/* NULL for Ed25519 */
	/* What public_key_get() was given. */
	uint8_t		 identity[SHA256_LENGTH];
};

/* Returns the state for a key field, whose identity is a SHA-256 over algorithm
 * and bytes. NULL: the algorithm is unknown, the key is malformed, or it is an
 * RSA key with less than 1024 or more than 4096 bits, or with an exponent of more
 * than 64 bits. The next call may free the state. */
const struct public_key *public_key_get(uint8_t algorithm,
	    const uint8_t *bytes, size_t length,
	    const uint8_t identity[SHA256_LENGTH]);
/* The hash that is signed with this algorithm; NULL for Ed25519. */
const EVP_MD *public_key_hash(uint8_t algorithm);

#endif

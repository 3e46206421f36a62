/*
 * Whether a key has signed some data depends only on the bytes, so the result
 * is kept: the name servers of a zone, the SOA record and the closest encloser
 * of a host's denials come again and again. As in known.h, each fact has one
 * place, which the latest one takes.
 */
#include "scanner/crypto/zone_key.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

#include "scanner/base/memory.h"
#include "scanner/crypto/library.h"
#include "scanner/crypto/public_key.h"

/* Hosts are asked some thousand domains after their zone. */
#define KNOWN_SIGNATURES	65536
/* Two integers of a sign byte and a coordinate, each with type and length, in a
 * sequence whose length is below 128 (X.690 8.1.3.4). */
#define DER_BYTES_MAX		(2 + 2 * (2 + 1 + COORDINATE_BYTES_MAX))

struct zone_key {
	uint8_t		 algorithm;
	/* SHA-256 of the algorithm and the key. */
	uint8_t		 identity[SHA256_LENGTH];
	size_t		 length;
	uint8_t		 bytes[];
};

static uint8_t known[KNOWN_SIGNATURES][SHA256_LENGTH];

static const struct public_key *
public_key_of(const struct zone_key *key)
{
	return public_key_get(key->algorithm, key->bytes, key->length,
	    key->identity);
}

struct zone_key *
zone_key_new(uint8_t algorithm, const uint8_t *bytes, size_t length)
{
	struct zone_key *key = xcalloc(1, sizeof *key + length);

	key->algorithm = algorithm;
	key->length = length;
	if (length > 0)
		memcpy(key->bytes, bytes, length);
	hash_pieces(hash_sha256(), (const uint8_t *const[]){ &algorithm, bytes },
	    (const size_t[]){ 1, length }, 2, key->identity);
	if (public_key_of(key) != NULL)
		return key;
	free(key);
	return NULL;
}

void
zone_key_free(struct zone_key *key)
{
	free(key);
}

/* Signatures ************************************************************** */

/* X.690 8.3: a number has no needless leading zeros, but one if its high bit is
 * set, which would be a sign. */
static size_t
put_integer(uint8_t *to, const uint8_t *number, size_t length)
{
	size_t sign;

	while (length > 1 && *number == 0) {
		number++;
		length--;
	}
	sign = *number >> 7;
	to[0] = 0x02;
	to[1] = (uint8_t)(sign + length);
	to[2] = 0;
	memcpy(to + 2 + sign, number, length);
	return 2 + sign + length;
}

/* In RFC 6605 4 the two numbers follow each other, each as long as a
 * coordinate; libcrypto expects Ecdsa-Sig-Value (RFC 3279 2.2.3). */
static size_t
put_ecdsa(uint8_t der[DER_BYTES_MAX], const uint8_t *signature, size_t half)
{
	size_t length = 2;

	length += put_integer(der + length, signature, half);
	length += put_integer(der + length, signature + half, half);
	der[0] = 0x30;
	der[1] = (uint8_t)(length - 2);
	return length;
}

static bool
ed25519_verifies(EVP_PKEY *key, const uint8_t *data, size_t data_length,
    const uint8_t *signature, size_t length)
{
	EVP_MD_CTX *state = EVP_MD_CTX_new();
	bool verifies = state != NULL && EVP_DigestVerifyInit_ex(state, NULL,
	    NULL, library_context(), NULL, key, NULL) == 1 &&
	    EVP_DigestVerify(state, signature, length, data, data_length) == 1;

	EVP_MD_CTX_free(state);
	return verifies;
}

/* RSA and ECDSA: over a digest. */
static bool
digest_verifies(EVP_PKEY_CTX *verifier, uint8_t algorithm, const uint8_t *data,
    size_t data_length, const uint8_t *signature, size_t length)
{
	uint8_t hash[EVP_MAX_MD_SIZE], der[DER_BYTES_MAX];
	bool is_ecdsa = algorithm == ECDSA_P256 || algorithm == ECDSA_P384;
	size_t half = algorithm == ECDSA_P256 ? 32 : 48, hash_length;

	if (is_ecdsa) {
		if (length != 2 * half)
			return false;
		length = put_ecdsa(der, signature, half);
		signature = der;
	}
	hash_length = hash_pieces(public_key_hash(algorithm),
	    (const uint8_t *const[]){ data }, (const size_t[]){ data_length },
	    1, hash);
	return EVP_PKEY_verify(verifier, signature, length, hash,
	    hash_length) == 1;
}

/* The place that remembers that this is a signature of the key. The length says
 * where the signature ends and the data begins. */
static uint8_t *
place_of(const struct zone_key *key, const uint8_t *data, size_t data_length,
    const uint8_t *signature, size_t length, uint8_t fact[SHA256_LENGTH])
{
	uint8_t count[2] = { (uint8_t)(length >> 8), (uint8_t)length };

	hash_pieces(hash_sha256(), (const uint8_t *const[]){ key->identity,
	    count, signature, data }, (const size_t[]){ SHA256_LENGTH,
	    sizeof count, length, data_length }, 4, fact);
	return known[(fact[0] << 8 | fact[1]) % KNOWN_SIGNATURES];
}

bool
zone_key_verifies(const struct zone_key *key, const uint8_t *data,
    size_t data_length, const uint8_t *signature, size_t length)
{
	uint8_t fact[SHA256_LENGTH], *place;
	const struct public_key *public;
	bool verifies;

	if (length > UINT16_MAX)
		return false;
	place = place_of(key, data, data_length, signature, length, fact);
	if (memcmp(place, fact, sizeof fact) == 0)
		return true;
	public = public_key_of(key);
	verifies = public != NULL && (key->algorithm == ED25519
	    ? ed25519_verifies(public->key, data, data_length, signature, length)
	    : digest_verifies(public->verifier, key->algorithm, data,
	    data_length, signature, length));
	ERR_clear_error();
	if (verifies)
		memcpy(place, fact, sizeof fact);
	return verifies;
}

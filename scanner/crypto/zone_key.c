/*
 * A key has a libcrypto context that is ready to verify.
 *
 * Whether a key has signed some data depends only on the bytes, so the result
 * is kept: the SOA record and the closest encloser of a host's denials come
 * again and again. As in known.h, each fact has one place, which the latest one
 * takes.
 */
#include "scanner/crypto/zone_key.h"

#include <assert.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/rsa.h>
#include <stdlib.h>
#include <string.h>

#include "scanner/base/memory.h"
#include "scanner/crypto/library.h"

/* IANA, DNS Security Algorithm Numbers. */
enum { RSA_SHA256 = 8, RSA_SHA512 = 10, ECDSA_P256 = 13, ECDSA_P384 = 14,
	ED25519 = 15 };

#define EXPONENT_BYTES_MAX	8
#define MODULUS_BITS_MIN	1024
#define MODULUS_BITS_MAX	4096
#define SHA256_LENGTH		32
#define KNOWN_SIGNATURES	4096
#define ED25519_KEY_BYTES	32
#define COORDINATE_BYTES_MAX	48
/* Two integers of a sign byte and a coordinate, each with type and length, in a
 * sequence whose length is below 128 (X.690 8.1.3.4). */
#define DER_BYTES_MAX		(2 + 2 * (2 + 1 + COORDINATE_BYTES_MAX))

struct zone_key {
	uint8_t		 algorithm;
	const EVP_MD	*hash;		/* NULL: the algorithm has its own */
	EVP_PKEY	*key;
	EVP_PKEY_CTX	*verifier;	/* NULL for Ed25519 */
	/* SHA-256 of the algorithm and the key. */
	uint8_t		 identity[SHA256_LENGTH];
};

static uint8_t known[KNOWN_SIGNATURES][SHA256_LENGTH];

/* The digests of libcrypto, looked up once in a process. Without them there can
 * be no census (see digest.c). */
static const EVP_MD *
fetch(const EVP_MD **kept, const char *name)
{
	if (*kept == NULL)
		*kept = EVP_MD_fetch(library_context(), name, NULL);
	assert(*kept != NULL);
	return *kept;
}

static const EVP_MD *
sha256(void)
{
	static const EVP_MD *kept;

	return fetch(&kept, "SHA256");
}

static const EVP_MD *
sha384(void)
{
	static const EVP_MD *kept;

	return fetch(&kept, "SHA384");
}

static const EVP_MD *
sha512(void)
{
	static const EVP_MD *kept;

	return fetch(&kept, "SHA512");
}

static const EVP_MD *
sha1(void)
{
	static const EVP_MD *kept;

	return fetch(&kept, "SHA1");
}

/* The digest of all pieces together. */
static size_t
digest(const EVP_MD *hash, const uint8_t *const pieces[], const size_t lengths[],
    size_t count, uint8_t *to)
{
	static EVP_MD_CTX *state;
	unsigned length = 0;
	bool is_done;

	if (state == NULL)
		state = EVP_MD_CTX_new();
	is_done = state != NULL && EVP_DigestInit_ex(state, hash, NULL) == 1;
	for (size_t i = 0; i < count; i++)
		is_done = is_done &&
		    EVP_DigestUpdate(state, pieces[i], lengths[i]) == 1;
	is_done = is_done && EVP_DigestFinal_ex(state, to, &length) == 1;
	assert(is_done);
	return length;
}

/* Keys ******************************************************************** */

static EVP_PKEY *
key_from(const char *type, int selection, OSSL_PARAM *parameters)
{
	EVP_PKEY_CTX *maker = EVP_PKEY_CTX_new_from_name(library_context(),
	    type, NULL);
	EVP_PKEY *key = NULL;

	if (maker == NULL || EVP_PKEY_fromdata_init(maker) != 1 ||
	    EVP_PKEY_fromdata(maker, &key, selection, parameters) != 1)
		key = NULL;
	EVP_PKEY_CTX_free(maker);
	return key;
}

static EVP_PKEY *
rsa_from(const BIGNUM *modulus, const BIGNUM *exponent)
{
	OSSL_PARAM_BLD *builder = OSSL_PARAM_BLD_new();
	OSSL_PARAM *parameters = NULL;
	EVP_PKEY *key = NULL;

	if (builder != NULL &&
	    OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_N, modulus) &&
	    OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_E, exponent))
		parameters = OSSL_PARAM_BLD_to_param(builder);
	if (parameters != NULL)
		key = key_from("RSA", EVP_PKEY_PUBLIC_KEY, parameters);
	OSSL_PARAM_free(parameters);
	OSSL_PARAM_BLD_free(builder);
	return key;
}

/* RFC 3110 2: the length of the exponent in one byte, or in two after a zero;
 * the exponent; the modulus. Neither begins with a zero byte. Both are odd, and
 * the exponent is not 1. */
static EVP_PKEY *
rsa_key(const uint8_t *bytes, size_t length)
{
	size_t skip = length > 0 && bytes[0] == 0 ? 3 : 1, exponent_bytes;
	BIGNUM *exponent, *modulus;
	EVP_PKEY *key = NULL;

	if (length < 3)
		return NULL;
	exponent_bytes = skip == 1 ? bytes[0]
				   : (size_t)bytes[1] << 8 | bytes[2];
	if (exponent_bytes == 0 || exponent_bytes > EXPONENT_BYTES_MAX ||
	    length <= skip + exponent_bytes || bytes[skip] == 0 ||
	    bytes[skip + exponent_bytes] == 0 ||
	    length - skip - exponent_bytes > MODULUS_BITS_MAX / 8)
		return NULL;
	exponent = BN_bin2bn(bytes + skip, (int)exponent_bytes, NULL);
	modulus = BN_bin2bn(bytes + skip + exponent_bytes,
	    (int)(length - skip - exponent_bytes), NULL);
	if (exponent != NULL && modulus != NULL && BN_is_odd(exponent) &&
	    !BN_is_one(exponent) && BN_is_odd(modulus) &&
	    BN_num_bits(modulus) >= MODULUS_BITS_MIN)
		key = rsa_from(modulus, exponent);
	BN_free(exponent);
	BN_free(modulus);
	return key;
}

/* A curve, made once per process, because making one takes four times as long
 * as copying it and setting a point. */
static EVP_PKEY *
curve_of(EVP_PKEY **kept, char *group)
{
	OSSL_PARAM parameters[] = {
		OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME,
		    group, 0),
		OSSL_PARAM_construct_end(),
	};

	if (*kept == NULL)
		*kept = key_from("EC", EVP_PKEY_KEY_PARAMETERS, parameters);
	assert(*kept != NULL);
	return *kept;
}

/* RFC 6605 4: the two coordinates. libcrypto refuses a point that is not on the
 * curve. */
static EVP_PKEY *
ec_key(EVP_PKEY *curve, size_t coordinate, const uint8_t *bytes, size_t length)
{
	uint8_t point[1 + 2 * COORDINATE_BYTES_MAX] = {
		POINT_CONVERSION_UNCOMPRESSED
	};
	EVP_PKEY *key;

	if (length != 2 * coordinate)
		return NULL;
	memcpy(point + 1, bytes, length);
	key = EVP_PKEY_dup(curve);
	if (key != NULL && EVP_PKEY_set1_encoded_public_key(key, point,
	    1 + length) == 1)
		return key;
	EVP_PKEY_free(key);
	return NULL;
}

static EVP_PKEY *
p256_key(const uint8_t *bytes, size_t length)
{
	static EVP_PKEY *curve;
	char group[] = "P-256";

	return ec_key(curve_of(&curve, group), 32, bytes, length);
}

static EVP_PKEY *
p384_key(const uint8_t *bytes, size_t length)
{
	static EVP_PKEY *curve;
	char group[] = "P-384";

	return ec_key(curve_of(&curve, group), 48, bytes, length);
}

static bool
parse(struct zone_key *key, const uint8_t *bytes, size_t length)
{
	switch (key->algorithm) {
	case RSA_SHA256:
		key->hash = sha256();
		key->key = rsa_key(bytes, length);
		break;
	case RSA_SHA512:
		key->hash = sha512();
		key->key = rsa_key(bytes, length);
		break;
	case ECDSA_P256:
		key->hash = sha256();
		key->key = p256_key(bytes, length);
		break;
	case ECDSA_P384:
		key->hash = sha384();
		key->key = p384_key(bytes, length);
		break;
	case ED25519:
		if (length == ED25519_KEY_BYTES)
			key->key = EVP_PKEY_new_raw_public_key_ex(
			    library_context(), "ED25519", NULL, bytes, length);
		break;
	}
	return key->key != NULL;
}

static bool
is_rsa(const struct zone_key *key)
{
	return key->algorithm == RSA_SHA256 || key->algorithm == RSA_SHA512;
}

static bool
prepare(struct zone_key *key)
{
	if (key->algorithm == ED25519)
		return true;
	key->verifier = EVP_PKEY_CTX_new_from_pkey(library_context(),
	    key->key, NULL);
	return key->verifier != NULL &&
	    EVP_PKEY_verify_init(key->verifier) == 1 &&
	    (!is_rsa(key) ||
	    (EVP_PKEY_CTX_set_rsa_padding(key->verifier,
	    RSA_PKCS1_PADDING) == 1 &&
	    EVP_PKEY_CTX_set_signature_md(key->verifier, key->hash) == 1));
}

struct zone_key *
zone_key_new(uint8_t algorithm, const uint8_t *key, size_t length)
{
	struct zone_key *made = xcalloc(1, sizeof *made);

	made->algorithm = algorithm;
	digest(sha256(), (const uint8_t *const[]){ &algorithm, key },
	    (const size_t[]){ 1, length }, 2, made->identity);
	if (!parse(made, key, length) || !prepare(made)) {
		zone_key_free(made);
		made = NULL;
	}
	ERR_clear_error();
	return made;
}

void
zone_key_free(struct zone_key *key)
{
	if (key == NULL)
		return;
	EVP_PKEY_CTX_free(key->verifier);
	EVP_PKEY_free(key->key);
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
ed25519_verifies(const struct zone_key *key, const uint8_t *data,
    size_t data_length, const uint8_t *signature, size_t length)
{
	EVP_MD_CTX *state = EVP_MD_CTX_new();
	bool verifies = state != NULL && EVP_DigestVerifyInit_ex(state, NULL,
	    NULL, library_context(), NULL, key->key, NULL) == 1 &&
	    EVP_DigestVerify(state, signature, length, data, data_length) == 1;

	EVP_MD_CTX_free(state);
	return verifies;
}

/* RSA and ECDSA: over a digest. */
static bool
digest_verifies(const struct zone_key *key, const uint8_t *data,
    size_t data_length, const uint8_t *signature, size_t length)
{
	uint8_t hash[EVP_MAX_MD_SIZE], der[DER_BYTES_MAX];
	size_t half = key->algorithm == ECDSA_P256 ? 32 : 48, hash_length;

	if (!is_rsa(key)) {
		if (length != 2 * half)
			return false;
		length = put_ecdsa(der, signature, half);
		signature = der;
	}
	hash_length = digest(key->hash, (const uint8_t *const[]){ data },
	    (const size_t[]){ data_length }, 1, hash);
	return EVP_PKEY_verify(key->verifier, signature, length, hash,
	    hash_length) == 1;
}

/* The place that remembers that this is a signature of the key. The length says
 * where the signature ends and the data begins. */
static uint8_t *
place_of(const struct zone_key *key, const uint8_t *data, size_t data_length,
    const uint8_t *signature, size_t length, uint8_t fact[SHA256_LENGTH])
{
	uint8_t count[2] = { (uint8_t)(length >> 8), (uint8_t)length };

	digest(sha256(), (const uint8_t *const[]){ key->identity, count,
	    signature, data }, (const size_t[]){ SHA256_LENGTH, sizeof count,
	    length, data_length }, 4, fact);
	return known[(fact[0] << 8 | fact[1]) % KNOWN_SIGNATURES];
}

bool
zone_key_verifies(const struct zone_key *key, const uint8_t *data,
    size_t data_length, const uint8_t *signature, size_t length)
{
	uint8_t fact[SHA256_LENGTH], *place;
	bool verifies;

	if (length > UINT16_MAX)
		return false;
	place = place_of(key, data, data_length, signature, length, fact);
	if (memcmp(place, fact, sizeof fact) == 0)
		return true;
	verifies = key->algorithm == ED25519
	    ? ed25519_verifies(key, data, data_length, signature, length)
	    : digest_verifies(key, data, data_length, signature, length);
	ERR_clear_error();
	if (verifies)
		memcpy(place, fact, sizeof fact);
	return verifies;
}

/* Digests ***************************************************************** */

size_t
ds_digest(uint8_t digest_type, const uint8_t *owner, size_t owner_length,
    const uint8_t *rdata, size_t rdata_length,
    uint8_t to[DS_DIGEST_BYTES_MAX])
{
	const EVP_MD *hash;

	if (digest_type == 2)
		hash = sha256();
	else if (digest_type == 4)
		hash = sha384();
	else
		return 0;
	return digest(hash, (const uint8_t *const[]){ owner, rdata },
	    (const size_t[]){ owner_length, rdata_length }, 2, to);
}

void
nsec3_hash(const uint8_t *name, size_t length, unsigned iterations,
    const uint8_t *salt, size_t salt_length, uint8_t hash[NSEC3_HASH_BYTES])
{
	for (unsigned i = 0; i <= iterations; i++)
		digest(sha1(), (const uint8_t *const[]){
		    i == 0 ? name : hash, salt }, (const size_t[]){
		    i == 0 ? length : NSEC3_HASH_BYTES, salt_length }, 2,
		    hash);
}

#include "scanner/crypto/public_key.h"

#include <assert.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/rsa.h>
#include <stdbool.h>
#include <string.h>

#include "scanner/crypto/library.h"

#define EXPONENT_BYTES_MAX	8
#define MODULUS_BITS_MIN	1024
#define MODULUS_BITS_MAX	4096
#define ED25519_KEY_BYTES	32

static struct public_key places[PUBLIC_KEYS];

const EVP_MD *
public_key_hash(uint8_t algorithm)
{
	switch (algorithm) {
	case RSA_SHA256:
	case ECDSA_P256:
		return hash_sha256();
	case ECDSA_P384:
		return hash_sha384();
	case RSA_SHA512:
		return hash_sha512();
	default:
		return NULL;
	}
}

/* Bytes *******************************************************************/

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

static EVP_PKEY *
parse(uint8_t algorithm, const uint8_t *bytes, size_t length)
{
	switch (algorithm) {
	case RSA_SHA256:
	case RSA_SHA512:
		return rsa_key(bytes, length);
	case ECDSA_P256:
		return p256_key(bytes, length);
	case ECDSA_P384:
		return p384_key(bytes, length);
	case ED25519:
		return length != ED25519_KEY_BYTES ? NULL :
		    EVP_PKEY_new_raw_public_key_ex(library_context(),
		    "ED25519", NULL, bytes, length);
	default:
		return NULL;
	}
}

/* Places ******************************************************************/

static bool
prepare(struct public_key *place, uint8_t algorithm)
{
	bool is_rsa = algorithm == RSA_SHA256 || algorithm == RSA_SHA512;

	if (algorithm == ED25519)
		return true;
	place->verifier = EVP_PKEY_CTX_new_from_pkey(library_context(),
	    place->key, NULL);
	return place->verifier != NULL &&
	    EVP_PKEY_verify_init(place->verifier) == 1 && (!is_rsa ||
	    (EVP_PKEY_CTX_set_rsa_padding(place->verifier,
	    RSA_PKCS1_PADDING) == 1 &&
	    EVP_PKEY_CTX_set_signature_md(place->verifier,
	    public_key_hash(algorithm)) == 1));
}

static void
clear(struct public_key *place)
{
	EVP_PKEY_CTX_free(place->verifier);
	EVP_PKEY_free(place->key);
	*place = (struct public_key){ NULL };
}

const struct public_key *
public_key_get(uint8_t algorithm, const uint8_t *bytes, size_t length,
    const uint8_t identity[SHA256_LENGTH])
{
	struct public_key *place = &places[(identity[0] << 8 | identity[1]) %
	    PUBLIC_KEYS];
	struct public_key made = { NULL };

	if (place->key != NULL &&
	    memcmp(place->identity, identity, SHA256_LENGTH) == 0)
		return place;
	made.key = parse(algorithm, bytes, length);
	if (made.key == NULL || !prepare(&made, algorithm)) {
		clear(&made);
		ERR_clear_error();
		return NULL;
	}
	memcpy(made.identity, identity, SHA256_LENGTH);
	clear(place);
	*place = made;
	return place;
}

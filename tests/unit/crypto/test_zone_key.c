/* Keys, signatures and digests over bytes (RULES L21), against the examples of
 * the RFCs, verbatim. What was signed is in the form of RFC 4034 3.1.8.1. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <ctype.h>
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

#include "scanner/base/buffer.h"
#include "scanner/base/memory.h"
#include "scanner/crypto/public_key.h"
#include "scanner/crypto/zone_digest.h"
#include "scanner/crypto/zone_key.h"
#include "tests/unit/zone_signer.h"

struct example {
	const char	*source;
	uint8_t		 algorithm;
	const char	*key, *signature;	/* base64 */
	const char	*data;			/* hex: what was signed */
	uint8_t		 digest_type;		/* of the DS record; 0: none */
	uint16_t	 flags;
	const char	*digest;		/* hex */
};

static const struct example examples[] = {
	{ "RFC 8080 6, Ed25519", 15,
	    "l02Woi0iS8Aa25FQkUd9RMzZHJpBoRQwAQEX1SxZJA4=",
	    "oL9krJun7xfBOIWcGHi7mag5/hdZrKWw15jPGrHpjQeRAvTdszaPD+QLs3fx8A4M"
	    "3e23mRZ9VrbpMngwcrqNAg==",
	    "000f0f0200000e1055d4fc6055b94ce00e1d076578616d706c6503636f6d0007"
	    "6578616d706c6503636f6d00000f000100000e100014000a046d61696c076578"
	    "616d706c6503636f6d00",
	    2, 257,
	    "3aa5ab37efce57f737fc1627013fee07bdf241bd10f3b1964ab55c78e79a304b" },
	{ "RFC 8080 6, the second", 15,
	    "zPnZ/QwEe7S8C5SPz2OfS5RR40ATk2/rYnE9xHIEijs=",
	    "zXQ0bkYgQTEFyfLyi9QoiY6D8ZdYo4wyUhVioYZXFdT410QPRITQSqJSnzQoSm5p"
	    "oJ7gD7AQR0O7KuI5k2pcBg==",
	    "000f0f0200000e1055d4fc6055b94ce08991076578616d706c6503636f6d0007"
	    "6578616d706c6503636f6d00000f000100000e100014000a046d61696c076578"
	    "616d706c6503636f6d00",
	    2, 257,
	    "401781b934e392de492ec77ae2e15d70f6575a1c0bc59c5275c04ebe80c6614c" },
	{ "RFC 6605 6.1, P-256", 13,
	    "GojIhhXUN/u4v54ZQqGSnyhWJwaubCvTmeexv7bR6edbkrSqQpF64cYbcB7wNcP+"
	    "e+MAnLr+Wi9xMWyQLc8NAA==",
	    "qx6wLYqmh+l9oCKTN6qIc+bw6ya+KJ8oMz0YP107epXAyGmt+3SNruPFKG7tZoLB"
	    "LlUzGGus7ZwmwWep666VCw==",
	    "00010d0300000e104c88b1374c63c737d960076578616d706c65036e65740003"
	    "777777076578616d706c65036e6574000001000100000e100004c0000201",
	    2, 257,
	    "b4c8c1fe2e7477127b27115656ad6256f424625bf5c1e2770ce6d6e37df61d17" },
	{ "RFC 6605 6.2, P-384", 14,
	    "xKYaNhWdGOfJ+nPrL8/arkwf2EY3MDJ+SErKivBVSum1w/egsXvSADtNJhyem5RC"
	    "OpgQ6K8X1DRSEkrbYQ+OB+v8/uX45NBwY8rp65F6Glur8I/mlVNgF6W/qTI37m40",
	    "/L5hDKIvGDyI1fcARX3z65qrmPsVz73QD1Mr5CEqOiLP95hxQouuroGCeZOvzFax"
	    "sT8Glr74hbavRKayJNuydCuzWTSSPdz7wnqXL5bdcJzusdnI0RSMROxxwGipWcJm",
	    "00010e0300000e104c88b4e94c63cae92a13076578616d706c65036e65740003"
	    "777777076578616d706c65036e6574000001000100000e100004c0000201",
	    4, 257,
	    "72d7b62976ce06438e9c0bf319013cf801f09ecc84b8d7e9495f27e305c6a9b0"
	    "563a9b5f4d288405c3008a946df983d6" },
	{ "RFC 5702 6.1, 512 bits", 8,
	    "AwEAAcFcGsaxxdgiuuGmCkVImy4h99CqT7jwY3pexPGcnUFtR2Fh36BponcwtkZ4"
	    "cAgtvd4Qs8PkxUdp6p/DlUmObdk=",
	    "kRCOH6u7l0QGy9qpC9l1sLncJcOKFLJ7GhiUOibu4teYp5VE9RncriShZNz85mwl"
	    "MgNEacFYK/lPtPiVYP4bwg==",
	    "0001080300000e1070dbd880386d43802349076578616d706c65036e65740003"
	    "777777076578616d706c65036e6574000001000100000e100004c000025b",
	    0, 256,
	    NULL },
	{ "RFC 5702 6.2, RSA/SHA-512", 10,
	    "AwEAAdHoNTOW+et86KuJOWRDp1pndvwb6Y83nSVXXyLA3DLroROUkN6X0O6pnWnj"
	    "JQujX/AyhqFDxj13tOnD9u/1kTg7cV6rklMrZDtJCQ5PCl/D7QNPsgVsMu1J2Q8g"
	    "pMpztNFLpPBz1bWXjDtaR7ZQBlZ3PFY12ZTSncorffcGmhOL",
	    "tsb4wnjRUDnB1BUi+t6TMTXThjVnG+eCkWqjvvjhzQL1d0YRoOe0CbxrVDYd0xDt"
	    "suJRaeUw1ep94PzEWzr0iGYgZBWm/zpq+9fOuagYJRfDqfReKBzMweOLDiNa8iP5"
	    "g9vMhpuv6OPlvpXwm9Sa9ZXIbNl1MBGk0fthPgxdDLw=",
	    "00010a0300000e1070dbd880386d43800e9c076578616d706c65036e65740003"
	    "777777076578616d706c65036e6574000001000100000e100004c000025b",
	    0, 256,
	    NULL },
};
#define EXAMPLES (sizeof examples / sizeof examples[0])

struct bytes {
	uint8_t	 at[1024];
	size_t	 length;
};

static struct bytes
from_base64(const char *text)
{
	struct bytes bytes;
	int length = EVP_DecodeBlock(bytes.at, (const uint8_t *)text,
	    (int)strlen(text));

	assert_true(length > 0);
	bytes.length = (size_t)length;
	for (size_t end = strlen(text); text[end - 1] == '='; end--)
		bytes.length--;
	return bytes;
}

static struct bytes
from_hex(const char *text)
{
	struct bytes bytes = { .length = strlen(text) / 2 };

	for (size_t i = 0; i < bytes.length; i++) {
		char two[3] = { text[2 * i], text[2 * i + 1], '\0' };

		bytes.at[i] = (uint8_t)strtoul(two, NULL, 16);
	}
	return bytes;
}

static struct zone_key *
key_of(const struct example *example)
{
	struct bytes key = from_base64(example->key);

	return zone_key_new(example->algorithm, key.at, key.length);
}

static void
examples_verify(void **state)
{
	(void)state;
	for (size_t i = 0; i < EXAMPLES; i++) {
		struct zone_key *key = key_of(&examples[i]);
		struct bytes data = from_hex(examples[i].data);
		struct bytes signature = from_base64(examples[i].signature);

		print_message("# %s\n", examples[i].source);
		if (strstr(examples[i].source, "512 bits") != NULL) {
			assert_null(key);
			continue;
		}
		assert_non_null(key);
		/* The second time finds the verifier in use. */
		for (int again = 0; again < 2; again++)
			assert_true(zone_key_verifies(key, data.at,
			    data.length, signature.at, signature.length));
		zone_key_free(key);
	}
}

/* One bit of data or signature, or a byte more or less of either. */
static void
changed_examples_do_not_verify(void **state)
{
	(void)state;
	for (size_t i = 0; i < EXAMPLES; i++) {
		struct zone_key *key = key_of(&examples[i]);
		struct bytes data = from_hex(examples[i].data);
		struct bytes signature = from_base64(examples[i].signature);

		if (key == NULL)
			continue;
		/* A signature that was good is remembered. */
		assert_true(zone_key_verifies(key, data.at, data.length,
		    signature.at, signature.length));
		for (size_t at = 0; at < data.length; at++) {
			data.at[at] ^= (uint8_t)(1 << at % 8);
			assert_false(zone_key_verifies(key, data.at,
			    data.length, signature.at, signature.length));
			data.at[at] ^= (uint8_t)(1 << at % 8);
		}
		for (size_t at = 0; at < signature.length; at++) {
			signature.at[at] ^= (uint8_t)(1 << at % 8);
			assert_false(zone_key_verifies(key, data.at,
			    data.length, signature.at, signature.length));
			signature.at[at] ^= (uint8_t)(1 << at % 8);
		}
		signature.at[signature.length] = 0;
		for (size_t length = 0; length <= signature.length + 1;
		    length++)
			assert_true(zone_key_verifies(key, data.at,
			    data.length, signature.at, length) ==
			    (length == signature.length));
		assert_false(zone_key_verifies(key, data.at, data.length - 1,
		    signature.at, signature.length));
		zone_key_free(key);
	}
}

/* More keys than there are places: each is still the key that it was made from,
 * and no other. */
static void
keys_outlive_their_places(void **state)
{
	enum { COUNT = PUBLIC_KEYS + PUBLIC_KEYS / 2 };
	static struct zone_key *keys[COUNT];
	static uint8_t signatures[COUNT][64];
	const uint8_t data[] = "data";

	(void)state;
	for (unsigned i = 0; i < COUNT; i++) {
		struct zone_signer signer;
		size_t length = sizeof signatures[i];
		EVP_MD_CTX *sign = EVP_MD_CTX_new();

		zone_signer_make(&signer, ED25519, 0, 257, 3);
		assert_int_equal(EVP_DigestSignInit(sign, NULL, NULL, NULL,
		    signer.key), 1);
		assert_int_equal(EVP_DigestSign(sign, signatures[i], &length,
		    data, sizeof data), 1);
		keys[i] = zone_key_new(ED25519, signer.dnskey.bytes + 4,
		    signer.dnskey.length - 4);
		assert_non_null(keys[i]);
		EVP_MD_CTX_free(sign);
		zone_signer_fini(&signer);
	}
	for (unsigned i = 0; i < COUNT; i++) {
		assert_true(zone_key_verifies(keys[i], data, sizeof data,
		    signatures[i], 64));
		assert_false(zone_key_verifies(keys[i], data, sizeof data,
		    signatures[(i + 1) % COUNT], 64));
	}
	for (unsigned i = 0; i < COUNT; i++)
		zone_key_free(keys[i]);
}

/* The state of a key is made once for the same algorithm and bytes. */
static void
equal_keys_share_their_state(void **state)
{
	uint8_t one[SHA256_LENGTH] = { 1 }, other[SHA256_LENGTH] = { 2 };
	struct zone_signer signer;
	EVP_PKEY *made;

	(void)state;
	zone_signer_make(&signer, RSA_SHA256, 2048, 257, 3);
	made = public_key_get(RSA_SHA256, signer.dnskey.bytes + 4,
	    signer.dnskey.length - 4, one)->key;
	assert_ptr_equal(public_key_get(RSA_SHA256, signer.dnskey.bytes + 4,
	    signer.dnskey.length - 4, one)->key, made);
	assert_ptr_not_equal(public_key_get(RSA_SHA512,
	    signer.dnskey.bytes + 4, signer.dnskey.length - 4, other)->key,
	    made);
	/* What is malformed takes no place. */
	assert_null(public_key_get(RSA_SHA256, one, 1, (uint8_t[SHA256_LENGTH]){
	    1, [31] = 1 }));
	assert_ptr_equal(public_key_get(RSA_SHA256, signer.dnskey.bytes + 4,
	    signer.dnskey.length - 4, one)->key, made);
	zone_signer_fini(&signer);
}

static void
example_keys_have_their_digests(void **state)
{
	(void)state;
	for (size_t i = 0; i < EXAMPLES; i++) {
		struct bytes key = from_base64(examples[i].key), digest;
		uint8_t rdata[1024] = { 0 }, found[DS_DIGEST_BYTES_MAX];
		/* All examples are of these two zones. */
		const char *owner = examples[i].algorithm == 15
		    ? "\7example\3com" : "\7example\3net";

		if (examples[i].digest == NULL)
			continue;
		rdata[0] = (uint8_t)(examples[i].flags >> 8);
		rdata[1] = (uint8_t)examples[i].flags;
		rdata[2] = 3;
		rdata[3] = examples[i].algorithm;
		memcpy(rdata + 4, key.at, key.length);
		digest = from_hex(examples[i].digest);
		assert_int_equal(ds_digest(examples[i].digest_type,
		    (const uint8_t *)owner, strlen(owner) + 1, rdata,
		    4 + key.length, found), digest.length);
		assert_memory_equal(found, digest.at, digest.length);
	}
}

static void
other_digests_are_not_known(void **state)
{
	uint8_t digest[DS_DIGEST_BYTES_MAX];

	(void)state;
	for (unsigned type = 0; type < 256; type++)
		assert_int_equal(ds_digest((uint8_t)type,
		    (const uint8_t *)"", 1, (const uint8_t *)"abcde", 5,
		    digest), type == 2 ? 32 : type == 4 ? 48 : 0);
}

/* What is remembered is the key, the signature and the data: the same bytes in a
 * row, divided in another way, are no signature, nor are they one of another
 * key. */
static void
a_remembered_signature_is_of_its_key(void **state)
{
	struct bytes data = from_hex(examples[0].data);
	struct bytes signature = from_base64(examples[0].signature);
	struct zone_key *key = key_of(&examples[0]);
	struct zone_key *other = key_of(&examples[1]);
	uint8_t row[2048];

	(void)state;
	memcpy(row, signature.at, signature.length);
	memcpy(row + signature.length, data.at, data.length);
	for (int again = 0; again < 2; again++) {
		for (size_t length = 0; length <= signature.length + 1;
		    length++)
			assert_true(zone_key_verifies(key, row + length,
			    signature.length + data.length - length, row,
			    length) == (length == signature.length));
		assert_false(zone_key_verifies(other, data.at, data.length,
		    signature.at, signature.length));
	}
	zone_key_free(key);
	/* The key is made again. */
	key = key_of(&examples[0]);
	assert_true(zone_key_verifies(key, data.at, data.length, signature.at,
	    signature.length));
	zone_key_free(key);
	zone_key_free(other);
}

/* Keys ******************************************************************** */

/* An RSA key of `bytes` bytes of modulus whose first byte is `first`. */
static bool
is_rsa_key(size_t bytes, uint8_t first, uint8_t last, const char *exponent,
    size_t exponent_length)
{
	uint8_t key[3 + 16 + 1024];
	size_t length = 0;
	struct zone_key *made;

	key[length++] = (uint8_t)exponent_length;
	memcpy(key + length, exponent, exponent_length);
	length += exponent_length;
	memset(key + length, 0xa5, bytes);
	key[length] = first;
	length += bytes;
	key[length - 1] = last;
	made = zone_key_new(8, key, length);
	zone_key_free(made);
	return made != NULL;
}

static void
rsa_keys_have_bounds(void **state)
{
	(void)state;
	assert_true(is_rsa_key(128, 0x80, 1, "\1\0\1", 3));
	assert_false(is_rsa_key(128, 0x7f, 1, "\1\0\1", 3));
	assert_true(is_rsa_key(512, 0xff, 1, "\1\0\1", 3));
	assert_false(is_rsa_key(513, 0x01, 1, "\1\0\1", 3));
	assert_true(is_rsa_key(128, 0x80, 1, "\377\0\0\0\0\0\0\1", 8));
	assert_false(is_rsa_key(128, 0x80, 1, "\1\0\0\0\0\0\0\0\1", 9));
	/* Leading zeros (RFC 3110 2), an even number, and exponent 1. */
	assert_false(is_rsa_key(129, 0, 1, "\1\0\1", 3));
	assert_false(is_rsa_key(128, 0x80, 1, "\0\1\0\1", 4));
	assert_false(is_rsa_key(128, 0x80, 2, "\1\0\1", 3));
	assert_false(is_rsa_key(128, 0x80, 1, "\1\0\2", 3));
	assert_true(is_rsa_key(128, 0x80, 1, "\3", 1));
	assert_false(is_rsa_key(128, 0x80, 1, "\1", 1));
}

/* RFC 3110 2: after a zero the length of the exponent has two bytes. */
static void
rsa_exponents_have_two_forms_of_length(void **state)
{
	uint8_t key[3 + 3 + 128] = { 0, 0, 3, 1, 0, 1, 0x80 };
	struct zone_key *made;

	(void)state;
	key[sizeof key - 1] = 1;
	made = zone_key_new(8, key, sizeof key);
	assert_non_null(made);
	zone_key_free(made);
	assert_null(zone_key_new(8, key, 6));
	assert_null(zone_key_new(8, key, 3));
	assert_null(zone_key_new(8, key, 0));
	key[1] = 1;
	assert_null(zone_key_new(8, key, sizeof key));
}

static void
malformed_points_are_no_keys(void **state)
{
	(void)state;
	for (size_t i = 0; i < EXAMPLES; i++) {
		struct bytes key = from_base64(examples[i].key);
		uint8_t algorithm = examples[i].algorithm;

		if (algorithm < 13)
			continue;
		assert_null(zone_key_new(algorithm, key.at, key.length - 1));
		assert_null(zone_key_new(algorithm, key.at, key.length + 1));
		assert_null(zone_key_new(algorithm, key.at, 0));
		if (algorithm == 15)
			continue;
		/* Not on the curve. */
		key.at[0] ^= 1;
		assert_null(zone_key_new(algorithm, key.at, key.length));
	}
}

static void
other_algorithms_have_no_keys(void **state)
{
	struct bytes key = from_base64(examples[2].key);

	(void)state;
	for (unsigned algorithm = 0; algorithm < 256; algorithm++) {
		struct zone_key *made = zone_key_new((uint8_t)algorithm,
		    key.at, key.length);

		assert_true((made != NULL) == (algorithm == 13));
		zone_key_free(made);
	}
}

/* Numbers of ECDSA that begin with zeros or with a high bit are rare, but come in
 * this many signatures. The signer's DER is libcrypto's. */
static void
signatures_of_the_signer_verify(void **state)
{
	static const uint8_t algorithms[] = { 8, 10, 13, 14, 15 };

	(void)state;
	for (size_t i = 0; i < sizeof algorithms; i++) {
		struct signing signing = { .name = "." };
		struct zone_signer signer;
		struct zone_key *key;

		zone_signer_make(&signer, algorithms[i], 1024, 256, 3);
		key = zone_key_new(signer.algorithm, signer.dnskey.bytes + 4,
		    signer.dnskey.length - 4);
		assert_non_null(key);
		signing.signer = &signer;
		for (int again = 0; again < 700; again++) {
			struct rdata_list none = { .count = 0 };
			struct buffer rrsig = { 0 };

			zone_sign(&rrsig, &signing, ".", 1, &none);
			assert_true(zone_key_verifies(key, rrsig.bytes, 19,
			    rrsig.bytes + 19, rrsig.length - 19));
			buffer_fini(&rrsig);
		}
		zone_key_free(key);
		zone_signer_fini(&signer);
	}
}

static void
zeros_are_no_signature(void **state)
{
	uint8_t zeros[96] = { 0 };

	(void)state;
	for (size_t i = 0; i < EXAMPLES; i++) {
		struct zone_key *key = key_of(&examples[i]);
		size_t length = examples[i].algorithm == 14 ? 96 : 64;

		if (key == NULL)
			continue;
		assert_false(zone_key_verifies(key, zeros, 1, zeros, length));
		assert_false(zone_key_verifies(key, zeros, 0, zeros, 0));
		zone_key_free(key);
	}
}

/* RFC 5155 appendix A: salt aabbccdd, 12 iterations. */
static void
names_have_their_nsec3_hashes(void **state)
{
	static const struct {
		const char	*name, *hash;
	} names[] = {
		{ "example", "0p9mhaveqvm6t7vbl5lop2u3t2rp3tom" },
		{ "a.example", "35mthgpgcu1qg68fab165klnsnk3dpvl" },
		{ "ai.example", "gjeqe526plbf1g8mklp59enfd789njgi" },
		{ "ns1.example", "2t7b4g4vsa5smi47k61mv5bv1a22bojr" },
		{ "w.example", "k8udemvp1j2f7eg6jebps17vp3n8i58h" },
		{ "*.w.example", "r53bq7cc2uvmubfu5ocmm6pers9tk9en" },
		{ "x.y.w.example", "2vptu5timamqttgl4luu9kg21e0aor3s" },
		{ "xx.example", "t644ebqk9bibcna874givr6joj62mlhv" },
	};
	static const uint8_t salt[] = { 0xaa, 0xbb, 0xcc, 0xdd };

	(void)state;
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		uint8_t wire[NAME_WIRE_MAX], hash[NSEC3_HASH_BYTES];
		size_t length;

		assert_int_equal(name_from_text(names[i].name,
		    strlen(names[i].name), wire, &length), NAME_OK);
		nsec3_hash(wire, length, 12, salt, sizeof salt, hash);
		for (size_t bit = 0; bit < 8 * sizeof hash; bit++) {
			char digit = names[i].hash[bit / 5];
			int value = isdigit((unsigned char)digit)
			    ? digit - '0' : digit - 'a' + 10;

			assert_int_equal(hash[bit / 8] >> (7 - bit % 8) & 1,
			    value >> (4 - bit % 5) & 1);
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(examples_verify),
		cmocka_unit_test(changed_examples_do_not_verify),
		cmocka_unit_test(a_remembered_signature_is_of_its_key),
		cmocka_unit_test(keys_outlive_their_places),
		cmocka_unit_test(equal_keys_share_their_state),
		cmocka_unit_test(example_keys_have_their_digests),
		cmocka_unit_test(other_digests_are_not_known),
		cmocka_unit_test(rsa_keys_have_bounds),
		cmocka_unit_test(rsa_exponents_have_two_forms_of_length),
		cmocka_unit_test(malformed_points_are_no_keys),
		cmocka_unit_test(other_algorithms_have_no_keys),
		cmocka_unit_test(signatures_of_the_signer_verify),
		cmocka_unit_test(zeros_are_no_signature),
		cmocka_unit_test(names_have_their_nsec3_hashes),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}

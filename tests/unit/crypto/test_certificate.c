/* The columns of `certificates` (docs/schema.md), chains and their bounds,
 * digests. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <openssl/bn.h>
#include <openssl/err.h>
#include <openssl/param_build.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "scanner/base/memory.h"
#include "scanner/crypto/certificate.h"
#include "scanner/crypto/known.h"
#include "scanner/crypto/library.h"
#include "tests/unit/certificate_builder.h"

#define REQUEST(...) (struct certificate_request){ __VA_ARGS__ }

/* Facts of one certificate that is given away; none but its hash where OpenSSL
 * cannot decode it. */
static struct certificate_facts
facts_of(X509 *x509)
{
	struct certificate_facts facts;
	struct chain chain = { 0 };
	unsigned char *der = NULL;
	int length;

	/* A change after signing is in the bytes as well. */
	assert_true(i2d_re_X509_tbs(x509, NULL) > 0);
	length = i2d_X509(x509, &der);
	assert_true(length > 0);
	assert_true(chain_add_der(&chain, der, (size_t)length));
	chain_close(&chain);
	OPENSSL_free(der);
	certificate_facts_read(&chain.certificates[0], &facts);
	assert_memory_equal(facts.sha256, chain.certificates[0].sha256,
	    SHA256_BYTES);
	assert_int_equal(ERR_peek_error(), 0);
	chain_fini(&chain);
	X509_free(x509);
	return facts;
}

static X509 *
self_signed(struct certificate_request request)
{
	if (request.key == NULL)
		request.key = builder_key("P-256", 1);
	return certificate_build(&request, NULL, NULL);
}

static void
assert_text(struct buffer *buffer, const char *text)
{
	assert_int_equal(buffer->length, strlen(text));
	assert_string_equal(buffer_text(buffer), text);
}

static void
keys_and_signatures(void **state)
{
	static const struct {
		const char	*kind;
		const char	*hash;
		const char	*type, *algorithm;
		unsigned	 bits;
		bool		 weak_key, weak_signature;
	} rows[] = {
		{ "P-256", "SHA256", "ec", "ecdsa-with-sha256", 256, false, false },
		{ "P-256", "SHA1", "ec", "ecdsa-with-sha1", 256, false, true },
		{ "P-384", "SHA384", "ec", "ecdsa-with-sha384", 384, false, false },
		{ "P-224", "SHA256", "ec", "ecdsa-with-sha256", 224, false, false },
		{ "P-192", "SHA256", "ec", "ecdsa-with-sha256", 192, true, false },
		{ "RSA-2048", "SHA256", "rsa", "sha256withrsaencryption", 2048,
		    false, false },
		{ "RSA-2040", "SHA256", "rsa", "sha256withrsaencryption", 2040,
		    true, false },
		{ "RSA-2048", "SHA1", "rsa", "sha1withrsaencryption", 2048, false,
		    true },
		{ "RSA-2048", "MD5", "rsa", "md5withrsaencryption", 2048, false,
		    true },
		{ "ED25519", NULL, "ed25519", "ed25519", 256, false, false },
		{ "ED448", NULL, "ed448", "ed448", 456, false, false },
		{ "X25519", "SHA256", "other", "ecdsa-with-sha256", 253, false,
		    false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		bool signs = strcmp(rows[i].kind, "X25519") != 0;
		struct certificate_request request = {
			.common_name = "a", .key = signs ?
			    builder_key(rows[i].kind, 1) :
			    EVP_PKEY_Q_keygen(NULL, NULL, rows[i].kind),
			.hash = rows[i].hash != NULL ?
			    EVP_get_digestbyname(rows[i].hash) : NULL,
		};
		struct certificate_facts facts = facts_of(certificate_build(
		    &request, NULL, signs ? NULL : builder_key("P-256", 1)));

		assert_string_equal(facts.key_type, rows[i].type);
		assert_string_equal(facts.signature_algorithm,
		    rows[i].algorithm);
		assert_int_equal(facts.key_bits, rows[i].bits);
		assert_int_equal(facts.weak_key, rows[i].weak_key);
		assert_int_equal(facts.weak_signature, rows[i].weak_signature);
		assert_int_equal(facts.self_signed, signs);
		if (!signs)
			EVP_PKEY_free(request.key);
		certificate_facts_fini(&facts);
	}
}

/* RSASSA-PSS keeps its hash among the parameters. */
static void
pss(void **state)
{
	(void)state;
	for (int weak = 0; weak < 2; weak++) {
		X509 *x509 = self_signed(REQUEST(.key =
		    builder_key("RSA-2048", 1)));
		EVP_MD_CTX *signing = EVP_MD_CTX_new();
		EVP_PKEY_CTX *parameters;
		struct certificate_facts facts;

		assert_int_equal(EVP_DigestSignInit(signing, &parameters,
		    weak ? EVP_sha1() : EVP_sha256(), NULL,
		    builder_key("RSA-2048", 1)), 1);
		assert_true(EVP_PKEY_CTX_set_rsa_padding(parameters,
		    RSA_PKCS1_PSS_PADDING) > 0);
		assert_true(X509_sign_ctx(x509, signing) > 0);
		EVP_MD_CTX_free(signing);
		facts = facts_of(x509);
		assert_string_equal(facts.signature_algorithm, "rsassapss");
		assert_int_equal(facts.weak_signature, weak);
		assert_true(facts.self_signed);
		certificate_facts_fini(&facts);
	}
}

static void
self_signed_and_ca(void **state)
{
	X509 *root = self_signed(REQUEST(.common_name = "root", .is_ca = true));
	struct certificate_facts facts;

	(void)state;
	facts = facts_of(self_signed(REQUEST(.common_name = "root",
	    .is_ca = true)));
	assert_true(facts.self_signed);
	assert_true(facts.is_ca);
	certificate_facts_fini(&facts);
	/* The same name, but another key signed it. */
	facts = facts_of(certificate_build(&REQUEST(.common_name = "root",
	    .key = builder_key("P-256", 2)), root, builder_key("P-256", 1)));
	assert_false(facts.self_signed);
	assert_false(facts.is_ca);
	certificate_facts_fini(&facts);
	/* The own key, but another name as issuer. */
	facts = facts_of(self_signed(REQUEST(.common_name = "root",
	    .issuer_name = "other", .constraints = "CA:FALSE")));
	assert_false(facts.self_signed);
	assert_false(facts.is_ca);
	certificate_facts_fini(&facts);
	X509_free(root);
}

/* Written out by hand from RFC 2253 section 2.4. */
static void
names(void **state)
{
	static const struct { int type; const char *value; int length;
	    const char *subject, *common_name; } rows[] = {
#define VALUE(text) text, sizeof text - 1
		{ V_ASN1_UTF8STRING, VALUE("a"), "CN=a,CN=first", "a" },
		{ V_ASN1_UTF8STRING, VALUE("a,b+c"), "CN=a\\,b\\+c,CN=first",
		    "a,b+c" },
		{ V_ASN1_UTF8STRING, VALUE(" a"), "CN=\\ a,CN=first", " a" },
		{ V_ASN1_UTF8STRING, VALUE("b\303\274"), "CN=b\303\274,CN=first",
		    "b\303\274" },
		{ V_ASN1_T61STRING, VALUE("b\374"), "CN=b\303\274,CN=first",
		    "b\303\274" },
		{ V_ASN1_BMPSTRING, VALUE("\0b\0\374"), "CN=b\303\274,CN=first",
		    "b\303\274" },
		{ V_ASN1_UTF8STRING, VALUE("a\n\033[1m"),
		    "CN=a\n\033[1m,CN=first", "a\n\033[1m" },
		/* No text of its type: the bytes. */
		{ V_ASN1_BIT_STRING, VALUE("a"), "CN=#03020061,CN=first", "a" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		X509 *x509 = self_signed(REQUEST(.common_name = "first",
		    .issuer_name = "issuer"));
		X509_NAME_ENTRY *entry = X509_NAME_ENTRY_create_by_NID(NULL,
		    NID_commonName, rows[i].type,
		    (const unsigned char *)rows[i].value, rows[i].length);
		struct certificate_facts facts;

		assert_int_equal(X509_NAME_add_entry(
		    X509_get_subject_name(x509), entry, -1, 0), 1);
		X509_NAME_ENTRY_free(entry);
		facts = facts_of(x509);
		assert_text(&facts.subject, rows[i].subject);
		assert_text(&facts.common_name, rows[i].common_name);
		assert_text(&facts.issuer, "CN=issuer");
		certificate_facts_fini(&facts);
	}
}

/* Three bytes are not an address, and texts have a bound. */
static void
odd_and_long_names(void **state)
{
	X509 *x509 = self_signed(REQUEST(.common_name = NULL));
	GENERAL_NAMES *names = sk_GENERAL_NAME_new_null();
	GENERAL_NAME *name = GENERAL_NAME_new();
	ASN1_OCTET_STRING *address = ASN1_OCTET_STRING_new();
	unsigned char *longer = xcalloc(1, FACT_TEXT_MAX + 100);
	struct certificate_facts facts;

	(void)state;
	ASN1_OCTET_STRING_set(address, (const unsigned char *)"\1\2\3", 3);
	GENERAL_NAME_set0_value(name, GEN_IPADD, address);
	sk_GENERAL_NAME_push(names, name);
	assert_int_equal(X509_add1_ext_i2d(x509, NID_subject_alt_name, names,
	    0, X509V3_ADD_DEFAULT), 1);
	GENERAL_NAMES_free(names);
	memset(longer, 'x', FACT_TEXT_MAX + 100);
	assert_int_equal(X509_NAME_add_entry_by_NID(
	    X509_get_subject_name(x509), NID_commonName, V_ASN1_UTF8STRING,
	    longer, FACT_TEXT_MAX + 100, -1, 0), 1);
	facts = facts_of(x509);
	assert_text(&facts.san, "");
	assert_int_equal(facts.subject.length, FACT_TEXT_MAX);
	assert_int_equal(facts.common_name.length, FACT_TEXT_MAX);
	certificate_facts_fini(&facts);
	free(longer);
}

static void
no_names(void **state)
{
	struct certificate_facts facts = facts_of(self_signed(REQUEST(0)));

	(void)state;
	assert_text(&facts.subject, "");
	assert_text(&facts.common_name, "");
	assert_text(&facts.san, "");
	certificate_facts_fini(&facts);
}

static void
alternative_names(void **state)
{
	struct certificate_facts facts = facts_of(self_signed(REQUEST(.names =
	    "DNS:b.example.com,email:a@example.com,IP:192.0.2.1,"
	    "URI:http://example.com/,IP:2001:db8::1,DNS:A.example.com",
	    .raw_name = "x y\0z", .raw_length = 5)));

	(void)state;
	assert_int_equal(facts.san.length, sizeof "dns:b.example.com "
	    "ip:192.0.2.1 ip:2001:db8::1 dns:A.example.com dns:x\\x20y\\x00z" - 1);
	assert_memory_equal(facts.san.bytes, "dns:b.example.com ip:192.0.2.1 "
	    "ip:2001:db8::1 dns:A.example.com dns:x\\x20y\\x00z",
	    facts.san.length);
	certificate_facts_fini(&facts);
}

/* Cut between two names, not inside one. */
static void
many_alternative_names(void **state)
{
	static char list[90000] = "";
	struct certificate_facts facts;
	size_t length = 0;

	(void)state;
	for (unsigned i = 0; i < 4000; i++)
		length += (size_t)snprintf(list + length, sizeof list - length,
		    "%sDNS:%05u.example.com", i > 0 ? "," : "", i);
	facts = facts_of(self_signed(REQUEST(.names = list)));
	/* 21 bytes an entry, and a space before all but the first. */
	assert_int_equal(facts.san.length, (65536 + 1) / 22 * 22 - 1);
	assert_memory_equal(facts.san.bytes + facts.san.length - 12,
	    ".example.com", 12);
	certificate_facts_fini(&facts);
}

static void
set_date(ASN1_TIME *date, int type, const char *text)
{
	ASN1_STRING_set(date, text, -1);
	date->type = type;
}

/* A date of RFC 5280 4.1.2.5 is read. What is not one cannot be read: as a
 * date, or where OpenSSL is 3.3 or later, with the whole certificate. */
static void
dates(void **state)
{
	static const struct { int type; const char *text; bool read;
	    int64_t seconds; } rows[] = {
#define UTC V_ASN1_UTCTIME
#define GENERAL V_ASN1_GENERALIZEDTIME
		{ UTC, "700101000000Z", true, 0 },
		{ UTC, "691231235959Z", true, -1 },
		{ UTC, "500101000000Z", true, -631152000 },
		{ UTC, "491231235959Z", true, INT64_C(2524607999) },
		{ UTC, "260601000000Z", true, BUILDER_NOW },
		{ UTC, "240229120000Z", true, 1709208000 },
		{ UTC, "230229120000Z", false, 0 },
		{ GENERAL, "20380119031408Z", true, INT64_C(2147483648) },
		{ GENERAL, "00000101000000Z", true, INT64_C(-62167219200) },
		{ GENERAL, "00000301000000Z", true, INT64_C(-62162035200) },
		{ GENERAL, "00010101000000Z", true, INT64_C(-62135596800) },
		{ GENERAL, "19000301000000Z", true, INT64_C(-2203891200) },
		{ GENERAL, "20000229000000Z", true, INT64_C(951782400) },
		{ GENERAL, "21000301000000Z", true, INT64_C(4107542400) },
		{ GENERAL, "99991231235959Z", true, INT64_C(253402300799) },
		{ GENERAL, "19000229000000Z", false, 0 },
		{ GENERAL, "20261301000000Z", false, 0 },
		{ GENERAL, "20260101250000Z", false, 0 },
		{ GENERAL, "2026", false, 0 },
		{ GENERAL, "", false, 0 },
		{ UTC, "rubbish", false, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		X509 *x509 = self_signed(REQUEST(.common_name = "a"));
		struct certificate_facts facts;

		set_date(X509_getm_notBefore(x509), rows[i].type, rows[i].text);
		facts = facts_of(x509);
		if (facts.has_dates != rows[i].read)
			fail_msg("%s: read %d", rows[i].text, facts.has_dates);
		if (facts.has_dates)
			assert_int_equal(facts.not_before_ms,
			    rows[i].seconds * 1000);
		certificate_facts_fini(&facts);
		x509 = self_signed(REQUEST(.common_name = "a"));
		set_date(X509_getm_notAfter(x509), rows[i].type, rows[i].text);
		facts = facts_of(x509);
		assert_int_equal(facts.has_dates, rows[i].read);
		if (facts.has_dates)
			assert_int_equal(facts.not_after_ms,
			    rows[i].seconds * 1000);
		certificate_facts_fini(&facts);
	}
}

static void
serials(void **state)
{
	static const struct { int64_t number; const char *text; } rows[] = {
		{ 0, "00" }, { 1, "01" }, { 0x1fe, "01fe" }, { -0x1fe, "-01fe" },
	};
	struct certificate_facts facts;
	uint8_t ones[80];
	X509 *x509;

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		x509 = self_signed(REQUEST(.common_name = "a"));
		ASN1_INTEGER_set_int64(X509_get_serialNumber(x509),
		    rows[i].number);
		facts = facts_of(x509);
		assert_string_equal(facts.serial, rows[i].text);
		certificate_facts_fini(&facts);
	}
	memset(ones, 0x11, sizeof ones);
	for (int negative = 0; negative < 2; negative++) {
		x509 = self_signed(REQUEST(.common_name = "a"));
		ASN1_STRING_set(X509_get_serialNumber(x509), ones, sizeof ones);
		if (negative)
			X509_get_serialNumber(x509)->type = V_ASN1_NEG_INTEGER;
		facts = facts_of(x509);
		assert_int_equal(strlen(facts.serial), 126 + negative);
		certificate_facts_fini(&facts);
	}
}

/* Keys that OpenSSL cannot decode. */
static void
undecodable_keys(void **state)
{
	static const struct { const char *algorithm, *type; } rows[] = {
		{ "1.2.3.4", "other" }, { "rsaEncryption", "rsa" },
		{ "id-ecPublicKey", "ec" }, { "dsaEncryption", "dsa" },
		{ "ED25519", "ed25519" }, { "rsassaPss", "rsa" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		X509 *x509 = self_signed(REQUEST(.common_name = "a"));
		struct certificate_facts facts;

		assert_int_equal(X509_PUBKEY_set0_param(
		    X509_get_X509_PUBKEY(x509), OBJ_txt2obj(rows[i].algorithm,
		    0), V_ASN1_NULL, NULL, OPENSSL_memdup("\x55", 1), 1), 1);
		facts = facts_of(x509);
		assert_string_equal(facts.key_type, rows[i].type);
		assert_int_equal(facts.key_bits, 0);
		assert_false(facts.weak_key);
		assert_false(facts.self_signed);
		certificate_facts_fini(&facts);
	}
}

/* A certificate as TLS decodes it, which has a key only if a server can
 * authenticate with it, and its facts, which have the key in any case. */
static void
assert_odd_key(EVP_PKEY *key, bool is_odd)
{
	X509 *built = certificate_build(&REQUEST(.common_name = "odd",
	    .key = key), NULL, builder_key("P-256", 1)), *decoded;
	STACK_OF(X509) *stack = sk_X509_new_null();
	struct certificate_facts facts;
	struct chain chain;
	uint8_t *der = NULL;
	const uint8_t *end;
	int length = i2d_X509(built, &der);

	known_clear();
	end = der;
	decoded = X509_new_ex(library_context(), NULL);
	assert_non_null(d2i_X509(&decoded, &end, length));
	assert_int_equal(X509_get0_pubkey(decoded) == NULL, is_odd);
	assert_true(sk_X509_push(stack, decoded) > 0);
	chain_from_peer(&chain, stack);
	assert_int_equal(chain.count, 1);
	assert_int_equal(chain.certificates[0].x509 != decoded, is_odd);
	assert_memory_equal(chain.certificates[0].der, der, length);
	certificate_facts_read(&chain.certificates[0], &facts);
	assert_int_equal(facts.key_bits, EVP_PKEY_get_bits(key));
	assert_int_equal(EVP_PKEY_eq(X509_get0_pubkey(
	    chain.certificates[0].x509), key), 1);
	certificate_facts_fini(&facts);
	chain_fini(&chain);
	sk_X509_free(stack);
	X509_free(decoded);
	X509_free(built);
	OPENSSL_free(der);
	ERR_clear_error();
}

static void
odd_keys(void **state)
{
	static const char *const names[] = { "X25519", "X448", "SM2" };

	(void)state;
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		EVP_PKEY *key = EVP_PKEY_Q_keygen(NULL, NULL, names[i]);

		assert_odd_key(key, true);
		EVP_PKEY_free(key);
	}
	assert_odd_key(builder_key("ED25519", 1), false);
	assert_odd_key(builder_key("P-384", 1), false);
	assert_odd_key(builder_key("P-521", 1), false);
}

/* An unknown signature algorithm is named by its number. */
static void
unknown_signature(void **state)
{
	X509 *x509 = self_signed(REQUEST(.common_name = "a"));
	ASN1_OBJECT *object = OBJ_txt2obj("1.2.3.4", 1);
	const X509_ALGOR *outer;
	struct certificate_facts facts;

	(void)state;
	X509_get0_signature(NULL, &outer, x509);
	X509_ALGOR_set0((X509_ALGOR *)(uintptr_t)outer, OBJ_dup(object),
	    V_ASN1_UNDEF, NULL);
	ASN1_OBJECT_free(object);
	facts = facts_of(x509);
	assert_string_equal(facts.signature_algorithm, "1.2.3.4");
	assert_false(facts.weak_signature);
	certificate_facts_fini(&facts);
}

/* A modulus of 20,000 bits: reported, never computed with. */
static void
huge_modulus(void **state)
{
	EVP_PKEY_CTX *maker = EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL);
	OSSL_PARAM_BLD *values = OSSL_PARAM_BLD_new();
	BIGNUM *modulus = BN_new();
	struct certificate_facts facts;
	OSSL_PARAM *parameters;
	EVP_PKEY *key = NULL;

	(void)state;
	BN_set_bit(modulus, 19999);
	BN_set_bit(modulus, 0);
	OSSL_PARAM_BLD_push_BN(values, "n", modulus);
	OSSL_PARAM_BLD_push_uint(values, "e", 65537);
	parameters = OSSL_PARAM_BLD_to_param(values);
	assert_int_equal(EVP_PKEY_fromdata_init(maker), 1);
	assert_int_equal(EVP_PKEY_fromdata(maker, &key, EVP_PKEY_PUBLIC_KEY,
	    parameters), 1);
	facts = facts_of(certificate_build(&REQUEST(.common_name = "a",
	    .key = key), NULL, builder_key("RSA-2048", 1)));
	assert_string_equal(facts.key_type, "rsa");
	assert_int_equal(facts.key_bits, 20000);
	assert_false(facts.weak_key);
	assert_false(facts.self_signed);
	certificate_facts_fini(&facts);
	EVP_PKEY_free(key);
	OSSL_PARAM_free(parameters);
	OSSL_PARAM_BLD_free(values);
	BN_free(modulus);
	EVP_PKEY_CTX_free(maker);
}

/* SubjectPublicKeyInfo as `openssl x509 -pubkey | openssl pkey -outform DER`
 * gives it. */
static void
public_key_digest(void **state)
{
	struct certificate_facts facts = facts_of(self_signed(REQUEST(0)));
	uint8_t *der = NULL, sha256[SHA256_BYTES];
	int length = i2d_PUBKEY(builder_key("P-256", 1), &der);

	(void)state;
	digest_of(der, (size_t)length, sha256);
	assert_memory_equal(facts.spki_sha256, sha256, SHA256_BYTES);
	OPENSSL_free(der);
	certificate_facts_fini(&facts);
}

static void
chains(void **state)
{
	X509 *one = self_signed(REQUEST(.common_name = "one"));
	X509 *two = self_signed(REQUEST(.common_name = "two"));
	X509 *order[] = { one, two, NULL }, *other_order[] = { two, one, NULL };
	struct chain chain, other, again = { 0 };
	uint8_t hashes[2 * SHA256_BYTES], id[SHA256_BYTES];

	(void)state;
	chain_build(&chain, order);
	chain_build(&other, other_order);
	assert_int_equal(chain.count, 2);
	assert_memory_not_equal(chain.id, other.id, SHA256_BYTES);
	memcpy(hashes, chain.certificates[0].sha256, SHA256_BYTES);
	memcpy(hashes + SHA256_BYTES, chain.certificates[1].sha256,
	    SHA256_BYTES);
	digest_of(hashes, sizeof hashes, id);
	assert_memory_equal(chain.id, id, SHA256_BYTES);
	/* By bytes it is the same chain. */
	for (size_t i = 0; i < 2; i++)
		assert_true(chain_add_der(&again, chain.certificates[i].der,
		    chain.certificates[i].der_length));
	chain_close(&again);
	assert_memory_equal(again.id, chain.id, SHA256_BYTES);
	assert_false(chain_add_der(&again, hashes, 0));
	assert_int_equal(again.count, 2);
	chain_fini(&again);
	chain_fini(&chain);
	chain_fini(&other);
	chain_from_peer(&chain, NULL);
	assert_int_equal(chain.count, 0);
	digest_of("", 0, id);
	assert_memory_equal(chain.id, id, SHA256_BYTES);
	chain_fini(&chain);
	X509_free(one);
	X509_free(two);
}

static void
assert_undecodable(const uint8_t *der, size_t length)
{
	struct certificate_facts facts;
	struct chain chain = { 0 };
	uint8_t sha256[SHA256_BYTES], id[SHA256_BYTES];

	assert_true(chain_add_der(&chain, der, length));
	chain_close(&chain);
	assert_int_equal(chain.count, 1);
	assert_false(chain_is_decoded(&chain));
	assert_null(chain.certificates[0].x509);
	assert_int_equal(chain.certificates[0].der_length, length);
	assert_memory_equal(chain.certificates[0].der, der, length);
	digest_of(der, length, sha256);
	digest_of(sha256, sizeof sha256, id);
	assert_memory_equal(chain.certificates[0].sha256, sha256, SHA256_BYTES);
	assert_memory_equal(chain.id, id, SHA256_BYTES);
	certificate_facts_read(&chain.certificates[0], &facts);
	assert_memory_equal(facts.sha256, sha256, SHA256_BYTES);
	assert_text(&facts.subject, "");
	assert_false(facts.has_dates);
	assert_string_equal(facts.key_type, "");
	certificate_facts_fini(&facts);
	assert_int_equal(ERR_peek_error(), 0);
	chain_fini(&chain);
}

/* It is kept as its bytes: cut, followed by a byte, with a date of a wrong
 * type. */
static void
undecodable(void **state)
{
	X509 *sound = self_signed(REQUEST(.common_name = "a"));
	struct chain chain = { 0 };
	uint8_t *der = NULL, *longer;
	int length = i2d_X509(sound, &der);

	(void)state;
	longer = xcalloc(1, (size_t)length + 1);
	memcpy(longer, der, (size_t)length);
	assert_true(chain_add_der(&chain, der, (size_t)length));
	assert_true(chain_is_decoded(&chain));
	assert_non_null(chain.certificates[0].x509);
	assert_undecodable(der, (size_t)length - 1);
	assert_undecodable(longer, (size_t)length + 1);
	assert_undecodable((const uint8_t *)"\0", 1);
	OPENSSL_free(der);
	length = (int)undecodable_build(sound, &der);
	assert_undecodable(der, (size_t)length);
	/* A chain is decoded where all of it is. */
	assert_true(chain_add_der(&chain, der, (size_t)length));
	assert_false(chain_is_decoded(&chain));
	OPENSSL_free(der);
	free(longer);
	chain_fini(&chain);
	X509_free(sound);
}

static void
put_number(struct buffer *out, size_t number, unsigned bytes)
{
	while (bytes-- > 0)
		buffer_append_byte(out, (uint8_t)(number >> 8 * bytes));
}

/* A Certificate message of these, written from RFC 5246 7.4.2, RFC 8446
 * 4.4.2. */
static void
message_of(const struct chain *chain, bool is_tls_1_3, struct buffer *out)
{
	struct buffer list = { 0 };

	for (size_t i = 0; i < chain->count; i++) {
		put_number(&list, chain->certificates[i].der_length, 3);
		buffer_append(&list, chain->certificates[i].der,
		    chain->certificates[i].der_length);
		if (is_tls_1_3)
			put_number(&list, 0, 2);
	}
	buffer_append_byte(out, 11);
	put_number(out, list.length + 3 + is_tls_1_3, 3);
	if (is_tls_1_3)
		put_number(out, 0, 1);
	put_number(out, list.length, 3);
	buffer_append(out, list.bytes, list.length);
	buffer_fini(&list);
}

/* The chain of a message is the chain that was presented. */
static void
chains_of_messages(void **state)
{
	X509 *one = self_signed(REQUEST(.common_name = "one"));
	X509 *two = self_signed(REQUEST(.common_name = "two"));
	X509 *order[] = { one, two, NULL };
	struct chain chain, other;
	struct buffer message = { 0 };
	uint8_t *der;
	size_t length = undecodable_build(one, &der);

	(void)state;
	chain_build(&chain, order);
	for (int decoded = 1; decoded >= 0; decoded--) {
		for (int is_tls_1_3 = 0; is_tls_1_3 < 2; is_tls_1_3++) {
			message.length = 0;
			message_of(&chain, is_tls_1_3, &message);
			assert_true(chain_from_message(&other, message.bytes,
			    message.length, is_tls_1_3));
			assert_int_equal(other.count, chain.count);
			assert_memory_equal(other.id, chain.id, SHA256_BYTES);
			assert_int_equal(chain_is_decoded(&other), decoded);
			chain_fini(&other);
			/* Read by the rules of the other version, or cut. */
			assert_false(chain_from_message(&other, message.bytes,
			    message.length, !is_tls_1_3));
			assert_int_equal(other.count, 0);
			assert_false(chain_from_message(&other, message.bytes,
			    message.length - 1, is_tls_1_3));
			assert_int_equal(other.count, 0);
		}
		if (decoded)
			assert_true(chain_add_der(&chain, der, length));
		chain_close(&chain);
	}
	chain_fini(&chain);
	buffer_fini(&message);
	OPENSSL_free(der);
	X509_free(one);
	X509_free(two);
}

static void
chain_bounds(void **state)
{
	static char list[700000] = "";
	X509 *certificates[CHAIN_CERTIFICATES_MAX + 3] = { NULL };
	struct chain chain;
	size_t length = 0;

	(void)state;
	certificates[0] = self_signed(REQUEST(.common_name = "one"));
	for (size_t i = 1; i < CHAIN_CERTIFICATES_MAX; i++)
		certificates[i] = certificates[0];
	chain_build(&chain, certificates);
	assert_int_equal(chain.count, 100);
	assert_false(chain.is_truncated);
	chain_fini(&chain);
	certificates[CHAIN_CERTIFICATES_MAX] = certificates[0];
	chain_build(&chain, certificates);
	assert_int_equal(chain.count, 100);
	assert_true(chain.is_truncated);
	assert_false(chain_add_der(&chain, chain.certificates[0].der,
	    chain.certificates[0].der_length));
	chain_fini(&chain);
	/* Twice about 560 kB are over the 1 MiB. */
	for (unsigned i = 0; i < 30000; i++)
		length += (size_t)snprintf(list + length, sizeof list - length,
		    "%sDNS:%05u.example.org", i > 0 ? "," : "", i);
	certificates[1] = certificates[2] =
	    self_signed(REQUEST(.names = list));
	certificates[3] = NULL;
	chain_build(&chain, certificates);
	assert_int_equal(chain.count, 2);
	assert_true(chain.is_truncated);
	assert_false(chain_add_der(&chain, chain.certificates[1].der,
	    chain.certificates[1].der_length));
	chain_fini(&chain);
	certificates[2] = NULL;
	chain_build(&chain, certificates);
	assert_int_equal(chain.count, 2);
	assert_false(chain.is_truncated);
	chain_fini(&chain);
	X509_free(certificates[0]);
	X509_free(certificates[1]);
}

/* FIPS 180-4's example, whole, in pieces, and from a file. */
static void
digests(void **state)
{
	static const char expected[] = "ba7816bf8f01cfea414140de5dae2223"
	    "b00361a396177a9cb410ff61f20015ad";
	struct digest *digest = digest_new();
	uint8_t sha256[SHA256_BYTES];
	char hex[SHA256_HEX];
	FILE *file = tmpfile();

	(void)state;
	digest_of("abc", 3, sha256);
	digest_to_hex(sha256, hex);
	assert_string_equal(hex, expected);
	digest_add(digest, "a", 1);
	digest_add(digest, NULL, 0);
	digest_add(digest, "bc", 2);
	digest_finish(digest, sha256);
	digest_to_hex(sha256, hex);
	assert_string_equal(hex, expected);
	fputs("abc", file);
	fflush(file);			/* the offset is at the end now */
	assert_true(digest_of_descriptor(fileno(file), sha256));
	digest_to_hex(sha256, hex);
	assert_string_equal(hex, expected);
	fclose(file);
	assert_false(digest_of_descriptor(-1, sha256));
}

static int
tear_down(void **state)
{
	(void)state;
	builder_fini();
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keys_and_signatures),
		cmocka_unit_test(pss),
		cmocka_unit_test(self_signed_and_ca),
		cmocka_unit_test(names),
		cmocka_unit_test(odd_and_long_names),
		cmocka_unit_test(no_names),
		cmocka_unit_test(alternative_names),
		cmocka_unit_test(many_alternative_names),
		cmocka_unit_test(dates),
		cmocka_unit_test(serials),
		cmocka_unit_test(undecodable_keys),
		cmocka_unit_test(odd_keys),
		cmocka_unit_test(unknown_signature),
		cmocka_unit_test(huge_modulus),
		cmocka_unit_test(public_key_digest),
		cmocka_unit_test(chains),
		cmocka_unit_test(undecodable),
		cmocka_unit_test(chains_of_messages),
		cmocka_unit_test(chain_bounds),
		cmocka_unit_test(digests),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, tear_down);
}

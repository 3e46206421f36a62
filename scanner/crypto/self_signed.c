#include "scanner/crypto/self_signed.h"

#include <assert.h>
#include <openssl/bn.h>
#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>
#include <string.h>
#include <time.h>

#define COMMON_NAME_MAX	64	/* ub-common-name */
/* Positive and under 20 octets (RFC 5280 section 4.1.2.2). */
#define SERIAL_BITS	127

/* libcrypto fails here only if it has no memory or no randomness, and then
 * nothing that it makes can be trusted. */
static void
require(bool done)
{
	assert(done);
	(void)done;
}

static void
set_serial(X509 *x509)
{
	BIGNUM *number = BN_new();

	require(number != NULL && BN_rand(number, SERIAL_BITS,
	    BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ANY) == 1);
	require(BN_to_ASN1_INTEGER(number, X509_get_serialNumber(x509)) !=
	    NULL);
	BN_free(number);
}

/* Moves to the same day of another year; 29 February becomes 1 March. */
static void
set_dates(X509 *x509, int64_t now)
{
	time_t start = (time_t)now;
	struct tm end;

	require(gmtime_r(&start, &end) != NULL);
	end.tm_year += SELF_SIGNED_YEARS;
	require(ASN1_TIME_set(X509_getm_notBefore(x509), start) != NULL);
	require(ASN1_TIME_set(X509_getm_notAfter(x509), timegm(&end)) != NULL);
}

static void
set_names(X509 *x509, const char *common_name)
{
	X509_NAME *name = X509_get_subject_name(x509);

	while (strlen(common_name) > COMMON_NAME_MAX) {
		common_name = strchr(common_name, '.');
		require(common_name != NULL);	/* no label has 64 octets */
		common_name++;
	}
	require(X509_NAME_add_entry_by_NID(name, NID_commonName, MBSTRING_ASC,
	    (const unsigned char *)common_name, -1, -1, 0) == 1);
	require(X509_set_issuer_name(x509, name) == 1);
}

static void
add_names(X509 *x509, const char *const *names, size_t count)
{
	GENERAL_NAMES *list = sk_GENERAL_NAME_new_null();

	require(list != NULL);
	for (size_t i = 0; i < count; i++) {
		GENERAL_NAME *name = GENERAL_NAME_new();
		ASN1_IA5STRING *text = ASN1_IA5STRING_new();

		require(name != NULL && text != NULL &&
		    ASN1_STRING_set(text, names[i], -1) == 1);
		GENERAL_NAME_set0_value(name, GEN_DNS, text);
		require(sk_GENERAL_NAME_push(list, name) > 0);
	}
	require(X509_add1_ext_i2d(x509, NID_subject_alt_name, list, 0, 0) == 1);
	GENERAL_NAMES_free(list);
}

/* Writes the syntax of OpenSSL's configuration files. All texts are our own. */
static void
add_extension(X509 *x509, int nid, const char *value)
{
	X509_EXTENSION *extension;
	X509V3_CTX own;

	X509V3_set_ctx(&own, x509, x509, NULL, NULL, 0);
	extension = X509V3_EXT_conf_nid(NULL, &own, nid, value);
	require(extension != NULL && X509_add_ext(x509, extension, -1) == 1);
	X509_EXTENSION_free(extension);
}

static X509 *
make_certificate(EVP_PKEY *key, const char *const *names, size_t count,
    int64_t now)
{
	X509 *x509 = X509_new();

	require(x509 != NULL && X509_set_version(x509, X509_VERSION_3) == 1);
	require(X509_set_pubkey(x509, key) == 1);
	set_serial(x509);
	set_dates(x509, now);
	set_names(x509, names[0]);
	add_names(x509, names, count);
	add_extension(x509, NID_basic_constraints, "critical,CA:FALSE");
	add_extension(x509, NID_ext_key_usage, "serverAuth");
	add_extension(x509, NID_subject_key_identifier, "hash");
	require(X509_sign(x509, key, EVP_sha256()) > 0);
	return x509;
}

/* OpenSSL wipes this memory when it frees it. It is appended at once, since a
 * buffer that grows would leave a copy in memory. */
static void
take_text(struct buffer *out, BIO *text)
{
	char *bytes;
	long length = BIO_get_mem_data(text, &bytes);

	require(length > 0);
	buffer_append(out, bytes, (size_t)length);
	BIO_free(text);
}

void
self_signed_make(struct self_signed *made, const char *const *names,
    size_t count, unsigned rsa_bits, int64_t now)
{
	EVP_PKEY *key = rsa_bits > 0 ? EVP_RSA_gen(rsa_bits) :
	    EVP_EC_gen("P-256");
	BIO *key_text = BIO_new(BIO_s_mem()), *text = BIO_new(BIO_s_mem());
	unsigned char *der = NULL;
	X509 *x509;
	int length;

	assert(count > 0);
	*made = (struct self_signed){ 0 };
	require(key != NULL && key_text != NULL && text != NULL);
	x509 = make_certificate(key, names, count, now);
	require(PEM_write_bio_PKCS8PrivateKey(key_text, key, NULL, NULL, 0,
	    NULL, NULL) == 1);
	require(PEM_write_bio_X509(text, x509) == 1);
	take_text(&made->key_pem, key_text);
	take_text(&made->certificate_pem, text);
	length = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(x509), &der);
	require(length > 0);
	buffer_append(&made->public_key, der, (size_t)length);
	OPENSSL_free(der);
	X509_free(x509);
	EVP_PKEY_free(key);
}

void
self_signed_fini(struct self_signed *made)
{
	if (made->key_pem.bytes != NULL)
		OPENSSL_cleanse(made->key_pem.bytes, made->key_pem.size);
	buffer_fini(&made->key_pem);
	buffer_fini(&made->certificate_pem);
	buffer_fini(&made->public_key);
}

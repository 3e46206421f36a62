/* Certificates, keys and TLS in a context of their own are those of OpenSSL's
 * default context. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <stdlib.h>
#include <string.h>

#include "scanner/crypto/library.h"
#include "tests/unit/certificate_builder.h"

static const char *const kinds[] = {
	"RSA-1024", "RSA-2048", "P-192", "P-256", "P-384", "P-521", "ED25519",
	"ED448",
};

static void
has_a_context(void **state)
{
	(void)state;
	assert_non_null(library_context());
	assert_ptr_equal(library_context(), library_context());
	assert_int_equal(ERR_peek_error(), 0);
}

/* The key verifies the certificate's own signature in both contexts, and with
 * the key of the other one. */
static void
same_certificates(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
		struct certificate_request request = {
			.common_name = kinds[i],
			.key = builder_key(kinds[i], 1),
		};
		X509 *built = certificate_build(&request, NULL, NULL);
		X509 *usual, *ours;
		uint8_t *der = NULL;
		size_t length = (size_t)i2d_X509(built, &der);
		const uint8_t *end = der;

		usual = d2i_X509(NULL, &end, (long)length);
		end = der;
		ours = library_certificate(&end, length);
		assert_non_null(ours);
		assert_ptr_equal(end, der + length);
		assert_int_equal(X509_cmp(usual, ours), 0);
		assert_int_equal(EVP_PKEY_get_bits(X509_get0_pubkey(usual)),
		    EVP_PKEY_get_bits(X509_get0_pubkey(ours)));
		assert_int_equal(X509_verify(ours, X509_get0_pubkey(ours)), 1);
		assert_int_equal(X509_verify(ours, X509_get0_pubkey(usual)), 1);
		assert_int_equal(X509_verify(usual, X509_get0_pubkey(ours)), 1);
		X509_free(built);
		X509_free(usual);
		X509_free(ours);
		OPENSSL_free(der);
	}
}

static X509 *
decoded_again(X509 *built, bool by_us)
{
	uint8_t *der = NULL;
	int length = i2d_X509(built, &der);
	const uint8_t *end = der;
	X509 *x509 = by_us ? library_certificate(&end, (size_t)length)
			   : d2i_X509(NULL, &end, length);

	assert_non_null(x509);
	OPENSSL_free(der);
	return x509;
}

static void
assert_same_signature(EVP_PKEY *key, const EVP_MD *hash)
{
	X509 *issuer = certificate_build(&(struct certificate_request){
	    .common_name = "issuer", .is_ca = true, .key = key, .hash = hash },
	    NULL, NULL);
	X509 *subject = certificate_build(&(struct certificate_request){
	    .common_name = "subject", .key = builder_key("P-256", 2),
	    .hash = hash }, issuer, key);
	X509 *other = certificate_build(&(struct certificate_request){
	    .common_name = "other", .key = builder_key("P-256", 2) }, NULL,
	    NULL);

	for (int by_us = 0; by_us < 2; by_us++) {
		X509 *top = decoded_again(issuer, by_us);
		X509 *leaf = decoded_again(subject, by_us);
		X509 *unsigned_leaf = decoded_again(other, by_us);

		assert_int_equal(X509_verify(leaf, X509_get0_pubkey(top)), 1);
		assert_int_equal(X509_verify(top, X509_get0_pubkey(top)), 1);
		assert_int_not_equal(X509_verify(unsigned_leaf,
		    X509_get0_pubkey(top)), 1);
		X509_free(top);
		X509_free(leaf);
		X509_free(unsigned_leaf);
	}
	X509_free(issuer);
	X509_free(subject);
	X509_free(other);
	ERR_clear_error();
}

/* By each kind of key with each hash that OpenSSL has for signatures. */
static void
same_signatures(void **state)
{
	const EVP_MD *hashes[] = {
		EVP_md5(), EVP_sha1(), EVP_sha224(), EVP_sha256(),
		EVP_sha384(), EVP_sha512(), EVP_ripemd160(),
		EVP_sha3_224(), EVP_sha3_256(), EVP_sha3_384(),
		EVP_sha3_512(),
	};
	EVP_PKEY *key;

	(void)state;
	for (size_t i = 0; i < sizeof hashes / sizeof hashes[0]; i++)
		assert_same_signature(builder_key("RSA-2048", 1), hashes[i]);
	for (size_t i = 1; i < 6; i++)
		assert_same_signature(builder_key("P-256", 1), hashes[i]);
	assert_same_signature(builder_key("ED25519", 1), NULL);
	assert_same_signature(builder_key("ED448", 1), NULL);
	key = EVP_PKEY_Q_keygen(NULL, NULL, "SM2");
	assert_same_signature(key, EVP_sm3());
	EVP_PKEY_free(key);
}

/* Both decode the bytes, to the same key, or neither does. */
static bool
is_same_key(const uint8_t *der, size_t length)
{
	const uint8_t *end = der;
	EVP_PKEY *usual = d2i_PUBKEY(NULL, &end, (long)length), *ours;
	bool is_key = usual != NULL;

	end = der;
	ours = library_key(&end, length);
	assert_int_equal(ours != NULL, is_key);
	if (is_key) {
		assert_ptr_equal(end, der + length);
		assert_string_equal(EVP_PKEY_get0_type_name(ours),
		    EVP_PKEY_get0_type_name(usual));
		assert_int_equal(EVP_PKEY_get_bits(ours),
		    EVP_PKEY_get_bits(usual));
		assert_int_equal(EVP_PKEY_eq(ours, usual), 1);
	}
	EVP_PKEY_free(usual);
	EVP_PKEY_free(ours);
	ERR_clear_error();
	return is_key;
}

/* Every byte is changed, one at a time: each of them is decoded as usual. */
static void
assert_same_keys(EVP_PKEY *key)
{
	uint8_t *der = NULL;
	int length = i2d_PUBKEY(key, &der);

	assert_true(length > 0);
	assert_true(is_same_key(der, (size_t)length));
	for (int i = 0; i < length && i < 120; i++) {
		der[i] ^= 0x81;
		(void)is_same_key(der, (size_t)length);
		der[i] ^= 0x81;
	}
	/* With these bits changed, the algorithm is unknown. */
	der[6] ^= 0xff;
	assert_false(is_same_key(der, (size_t)length));
	OPENSSL_free(der);
}

static void
same_keys(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
		assert_same_keys(builder_key(kinds[i], 1));
}

/* Kinds of which servers have none, or hardly one. */
static void
same_odd_keys(void **state)
{
	static const char *const names[] = { "X25519", "X448", "SM2" };
	static const char *const curves[] = {
		"secp224r1", "secp256k1", "brainpoolP256r1", "sect233k1",
	};
	EVP_PKEY_CTX *maker = EVP_PKEY_CTX_new_from_name(NULL, "RSA-PSS", NULL);
	EVP_PKEY *key = NULL;

	(void)state;
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		key = EVP_PKEY_Q_keygen(NULL, NULL, names[i]);
		assert_non_null(key);
		assert_same_keys(key);
		EVP_PKEY_free(key);
	}
	for (size_t i = 0; i < sizeof curves / sizeof curves[0]; i++)
		assert_same_keys(builder_key(curves[i], 1));
	key = NULL;
	assert_int_equal(EVP_PKEY_keygen_init(maker), 1);
	assert_int_equal(EVP_PKEY_keygen(maker, &key), 1);
	assert_same_keys(key);
	EVP_PKEY_free(key);
	EVP_PKEY_CTX_free(maker);
}

/* A key that has parameters, made of these. */
static EVP_PKEY *
key_of_parameters(const char *kind, const char *group)
{
	EVP_PKEY_CTX *maker = EVP_PKEY_CTX_new_from_name(NULL, kind, NULL);
	EVP_PKEY *parameters = NULL, *key = NULL;

	assert_int_equal(EVP_PKEY_paramgen_init(maker), 1);
	assert_int_equal(group != NULL
	    ? EVP_PKEY_CTX_set_group_name(maker, group)
	    : EVP_PKEY_CTX_ctrl_str(maker, "dsa_paramgen_bits", "1024"), 1);
	assert_int_equal(EVP_PKEY_paramgen(maker, &parameters), 1);
	EVP_PKEY_CTX_free(maker);
	maker = EVP_PKEY_CTX_new_from_pkey(NULL, parameters, NULL);
	assert_int_equal(EVP_PKEY_keygen_init(maker), 1);
	assert_int_equal(EVP_PKEY_keygen(maker, &key), 1);
	EVP_PKEY_CTX_free(maker);
	EVP_PKEY_free(parameters);
	return key;
}

static EVP_PKEY *
key_of_ec(const char *group, const char *parameter, const char *value)
{
	EVP_PKEY_CTX *maker = EVP_PKEY_CTX_new_from_name(NULL, "EC", NULL);
	EVP_PKEY *key = NULL;
	OSSL_PARAM parameters[] = {
		OSSL_PARAM_utf8_string("group", (char *)(uintptr_t)group, 0),
		OSSL_PARAM_utf8_string(parameter, (char *)(uintptr_t)value, 0),
		OSSL_PARAM_END,
	};

	parameters[0].data_size = strlen(group);
	parameters[1].data_size = strlen(value);
	assert_int_equal(EVP_PKEY_keygen_init(maker), 1);
	assert_int_equal(EVP_PKEY_CTX_set_params(maker, parameters), 1);
	assert_int_equal(EVP_PKEY_keygen(maker, &key), 1);
	EVP_PKEY_CTX_free(maker);
	return key;
}

static void
same_keys_with_parameters(void **state)
{
	EVP_PKEY *keys[] = {
		key_of_parameters("DSA", NULL),
		key_of_parameters("DH", "ffdhe2048"),
		key_of_ec("P-256", "encoding", "explicit"),
		key_of_ec("P-384", "encoding", "explicit"),
		key_of_ec("P-256", "point-format", "compressed"),
		key_of_ec("P-384", "point-format", "hybrid"),
	};

	(void)state;
	for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
		assert_same_keys(keys[i]);
		EVP_PKEY_free(keys[i]);
	}
}

/* TLS ********************************************************************* */

static struct { uint8_t bytes[2048]; size_t length; } hello;

static void
keep_hello(int is_sent, int version, int type, const void *bytes,
    size_t length, SSL *ssl, void *tag)
{
	(void)version;
	(void)ssl;
	(void)tag;
	if (!is_sent || type != SSL3_RT_HANDSHAKE ||
	    *(const uint8_t *)bytes != SSL3_MT_CLIENT_HELLO)
		return;
	assert_true(length <= sizeof hello.bytes);
	memcpy(hello.bytes, bytes, length);
	hello.length = length;
}

static SSL_CTX *
client_context(OSSL_LIB_CTX *library)
{
	SSL_CTX *context = SSL_CTX_new_ex(library, NULL, TLS_client_method());

	assert_non_null(context);
	assert_int_equal(SSL_CTX_set_min_proto_version(context,
	    TLS1_VERSION), 1);
	assert_int_equal(SSL_CTX_set_cipher_list(context,
	    "ALL:@SECLEVEL=0"), 1);
	assert_int_equal(SSL_CTX_set1_groups_list(context,
	    "X25519:P-256:X448:P-521:P-384"), 1);
	SSL_CTX_set_msg_callback(context, keep_hello);
	return context;
}

/* What is random in the hello: 32 bytes, the identifier of the session, and the
 * X25519 key in the extension key_share (RFC 8446 4.1.2, 4.2.8). */
static void
hello_of(OSSL_LIB_CTX *library)
{
	static const uint8_t share[] = { 0, 51, 0, 38, 0, 36, 0, 29, 0, 32 };
	SSL_CTX *context = client_context(library);
	SSL *ssl = SSL_new(context);
	uint8_t *found;

	hello.length = 0;
	SSL_set_connect_state(ssl);
	SSL_set_bio(ssl, BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
	assert_int_equal(SSL_do_handshake(ssl), -1);
	SSL_free(ssl);
	SSL_CTX_free(context);
	assert_true(hello.length > 71 && hello.bytes[38] == 32);
	memset(hello.bytes + 6, 0, 32);
	memset(hello.bytes + 39, 0, 32);
	found = memmem(hello.bytes, hello.length, share, sizeof share);
	assert_non_null(found);
	memset(found + sizeof share, 0, 32);
	ERR_clear_error();
}

static void
same_hello(void **state)
{
	uint8_t usual[sizeof hello.bytes];
	size_t length;

	(void)state;
	hello_of(NULL);
	length = hello.length;
	memcpy(usual, hello.bytes, length);
	hello_of(library_context());
	assert_int_equal(hello.length, length);
	assert_memory_equal(hello.bytes, usual, length);
}

static void
carry(SSL *from, SSL *to)
{
	char *bytes;
	long length = BIO_get_mem_data(SSL_get_wbio(from), &bytes);

	if (length > 0)
		(void)BIO_write(SSL_get_rbio(to), bytes, (int)length);
	(void)BIO_reset(SSL_get_wbio(from));
}

/* Does a client of this context receive a byte through a session that it made
 * with this cipher suite? */
static bool
works(OSSL_LIB_CTX *library, SSL_CTX *server_context)
{
	SSL_CTX *context = client_context(library);
	SSL *client = SSL_new(context), *server = SSL_new(server_context);
	bool done = false;
	char byte = 0;

	SSL_set_connect_state(client);
	SSL_set_accept_state(server);
	SSL_set_bio(client, BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
	SSL_set_bio(server, BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
	for (int round = 0; round < 6; round++) {
		done = SSL_do_handshake(client) == 1;
		carry(client, server);
		(void)SSL_do_handshake(server);
		carry(server, client);
	}
	if (done && SSL_write(client, "a", 1) == 1) {
		carry(client, server);
		done = SSL_read(server, &byte, 1) == 1 && byte == 'a' &&
		    SSL_write(server, "b", 1) == 1;
		carry(server, client);
		done = done && SSL_read(client, &byte, 1) == 1 && byte == 'b';
	}
	SSL_free(client);
	SSL_free(server);
	SSL_CTX_free(context);
	ERR_clear_error();
	return done;
}

static SSL_CTX *
server_of(const char *const *of_keys, size_t count)
{
	SSL_CTX *context = SSL_CTX_new(TLS_server_method());

	assert_non_null(context);
	SSL_CTX_set_dh_auto(context, 1);
	for (size_t i = 0; i < count; i++) {
		EVP_PKEY *key = builder_key(of_keys[i], 1);
		X509 *shown = certificate_build(&(struct certificate_request){
		    .common_name = of_keys[i], .key = key }, NULL, NULL);

		assert_int_equal(SSL_CTX_use_certificate(context, shown), 1);
		assert_int_equal(SSL_CTX_use_PrivateKey(context, key), 1);
		X509_free(shown);
	}
	return context;
}

static void
same_sessions(void **state)
{
	static const char *const of_keys[] = { "RSA-2048", "P-256" };
	SSL_CTX *server = server_of(of_keys, 2), *all = client_context(NULL);
	const STACK_OF(SSL_CIPHER) *suites = SSL_CTX_get_ciphers(all);
	int worked = 0;

	(void)state;
	SSL_CTX_set_min_proto_version(server, TLS1_VERSION);
	for (int i = 0; i < sk_SSL_CIPHER_num(suites); i++) {
		const SSL_CIPHER *suite = sk_SSL_CIPHER_value(suites, i);
		const char *name = SSL_CIPHER_get_name(suite);
		bool is_new = strncmp(name, "TLS_", 4) == 0, usual;
		char chosen[80];

		snprintf(chosen, sizeof chosen, "%s:@SECLEVEL=0", is_new
		    ? "DEFAULT" : name);
		assert_int_equal(SSL_CTX_set_cipher_list(server, chosen), 1);
		assert_int_equal(SSL_CTX_set_ciphersuites(server, is_new
		    ? name : "TLS_AES_128_GCM_SHA256"), 1);
		SSL_CTX_set_max_proto_version(server, is_new ? TLS1_3_VERSION
		    : TLS1_2_VERSION);
		usual = works(NULL, server);
		worked += usual;
		assert_int_equal(works(library_context(), server), usual);
	}
	/* Anonymous suites and PSK do not. */
	assert_true(worked >= 40);
	SSL_CTX_free(all);
	SSL_CTX_free(server);
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
		cmocka_unit_test(has_a_context),
		cmocka_unit_test(same_certificates),
		cmocka_unit_test(same_signatures),
		cmocka_unit_test(same_keys),
		cmocka_unit_test(same_odd_keys),
		cmocka_unit_test(same_keys_with_parameters),
		cmocka_unit_test(same_hello),
		cmocka_unit_test(same_sessions),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, tear_down);
}

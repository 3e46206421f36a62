/* What is kept of a handshake, with a server in memory: the chain as it was
 * presented, even if OpenSSL cannot decode it. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>

#include "scanner/crypto/certificate.h"
#include "scanner/net/tls.h"
#include "tests/unit/certificate_builder.h"

#define COMPRESS_CERTIFICATE	27	/* RFC 8879 3 */

static X509 *leaf, *undecodable_leaf, *issuer;
static bool offers_compression;

static int
set_up(void **state)
{
	(void)state;
	tls_library_init();
	issuer = certificate_build(&(struct certificate_request){
	    .common_name = "issuer", .is_ca = true,
	    .key = builder_key("P-256", 1) }, NULL, NULL);
	leaf = certificate_build(&(struct certificate_request){
	    .common_name = "leaf", .key = builder_key("P-256", 2) }, issuer,
	    builder_key("P-256", 1));
	/* As undecodable_build has it, and not decoded again. */
	undecodable_leaf = X509_dup(leaf);
	X509_getm_notBefore(undecodable_leaf)->type = V_ASN1_UTF8STRING;
	assert_true(i2d_re_X509_tbs(undecodable_leaf, NULL) > 0);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	X509_free(leaf);
	X509_free(undecodable_leaf);
	X509_free(issuer);
	builder_fini();
	return 0;
}

static int
on_hello(SSL *ssl, int *alert, void *tag)
{
	const unsigned char *bytes;
	size_t length;

	(void)alert;
	(void)tag;
	offers_compression = SSL_client_hello_get0_ext(ssl,
	    COMPRESS_CERTIFICATE, &bytes, &length) == 1;
	return SSL_CLIENT_HELLO_SUCCESS;
}

static SSL_CTX *
server_context(X509 *shown, int version)
{
	SSL_CTX *context = SSL_CTX_new(TLS_server_method());

	assert_non_null(context);
	assert_int_equal(SSL_CTX_use_certificate(context, shown), 1);
	assert_int_equal(SSL_CTX_use_PrivateKey(context,
	    builder_key("P-256", 2)), 1);
	assert_int_equal(SSL_CTX_add1_chain_cert(context, issuer), 1);
	SSL_CTX_set_min_proto_version(context, version);
	SSL_CTX_set_max_proto_version(context, version);
	SSL_CTX_set_client_hello_cb(context, on_hello, NULL);
	return context;
}

static void
carry(SSL *from, SSL *to)
{
	char *bytes;
	long length = BIO_get_mem_data(SSL_get_wbio(from), &bytes);

	if (length > 0)
		assert_int_equal(BIO_write(SSL_get_rbio(to), bytes,
		    (int)length), length);
	(void)BIO_reset(SSL_get_wbio(from));
}

static void
over_memory(SSL *ssl)
{
	BIO *in = BIO_new(BIO_s_mem()), *out = BIO_new(BIO_s_mem());

	BIO_set_mem_eof_return(in, -1);
	BIO_set_mem_eof_return(out, -1);
	SSL_set_bio(ssl, in, out);
}

/* Did the client finish? */
static bool
shake_hands(SSL *client, SSL_CTX *context)
{
	SSL *server = SSL_new(context);
	bool done = false;

	over_memory(client);
	over_memory(server);
	SSL_set_accept_state(server);
	for (int round = 0; round < 10 && !done; round++) {
		done = SSL_do_handshake(client) == 1;
		carry(client, server);
		(void)SSL_do_handshake(server);
		carry(server, client);
	}
	SSL_free(server);
	ERR_clear_error();
	return done;
}

static void
assert_presented(const struct buffer *message, bool is_tls_1_3, X509 *shown)
{
	struct chain chain;
	uint8_t *der = NULL;
	int length = i2d_X509(shown, &der);

	assert_true(chain_from_message(&chain, message->bytes, message->length,
	    is_tls_1_3));
	assert_int_equal(chain.count, 2);
	assert_int_equal(chain.certificates[0].der_length, length);
	assert_memory_equal(chain.certificates[0].der, der, length);
	assert_int_equal(chain.certificates[0].x509 != NULL, shown == leaf);
	assert_non_null(chain.certificates[1].x509);
	OPENSSL_free(der);
	chain_fini(&chain);
}

static void
presented(void **state)
{
	static const int versions[] = { TLS1_2_VERSION, TLS1_3_VERSION };
	char why[256];
	struct tls *tls = tls_new(why);

	(void)state;
	assert_non_null(tls);
	for (int i = 0; i < 2 * PROFILE_COUNT; i++) {
		SSL *ssl = tls_session(tls, (enum profile)(i / 2), "mx.example");

		assert_int_equal(tls_certificate_message(ssl)->length, 0);
		SSL_free(ssl);
		for (int decodes = 0; decodes < 2; decodes++) {
			X509 *shown = decodes ? leaf : undecodable_leaf;
			SSL_CTX *context = server_context(shown,
			    versions[i % 2]);

			ssl = tls_session(tls, (enum profile)(i / 2),
			    "mx.example");
			assert_int_equal(shake_hands(ssl, context), decodes);
			assert_presented(tls_certificate_message(ssl),
			    versions[i % 2] == TLS1_3_VERSION, shown);
			assert_int_equal(SSL_version(ssl), versions[i % 2]);
			/* Compressed it could not be read so. */
			assert_false(offers_compression);
			SSL_free(ssl);
			SSL_CTX_free(context);
		}
	}
	tls_free(tls);
}

/* A context of another library: its own callback sees the message before, and
 * where it is undecodable in place of, `verify`. */
static bool is_verified, is_seen;

static int
on_verify(X509_STORE_CTX *store, void *tag)
{
	(void)store;
	(void)tag;
	is_verified = true;
	return 1;
}

static void
on_message(int is_sent, int version, int type, const void *bytes,
    size_t length, SSL *ssl, void *tag)
{
	struct chain chain;

	(void)version;
	assert_ptr_equal(tag, &is_seen);
	if (is_sent || type != SSL3_RT_HANDSHAKE || !chain_from_message(&chain,
	    bytes, length, SSL_version(ssl) == TLS1_3_VERSION))
		return;
	assert_false(is_verified);
	assert_int_equal(chain.count, 2);
	is_seen = true;
	chain_fini(&chain);
}

static void
verified(void **state)
{
	(void)state;
	for (int decodes = 0; decodes < 2; decodes++) {
		SSL_CTX *context = SSL_CTX_new(TLS_client_method());
		SSL_CTX *other = server_context(decodes ? leaf
		    : undecodable_leaf, TLS1_3_VERSION);
		X509_STORE *store = X509_STORE_new();
		SSL *ssl;

		assert_true(tls_context_verifies(context, store, on_verify,
		    on_message, &is_seen));
		ssl = SSL_new(context);
		SSL_set_connect_state(ssl);
		is_seen = is_verified = false;
		assert_int_equal(shake_hands(ssl, other), decodes);
		assert_true(is_seen);
		assert_int_equal(is_verified, decodes);
		assert_false(offers_compression);
		SSL_free(ssl);
		SSL_CTX_free(context);
		SSL_CTX_free(other);
		X509_STORE_free(store);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(presented), cmocka_unit_test(verified),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, set_up, tear_down);
}

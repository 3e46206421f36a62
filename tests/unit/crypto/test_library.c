/* Certificates and keys in a context of their own are those of OpenSSL's default
 * context. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <openssl/err.h>
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

static void
same_keys(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
		EVP_PKEY *built = builder_key(kinds[i], 1), *usual, *ours;
		uint8_t *der = NULL;
		int length = i2d_PUBKEY(built, &der);
		const uint8_t *end = der;

		usual = d2i_PUBKEY(NULL, &end, length);
		end = der;
		ours = library_key(&end, (size_t)length);
		assert_non_null(ours);
		assert_ptr_equal(end, der + length);
		assert_int_equal(EVP_PKEY_get_bits(ours),
		    EVP_PKEY_get_bits(usual));
		EVP_PKEY_free(usual);
		EVP_PKEY_free(ours);
		/* With one bit changed, the algorithm is unknown. */
		der[6] ^= 0xff;
		end = der;
		assert_null(library_key(&end, (size_t)length));
		ERR_clear_error();
		OPENSSL_free(der);
	}
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
		cmocka_unit_test(same_keys),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, tear_down);
}

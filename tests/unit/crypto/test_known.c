/* Known facts about certificates: kept, shared, and bounded. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <openssl/crypto.h>
#include <stdlib.h>
#include <string.h>

#include "scanner/crypto/known.h"
#include "tests/unit/certificate_builder.h"

static X509 *
make(const char *name)
{
	struct certificate_request request = {
		.common_name = name, .key = builder_key("P-256", 1),
	};

	return certificate_build(&request, NULL, NULL);
}

/* The second decoding of the same bytes is not needed. */
static void
decodes_once(void **state)
{
	X509 *x509 = make("one");
	uint8_t *der = NULL;
	size_t length = (size_t)i2d_X509(x509, &der);
	uint64_t before = certificate_counts.decoded;
	struct chain chain = { 0 }, again = { 0 };

	(void)state;
	known_clear();
	assert_true(chain_add_der(&chain, der, length));
	assert_int_equal(certificate_counts.decoded, before + 1);
	assert_true(chain_add_der(&again, der, length));
	assert_int_equal(certificate_counts.decoded, before + 1);
	assert_ptr_equal(chain.certificates[0].x509,
	    again.certificates[0].x509);
	assert_memory_equal(again.certificates[0].der, der, length);
	chain_fini(&chain);
	/* Forgetting it does not invalidate the references of others. */
	known_clear();
	assert_int_equal(X509_cmp(again.certificates[0].x509, x509), 0);
	chain_fini(&again);
	assert_true(chain_add_der(&again, der, length));
	assert_int_equal(certificate_counts.decoded, before + 2);
	chain_fini(&again);
	OPENSSL_free(der);
	X509_free(x509);
}

/* One more byte behind it makes it other bytes, which cannot be decoded. */
static void
other_bytes(void **state)
{
	X509 *x509 = make("one");
	uint8_t *der = NULL, bytes[4096];
	size_t length = (size_t)i2d_X509(x509, &der);
	struct chain chain = { 0 };

	(void)state;
	memcpy(bytes, der, length);
	bytes[length] = 0;
	assert_true(chain_add_der(&chain, der, length));
	assert_true(chain_add_der(&chain, bytes, length + 1));
	assert_non_null(chain.certificates[0].x509);
	assert_null(chain.certificates[1].x509);
	chain_fini(&chain);
	OPENSSL_free(der);
	X509_free(x509);
}

static void
number(uint8_t sha256[SHA256_BYTES], unsigned value)
{
	for (int i = 0; i < 3; i++)
		sha256[i] = (uint8_t)(value >> (16 - 8 * i));
}

/* A million others: the last ones are known, and no more than there is room
 * for. */
static void
bounded(void **state)
{
	X509 *x509 = make("one"), *found;
	uint8_t sha256[SHA256_BYTES] = { 0 };
	size_t kept = 0;

	(void)state;
	known_clear();
	for (unsigned i = 0; i < 1000000; i++) {
		number(sha256, i);
		known_keep(sha256, x509, 1000);
		known_keep_signed(sha256, sha256);
		assert_true(known_signed(sha256, sha256));
	}
	for (unsigned i = 0; i < 1000000; i++) {
		number(sha256, i);
		found = known_certificate(sha256);
		kept += found != NULL;
		X509_free(found);
	}
	assert_int_equal(kept, KNOWN_CERTIFICATES);
	/* One that is large is not kept. */
	memset(sha256, 0xff, sizeof sha256);
	known_keep(sha256, x509, KNOWN_BYTES_MAX + 1);
	assert_null(known_certificate(sha256));
	known_keep(sha256, x509, KNOWN_BYTES_MAX);
	found = known_certificate(sha256);
	assert_ptr_equal(found, x509);
	X509_free(found);
	known_clear();
	X509_free(x509);
}

/* Neither of the two may be another. */
static void
both_count(void **state)
{
	uint8_t a[SHA256_BYTES] = { 1 }, b[SHA256_BYTES] = { 2 }, c[SHA256_BYTES];

	(void)state;
	known_clear();
	known_keep_signed(a, b);
	assert_true(known_signed(a, b));
	assert_false(known_signed(b, a));
	memcpy(c, a, sizeof c);
	c[SHA256_BYTES - 1] = 1;
	assert_false(known_signed(c, b));
	memcpy(c, b, sizeof c);
	c[SHA256_BYTES - 1] = 1;
	assert_false(known_signed(a, c));
	known_clear();
	assert_false(known_signed(a, b));
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
		cmocka_unit_test(decodes_once),
		cmocka_unit_test(other_bytes),
		cmocka_unit_test(bounded),
		cmocka_unit_test(both_count),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, tear_down);
}

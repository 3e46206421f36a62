/* Which certificate of a chain belongs to the CA that issued the leaf (RFC 5280
 * 6.1.3), whatever its position and whatever else is in the chain. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

#include "scanner/commands/check/facts_internal.h"
#include "tests/unit/certificate_builder.h"

#define COUNT(array) (sizeof (array) / sizeof (array)[0])

enum who { NOBODY, LEAF, ISSUER, IMPOSTOR, STRANGER, OTHER_LEAF, WHO_COUNT };

static struct check_certificate certificates[WHO_COUNT];

static void
keep(enum who who, X509 *x509)
{
	uint8_t *der = NULL;
	int length = i2d_X509(x509, &der);
	char *text;

	assert_true(length > 0);
	text = calloc(1, 4 * ((size_t)length / 3 + 1) + 1);
	assert_non_null(text);
	EVP_EncodeBlock((uint8_t *)text, der, length);
	OPENSSL_free(der);
	certificates[who].der_base64 = text;
}

static int
make_certificates(void **state)
{
	EVP_PKEY *keys[4];
	X509 *made[WHO_COUNT] = { NULL };
	struct certificate_request ca = { .common_name = "CA", .is_ca = true };
	struct certificate_request end = { .common_name = "mx.example" };

	(void)state;
	for (unsigned i = 0; i < 4; i++)
		keys[i] = builder_key("P-256", i);
	ca.key = keys[0];
	made[ISSUER] = certificate_build(&ca, NULL, NULL);
	/* The same name, another key. */
	ca.key = keys[1];
	made[IMPOSTOR] = certificate_build(&ca, NULL, NULL);
	ca.common_name = "Other CA";
	made[STRANGER] = certificate_build(&ca, NULL, NULL);
	end.key = keys[2];
	made[LEAF] = certificate_build(&end, made[ISSUER], keys[0]);
	end.key = keys[3];
	made[OTHER_LEAF] = certificate_build(&end, made[ISSUER], keys[0]);
	for (int i = LEAF; i < WHO_COUNT; i++) {
		keep((enum who)i, made[i]);
		X509_free(made[i]);
	}
	return 0;
}

static int
free_certificates(void **state)
{
	(void)state;
	for (int i = LEAF; i < WHO_COUNT; i++)
		free((char *)(uintptr_t)certificates[i].der_base64);
	builder_fini();
	return 0;
}

static void
issuers(void **state)
{
	static const struct {
		enum who chain[4], issuer;
	} rows[] = {
		{ { LEAF, ISSUER }, ISSUER },
		{ { LEAF, STRANGER, ISSUER }, ISSUER },
		{ { LEAF, IMPOSTOR, ISSUER }, ISSUER },
		{ { LEAF, IMPOSTOR }, NOBODY },
		{ { LEAF, STRANGER }, NOBODY },
		/* No CA. */
		{ { LEAF, OTHER_LEAF }, NOBODY },
		{ { LEAF }, NOBODY },
		/* A leaf that is a CA has only issued itself. */
		{ { ISSUER, ISSUER }, NOBODY },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct check_chain chain = { .count = 0 };
		struct check_session session = { .chain = &chain };
		struct check_address address = {
			.base = { .session = &session },
		};
		struct check_host host = { .addresses = &address };

		for (; chain.count < 4 && rows[i].chain[chain.count] != NOBODY;
		    chain.count++)
			chain.certificates[chain.count] =
			    &certificates[rows[i].chain[chain.count]];
		check_find_issuers(&host);
		if (chain.issuer != (rows[i].issuer == NOBODY ? NULL
		    : &certificates[rows[i].issuer]))
			fail_msg("row %zu", i);
	}
}

/* A run that lacks a certificate, and one that cannot be decoded. */
static void
incomplete(void **state)
{
	struct check_certificate broken = { .der_base64 = "AAAA" };
	struct check_chain chain = {
		.certificates = { &certificates[LEAF], NULL,
		    &certificates[ISSUER] }, .count = 3,
	};
	struct check_session session = { .chain = &chain };
	struct check_address address = { .base = { .session = &session } };
	struct check_host host = { .addresses = &address };

	(void)state;
	check_find_issuers(&host);
	assert_null(chain.issuer);
	chain.certificates[1] = &broken;
	check_find_issuers(&host);
	assert_null(chain.issuer);
	session.chain = NULL;
	check_find_issuers(&host);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(issuers), cmocka_unit_test(incomplete),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, make_certificates,
	    free_certificates);
}

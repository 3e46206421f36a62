/* What PKIX says of a chain (RULES 5, N8): chain_trusted, chain_error, in_dates,
 * each row with a twin that differs in one fact. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "scanner/crypto/trust.h"
#include "tests/unit/certificate_builder.h"

#define PAST	(BUILDER_NOW - BUILDER_DAY)
#define FUTURE	(BUILDER_NOW + BUILDER_DAY)

/* By letter. */
static X509 *world[128];

static void
make(char letter, struct certificate_request request, unsigned key, char issuer,
    unsigned issuer_key)
{
	request.key = builder_key("P-256", key);
	world[(unsigned char)letter] = certificate_build(&request,
	    issuer != 0 ? world[(unsigned char)issuer] : NULL,
	    issuer != 0 ? builder_key("P-256", issuer_key) : NULL);
}

#define REQUEST(...) (struct certificate_request){ __VA_ARGS__ }

enum { LEAF = 1, INTERMEDIATE, ROOT, OTHER, LOW, OLD };

/* A leaf with this key below I, and a CA with it that signs another leaf. */
static void
make_rsa(const char *kind, char leaf, char authority, char below)
{
	struct certificate_request request = {
		.names = "DNS:mx.example.com", .key = builder_key(kind, LEAF),
	};

	world[(unsigned char)leaf] = certificate_build(&request, world['I'],
	    builder_key("P-256", INTERMEDIATE));
	request = (struct certificate_request){
		.common_name = kind, .is_ca = true, .key = request.key,
	};
	world[(unsigned char)authority] = certificate_build(&request,
	    world['R'], builder_key("P-256", ROOT));
	request = (struct certificate_request){
		.names = "DNS:mx.example.com",
		.key = builder_key("P-256", LEAF),
	};
	world[(unsigned char)below] = certificate_build(&request,
	    world[(unsigned char)authority], builder_key(kind, LEAF));
}

/* Certificates that security level 1 refuses, and the twins that it accepts. */
static void
make_weak(void)
{
	make('y', REQUEST(.names = "DNS:mx.example.com", .not_after = PAST,
	    .hash = EVP_sha1()), LEAF, 'I', INTERMEDIATE);
	make('r', REQUEST(.common_name = "root of SHA-1", .is_ca = true,
	    .hash = EVP_sha1()), OTHER, 0, 0);
	make('p', REQUEST(.names = "DNS:mx.example.com"), LEAF, 'r', OTHER);
	make_rsa("RSA-1024", 'a', 'g', 'e');
	make_rsa("RSA-768", 'b', 'h', 'f');
}

static int
set_up(void **state)
{
	(void)state;
	make('R', REQUEST(.common_name = "root", .is_ca = true), ROOT, 0, 0);
	make('O', REQUEST(.common_name = "old root", .is_ca = true,
	    .not_after = PAST), OLD, 0, 0);
	make('Q', REQUEST(.common_name = "other", .is_ca = true), OTHER, 0, 0);
	make('I', REQUEST(.common_name = "sub", .is_ca = true), INTERMEDIATE,
	    'R', ROOT);
	make('J', REQUEST(.common_name = "sub", .is_ca = true,
	    .not_after = PAST), INTERMEDIATE, 'R', ROOT);
	make('K', REQUEST(.common_name = "sub", .constraints = "CA:FALSE"),
	    INTERMEDIATE, 'R', ROOT);
	make('P', REQUEST(.common_name = "sub",
	    .constraints = "critical,CA:TRUE,pathlen:0"), INTERMEDIATE,
	    'R', ROOT);
	make('C', REQUEST(.common_name = "sub", .is_ca = true,
	    .name_constraints = "critical,permitted;DNS:example.com"),
	    INTERMEDIATE, 'R', ROOT);
	make('M', REQUEST(.common_name = "low", .is_ca = true), LOW,
	    'I', INTERMEDIATE);
	make('L', REQUEST(.names = "DNS:mx.example.com"), LEAF,
	    'I', INTERMEDIATE);
	make('N', REQUEST(.names = "DNS:mx.example.net"), LEAF,
	    'I', INTERMEDIATE);
	make('X', REQUEST(.names = "DNS:mx.example.com", .not_after = PAST),
	    LEAF, 'I', INTERMEDIATE);
	make('F', REQUEST(.names = "DNS:mx.example.com", .not_before = FUTURE),
	    LEAF, 'I', INTERMEDIATE);
	make('E', REQUEST(.names = "DNS:mx.example.com",
	    .extended_key_usage = "clientAuth"), LEAF, 'I', INTERMEDIATE);
	make('B', REQUEST(.names = "DNS:mx.example.com"), LEAF,
	    'I', OTHER);
	make('D', REQUEST(.names = "DNS:mx.example.com", .not_after = PAST),
	    LEAF, 'I', OTHER);
	make('T', REQUEST(.names = "DNS:mx.example.com"), LEAF, 'M', LOW);
	make('S', REQUEST(.common_name = "self"), LEAF, 0, 0);
	make('U', REQUEST(.common_name = "self", .not_after = PAST), LEAF, 0, 0);
	make('Z', REQUEST(.names = "DNS:mx.example.com"), LEAF, 'O', OLD);
	make('Y', REQUEST(.names = "DNS:mx.example.com",
	    .hash = EVP_sha1()), LEAF, 'I', INTERMEDIATE);
	make_weak();
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	for (size_t i = 0; i < 128; i++)
		X509_free(world[i]);
	builder_fini();
	return 0;
}

/* A bundle of these certificates, and `text` behind them. */
static struct trust *
open_bundle(const char *letters, const char *text, char why[256])
{
	char path[] = "/tmp/mxcensus-trust-XXXXXX";
	int descriptor = mkstemp(path);
	FILE *file = fdopen(descriptor, "w");
	struct trust *trust;

	assert_non_null(file);
	for (; *letters != '\0'; letters++)
		assert_int_equal(PEM_write_X509(file,
		    world[(unsigned char)*letters]), 1);
	fputs(text, file);
	fclose(file);
	trust = trust_open(path, why);
	unlink(path);
	assert_int_equal(ERR_peek_error(), 0);
	return trust;
}

static const struct row {
	const char	*what, *chain, *roots;
	bool		 trusted, in_dates;
	int		 error;
} rows[] = {
	{ "sound", "LI", "R", true, true, X509_V_OK },
	{ "root presented too", "LIR", "R", true, true, X509_V_OK },
	{ "wrong order", "LRI", "R", true, true, X509_V_OK },
	{ "a stranger between", "LQI", "R", true, true, X509_V_OK },
	{ "longer", "TMI", "R", true, true, X509_V_OK },
	{ "SHA-1 below the root", "YI", "R", false, true,
	    X509_V_ERR_CA_MD_TOO_WEAK },
	{ "SHA-1, expired", "yI", "R", false, false, X509_V_ERR_CA_MD_TOO_WEAK },
	{ "SHA-1 of the root itself", "p", "r", true, true, X509_V_OK },
	{ "RSA-1024", "aI", "R", true, true, X509_V_OK },
	{ "RSA-768", "bI", "R", false, true, X509_V_ERR_EE_KEY_TOO_SMALL },
	{ "RSA-1024 above", "eg", "R", true, true, X509_V_OK },
	{ "RSA-768 above", "fh", "R", false, true, X509_V_ERR_CA_KEY_TOO_SMALL },
	{ "gap", "L", "R", false, true,
	    X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY },
	{ "unknown root", "LI", "Q", false, true,
	    X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY },
	{ "unknown root presented", "LIR", "Q", false, true,
	    X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN },
	{ "self-signed", "S", "R", false, true,
	    X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT },
	{ "self-signed, in the store", "S", "S", true, true, X509_V_OK },
	{ "intermediate in the store is no root", "L", "I", false, true,
	    X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT },
	{ "expired leaf", "XI", "R", true, false, X509_V_ERR_CERT_HAS_EXPIRED },
	{ "leaf of the future", "FI", "R", true, false,
	    X509_V_ERR_CERT_NOT_YET_VALID },
	{ "expired intermediate", "LJ", "R", true, false,
	    X509_V_ERR_CERT_HAS_EXPIRED },
	{ "its twin beside it", "LJI", "R", true, true, X509_V_OK },
	{ "expired root", "Z", "O", true, false, X509_V_ERR_CERT_HAS_EXPIRED },
	{ "expired leaf, no path", "X", "R", false, false,
	    X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY },
	{ "expired and self-signed", "U", "R", false, false,
	    X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT },
	{ "expired intermediate, no path, leaf in dates", "LJ", "Q", false, true,
	    X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY },
	{ "signature", "BI", "R", false, true, X509_V_ERR_CERT_SIGNATURE_FAILURE },
	{ "signature and dates", "DI", "R", false, false,
	    X509_V_ERR_CERT_SIGNATURE_FAILURE },
	{ "signature below an expired intermediate", "BJ", "R", false, true,
	    X509_V_ERR_CERT_SIGNATURE_FAILURE },
	{ "intermediate is no CA", "LK", "R", false, true, X509_V_ERR_INVALID_CA },
	{ "purpose", "EI", "R", false, true, X509_V_ERR_INVALID_PURPOSE },
	{ "path length", "TMP", "R", false, true, X509_V_ERR_PATH_LENGTH_EXCEEDED },
	{ "path length kept", "LP", "R", true, true, X509_V_OK },
	{ "name constraints kept", "LC", "R", true, true, X509_V_OK },
	{ "name constraints", "NC", "R", false, true,
	    X509_V_ERR_PERMITTED_VIOLATION },
	{ "empty", "", "R", false, false, X509_V_ERR_UNSPECIFIED },
};

static void
judges(void **state)
{
	char why[256];

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		X509 *certificates[17] = { NULL };
		struct trust *trust = open_bundle(rows[i].roots, "", why);
		struct pkix_facts facts;
		struct chain chain;

		assert_non_null(trust);
		for (size_t c = 0; rows[i].chain[c] != '\0'; c++)
			certificates[c] =
			    world[(unsigned char)rows[i].chain[c]];
		chain_build(&chain, certificates);
		trust_judge(trust, &chain, BUILDER_NOW, &facts);
		if (facts.chain_trusted != rows[i].trusted ||
		    facts.in_dates != rows[i].in_dates ||
		    facts.chain_error != rows[i].error)
			fail_msg("%s: trusted %d, in dates %d, %s", rows[i].what,
			    facts.chain_trusted, facts.in_dates,
			    chain_error_text(facts.chain_error));
		assert_int_equal(ERR_peek_error(), 0);
		chain_fini(&chain);
		trust_free(trust);
	}
}

/* The dates themselves belong to the time in which a certificate holds. */
static void
edges_of_time(void **state)
{
	static const struct { int64_t now; int error; } table[] = {
		{ BUILDER_NOW - 15 * BUILDER_DAY - 1,
		    X509_V_ERR_CERT_NOT_YET_VALID },
		{ BUILDER_NOW - 15 * BUILDER_DAY, X509_V_OK },
		{ BUILDER_NOW + 15 * BUILDER_DAY - 1, X509_V_OK },
		{ BUILDER_NOW + 15 * BUILDER_DAY + 1,
		    X509_V_ERR_CERT_HAS_EXPIRED },
	};
	X509 *certificates[] = { world['L'], world['I'], NULL };
	char why[256];
	struct trust *trust = open_bundle("R", "", why);
	struct chain chain;

	(void)state;
	chain_build(&chain, certificates);
	for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
		struct pkix_facts facts;

		trust_judge(trust, &chain, table[i].now, &facts);
		assert_int_equal(facts.chain_error, table[i].error);
		assert_int_equal(facts.in_dates, table[i].error == X509_V_OK);
		assert_true(facts.chain_trusted);
	}
	chain_fini(&chain);
	trust_free(trust);
}

/* One certificate that cannot be decoded, and there is no path; whether the
 * leaf is in its dates is known of a leaf that can be. */
static void
undecodable(void **state)
{
	static const struct {
		char letters[4];
		size_t broken;
		bool in_dates;
	} table[] = {
		{ "LI", 0, false }, { "LI", 1, true }, { "XI", 1, false },
		{ "LIQ", 2, true },
	};
	char why[256];
	struct trust *trust = open_bundle("R", "", why);

	(void)state;
	for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
		struct chain chain = { 0 };
		struct pkix_facts facts;
		bool hostile = false;

		for (size_t c = 0; table[i].letters[c] != '\0'; c++) {
			X509 *x509 = world[(unsigned char)table[i].letters[c]];
			uint8_t *der = NULL;
			size_t length = c == table[i].broken
			    ? undecodable_build(x509, &der)
			    : (size_t)i2d_X509(x509, &der);

			assert_true(chain_add_der(&chain, der, length));
			OPENSSL_free(der);
		}
		chain_close(&chain);
		trust_judge(trust, &chain, BUILDER_NOW, &facts);
		assert_false(facts.chain_trusted);
		assert_int_equal(facts.chain_error, CHAIN_UNDECODABLE);
		assert_int_equal(facts.in_dates, table[i].in_dates);
		assert_int_equal(certificate_has_name(&chain.certificates[0],
		    "mx.example.com", true, &hostile), table[i].broken != 0);
		assert_int_equal(ERR_peek_error(), 0);
		chain_fini(&chain);
	}
	trust_free(trust);
}

static void
bundles(void **state)
{
	static const char encrypted[] =
	    "-----BEGIN CERTIFICATE-----\n"
	    "Proc-Type: 4,ENCRYPTED\n"
	    "DEK-Info: AES-128-CBC,00112233445566778899AABBCCDDEEFF\n\n"
	    "AAAAAAAAAAAAAAAAAAAAAA==\n"
	    "-----END CERTIFICATE-----\n";
	static const char key[] =
	    "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n";
	struct trust *trust;
	char why[256] = "";

	(void)state;
	trust = open_bundle("RQ", "# a comment behind\n", why);
	assert_non_null(trust);
	assert_int_equal(trust_count(trust), 2);
	assert_non_null(trust_store(trust));
	trust_free(trust);
	trust = open_bundle("R", key, why);		/* passed over */
	assert_non_null(trust);
	assert_int_equal(trust_count(trust), 1);
	trust_free(trust);
	assert_null(open_bundle("", "", why));
	assert_non_null(strstr(why, "holds no certificate"));
	assert_null(open_bundle("R", "-----BEGIN CERTIFICATE-----\nAAAA\n"
	    "-----END CERTIFICATE-----\n", why));
	assert_non_null(strstr(why, "certificate 2 cannot be read"));
	assert_null(open_bundle("R", "-----BEGIN CERTIFICATE-----\nMIIB\n", why));
	assert_non_null(strstr(why, "certificate 2 cannot be read"));
	assert_null(open_bundle("R", encrypted, why));	/* and asks nobody */
	assert_non_null(strstr(why, "certificate 2 cannot be read"));
	assert_null(trust_open("/nonexistent/bundle.pem", why));
	assert_non_null(strstr(why, "/nonexistent/bundle.pem: No such file"));
	trust_free(NULL);
}

static void
error_texts(void **state)
{
	(void)state;
	assert_string_equal(chain_error_text(X509_V_OK), "ok");
	assert_string_equal(chain_error_text(X509_V_ERR_CERT_HAS_EXPIRED),
	    "cert_has_expired");
	assert_string_equal(chain_error_text(X509_V_ERR_UNSPECIFIED),
	    "unspecified");
	assert_string_equal(chain_error_text(X509_V_ERR_EC_KEY_EXPLICIT_PARAMS),
	    "ec_key_explicit_params");
	assert_string_equal(chain_error_text(4000), "err_4000");
	assert_string_equal(chain_error_text(-2), "err_-2");
	assert_string_equal(chain_error_text(CHAIN_UNDECODABLE), "undecodable");
	for (int code = 0; code <= X509_V_ERR_EC_KEY_EXPLICIT_PARAMS; code++)
		assert_int_not_equal(strncmp(chain_error_text(code), "err_", 4),
		    0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(judges),
		cmocka_unit_test(edges_of_time),
		cmocka_unit_test(undecodable),
		cmocka_unit_test(bundles),
		cmocka_unit_test(error_texts),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, set_up, tear_down);
}

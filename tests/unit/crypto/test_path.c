/* Paths as OpenSSL alone finds them (RULES N8, U12), whether their signatures are
 * known or not; and no signature is verified twice. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "scanner/crypto/known.h"
#include "scanner/crypto/path.h"
#include "tests/unit/certificate_builder.h"

#define PAST	(BUILDER_NOW - BUILDER_DAY)
#define FUTURE	(BUILDER_NOW + BUILDER_DAY)

enum { LEAF = 1, SUB, ROOT, OTHER, LOW };

/* The signer is named before the signed certificate. `signer` 0: itself. */
static const struct row {
	char		 letter, signer;
	unsigned	 key, signer_key;
	struct certificate_request request;
} rows[] = {
	{ 'R', 0, ROOT, 0, { .common_name = "root", .is_ca = true } },
	{ 'O', 0, ROOT, 0, { .common_name = "root", .is_ca = true,
	    .not_after = PAST } },
	{ 'Q', 0, OTHER, 0, { .common_name = "other", .is_ca = true } },
	{ 'H', 0, ROOT, 0, { .common_name = "root", .is_ca = true,
	    .key_usage = "digitalSignature" } },
	{ 'I', 'R', SUB, ROOT, { .common_name = "sub", .is_ca = true } },
	{ 'J', 'R', SUB, ROOT, { .common_name = "sub", .is_ca = true,
	    .not_after = PAST } },
	{ 'K', 'R', SUB, ROOT, { .common_name = "sub",
	    .constraints = "CA:FALSE" } },
	{ 'P', 'R', SUB, ROOT, { .common_name = "sub",
	    .constraints = "critical,CA:TRUE,pathlen:0" } },
	{ 'C', 'R', SUB, ROOT, { .common_name = "sub", .is_ca = true,
	    .name_constraints = "critical,permitted;DNS:example.net" } },
	{ 'U', 'R', SUB, ROOT, { .common_name = "sub", .is_ca = true,
	    .key_usage = "cRLSign" } },
	{ 'W', 'R', SUB, OTHER, { .common_name = "sub", .is_ca = true } },
	{ 'M', 'I', LOW, SUB, { .common_name = "low", .is_ca = true } },
	{ 'L', 'I', LEAF, SUB, { .names = "DNS:mx.example.com" } },
	{ 'X', 'I', LEAF, SUB, { .names = "DNS:mx.example.com",
	    .not_after = PAST } },
	{ 'F', 'I', LEAF, SUB, { .names = "DNS:mx.example.com",
	    .not_before = FUTURE } },
	{ 'B', 'I', LEAF, OTHER, { .names = "DNS:mx.example.com" } },
	{ 'T', 'M', LEAF, LOW, { .names = "DNS:mx.example.com" } },
	{ 'Y', 'I', LEAF, SUB, { .names = "DNS:mx.example.com",
	    .extended_key_usage = "clientAuth" } },
	{ 'S', 0, LEAF, 0, { .common_name = "self" } },
};

static X509 *world[128];

static int
set_up(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct certificate_request request = rows[i].request;

		request.key = builder_key("P-256", rows[i].key);
		world[(unsigned char)rows[i].letter] = certificate_build(
		    &request, world[(unsigned char)rows[i].signer],
		    rows[i].signer != 0 ? builder_key("P-256",
		    rows[i].signer_key) : NULL);
	}
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	for (size_t i = 0; i < 128; i++)
		X509_free(world[i]);
	builder_fini();
	known_clear();
	return 0;
}

/* OpenSSL alone ************************************************************ */

struct wanted {
	struct path	 path;
	X509		*anchor;	/* whose dates do not count; or NULL */
};

static bool
is_date(int code)
{
	return code == X509_V_ERR_CERT_NOT_YET_VALID ||
	    code == X509_V_ERR_CERT_HAS_EXPIRED;
}

static int
on_step(int ok, X509_STORE_CTX *verification)
{
	struct wanted *wanted = X509_STORE_CTX_get_app_data(verification);
	int code = X509_STORE_CTX_get_error(verification);

	if (ok)
		return 1;
	if (!is_date(code)) {
		if (wanted->path.error == X509_V_OK)
			wanted->path.error = code;
		return 0;
	}
	if (wanted->anchor != NULL && X509_cmp(wanted->anchor,
	    X509_STORE_CTX_get_current_cert(verification)) == 0)
		return 1;
	if (wanted->path.date_error == X509_V_OK)
		wanted->path.date_error = code;
	return 1;
}

static struct path
by_openssl(const struct chain *chain, X509_STORE *store, X509 *anchor)
{
	X509_STORE_CTX *verification = X509_STORE_CTX_new();
	STACK_OF(X509) *presented = sk_X509_new_null();
	STACK_OF(X509) *trusted = sk_X509_new_null();
	struct wanted wanted = { .anchor = anchor };
	X509_VERIFY_PARAM *parameters;
	int result;

	for (size_t i = 0; i < chain->count; i++)
		sk_X509_push(presented, chain->certificates[i].x509);
	X509_STORE_CTX_init(verification, store, chain->certificates[0].x509,
	    presented);
	if (anchor != NULL) {
		sk_X509_push(trusted, anchor);
		X509_STORE_CTX_set0_trusted_stack(verification, trusted);
		if (X509_check_issued(anchor, anchor) == X509_V_OK)
			wanted.anchor = NULL;
	}
	X509_STORE_CTX_set_default(verification, "ssl_server");
	parameters = X509_STORE_CTX_get0_param(verification);
	X509_VERIFY_PARAM_set_time(parameters, (time_t)BUILDER_NOW);
	X509_VERIFY_PARAM_set_auth_level(parameters, 1);
	X509_VERIFY_PARAM_set_flags(parameters, X509_V_FLAG_TRUSTED_FIRST |
	    (anchor != NULL ? X509_V_FLAG_PARTIAL_CHAIN : 0));
	X509_STORE_CTX_set_app_data(verification, &wanted);
	X509_STORE_CTX_set_verify_cb(verification, on_step);
	result = X509_verify_cert(verification);
	if (result == 1 && wanted.path.error == X509_V_OK)
		wanted.path.length = (size_t)sk_X509_num(
		    X509_STORE_CTX_get0_chain(verification));
	else if (wanted.path.error == X509_V_OK)
		wanted.path.error = X509_STORE_CTX_get_error(verification);
	X509_STORE_CTX_free(verification);
	sk_X509_free(presented);
	sk_X509_free(trusted);
	ERR_clear_error();
	return wanted.path;
}

static void
compare(const char *letters, char root, const struct path *got,
    const struct path *wanted)
{
	if (got->error != wanted->error || got->length != wanted->length ||
	    (wanted->error == X509_V_OK &&
	    got->date_error != wanted->date_error))
		fail_msg("%s to %c: %s, %zu; OpenSSL: %s, %zu", letters, root,
		    X509_verify_cert_error_string(got->error), got->length,
		    X509_verify_cert_error_string(wanted->error),
		    wanted->length);
}

static void
judge(const char *letters, char root, X509_STORE *store, size_t *sound)
{
	X509 *certificates[4] = { NULL }, *anchor = world[(unsigned char)root];
	struct path got, wanted;
	struct chain chain;

	for (size_t i = 0; letters[i] != '\0'; i++)
		certificates[i] = world[(unsigned char)letters[i]];
	chain_build(&chain, certificates);
	wanted = by_openssl(&chain, store, NULL);
	path_to_store(&chain, store, BUILDER_NOW, &got);
	compare(letters, root, &got, &wanted);
	*sound += got.error == X509_V_OK;
	wanted = by_openssl(&chain, NULL, anchor);
	path_to_anchor(&chain, anchor, BUILDER_NOW, &got);
	compare(letters, root, &got, &wanted);
	chain_fini(&chain);
}

/* Every chain of up to three certificates, to every root. Known signatures make
 * no difference: in the second round all are known. */
static void
as_openssl(void **state)
{
	static const char roots[] = "ROQHISJ", leaves[] = "LXFBTYSI";
	size_t sound[2] = { 0, 0 }, count = sizeof rows / sizeof rows[0];

	(void)state;
	known_clear();
	for (int round = 0; round < 2; round++)
		for (size_t r = 0; roots[r] != '\0'; r++) {
			X509_STORE *store = X509_STORE_new();

			assert_int_equal(X509_STORE_add_cert(store,
			    world[(unsigned char)roots[r]]), 1);
			for (size_t l = 0; leaves[l] != '\0'; l++)
				for (size_t i = 0; i < count * count; i++) {
					char letters[4] = {
						leaves[l],
						rows[i / count].letter,
						rows[i % count].letter, 0,
					};

					judge(letters, roots[r], store,
					    &sound[round]);
				}
			X509_STORE_free(store);
		}
	assert_true(sound[0] > 100);
	assert_int_equal(sound[0], sound[1]);
}

/* Counts ******************************************************************* */

static uint64_t
verified(const char *letters, char root)
{
	X509 *certificates[4] = { NULL };
	X509_STORE *store = X509_STORE_new();
	uint64_t before = path_counts.signatures;
	struct chain chain;
	struct path path;

	for (size_t i = 0; letters[i] != '\0'; i++)
		certificates[i] = world[(unsigned char)letters[i]];
	chain_build(&chain, certificates);
	X509_STORE_add_cert(store, world[(unsigned char)root]);
	path_to_store(&chain, store, BUILDER_NOW, &path);
	chain_fini(&chain);
	X509_STORE_free(store);
	return path_counts.signatures - before;
}

static void
each_signature_once(void **state)
{
	(void)state;
	known_clear();
	assert_int_equal(verified("LI", 'R'), 2);
	/* Another leaf of the same authority: its signature alone. */
	assert_int_equal(verified("XI", 'R'), 1);
	/* The same leaf again, with the root presented, too. */
	assert_int_equal(verified("LIR", 'R'), 0);
	/* A forged one is verified each time: only what holds is known. */
	assert_int_equal(verified("BI", 'R'), 1);
	assert_int_equal(verified("BI", 'R'), 1);
	known_clear();
	assert_int_equal(verified("LI", 'R'), 2);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(as_openssl),
		cmocka_unit_test(each_signature_once),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, set_up, tear_down);
}

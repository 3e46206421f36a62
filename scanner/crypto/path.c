#include "scanner/crypto/path.h"

#include <assert.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <string.h>
#include <time.h>

#include "scanner/crypto/known.h"

struct path_counts path_counts;

static bool
is_date_error(int code)
{
	return code == X509_V_ERR_CERT_NOT_YET_VALID ||
	    code == X509_V_ERR_CERT_HAS_EXPIRED ||
	    code == X509_V_ERR_ERROR_IN_CERT_NOT_BEFORE_FIELD ||
	    code == X509_V_ERR_ERROR_IN_CERT_NOT_AFTER_FIELD;
}

/* Senders that authenticate demand this of every key and signature
 * (path.h). */
enum { SECURITY_LEVEL = 1 };

/* What a verification trusts (one of the two), and its result. */
struct request {
	const struct chain *chain;
	X509_STORE	*store;
	X509		*anchor;
	bool		 ignores_anchor_dates;
	int64_t		 now;
	X509_STORE_CTX_verify_fn openssl_verify;
	struct path	*path;
};

/* Records the first error of each kind, and continues after an error about a
 * date. */
static int
on_step(int ok, X509_STORE_CTX *verification)
{
	const struct request *request =
	    X509_STORE_CTX_get_app_data(verification);
	struct path *path = request->path;
	int code = X509_STORE_CTX_get_error(verification);

	if (ok)
		return 1;
	if (is_date_error(code)) {
		if (request->ignores_anchor_dates && X509_cmp(request->anchor,
		    X509_STORE_CTX_get_current_cert(verification)) == 0)
			return 1;
		if (path->date_error == X509_V_OK)
			path->date_error = code;
		return 1;
	}
	if (path->error == X509_V_OK)
		path->error = code;
	return 0;
}

/* Setting up fails only if there is no memory, which is a fault of the machine
 * and never a finding. */
static void
require(bool done)
{
	assert(done);
	(void)done;
}

/* Signatures *************************************************************
 *
 * The last step of X509_verify_cert follows the path that it has built, from
 * the anchor down, and looks at signatures and dates. All other checks come
 * before, or after, and stay with OpenSSL. Here a signature that is known is
 * not verified again. */

static void
hash_of(const struct request *request, const X509 *x509,
    uint8_t sha256[SHA256_BYTES])
{
	const struct chain *chain = request->chain;

	for (size_t i = 0; i < chain->count; i++)
		if (chain->certificates[i].x509 == x509) {
			memcpy(sha256, chain->certificates[i].sha256,
			    SHA256_BYTES);
			return;
		}
	require(X509_digest(x509, EVP_sha256(), sha256, NULL) == 1);
}

static int
tell(X509_STORE_CTX *verification, int depth, X509 *subject, int code)
{
	X509_STORE_CTX_set_error_depth(verification, depth);
	X509_STORE_CTX_set_current_cert(verification, subject);
	X509_STORE_CTX_set_error(verification, code);
	return on_step(0, verification);
}

/* As in OpenSSL, a date that cannot be read is an error of its own. on_step
 * continues after each of them. */
static void
verify_dates(X509_STORE_CTX *verification, int depth, X509 *subject,
    int64_t now)
{
	time_t moment = (time_t)now;
	int order = X509_cmp_time(X509_get0_notBefore(subject), &moment);

	if (order >= 0)
		(void)tell(verification, depth, subject, order == 0
		    ? X509_V_ERR_ERROR_IN_CERT_NOT_BEFORE_FIELD
		    : X509_V_ERR_CERT_NOT_YET_VALID);
	order = X509_cmp_time(X509_get0_notAfter(subject), &moment);
	if (order <= 0)
		(void)tell(verification, depth, subject, order == 0
		    ? X509_V_ERR_ERROR_IN_CERT_NOT_AFTER_FIELD
		    : X509_V_ERR_CERT_HAS_EXPIRED);
}

static bool
is_signed(const struct request *request, X509 *issuer, X509 *subject)
{
	uint8_t of_issuer[SHA256_BYTES], of_subject[SHA256_BYTES];

	hash_of(request, issuer, of_issuer);
	hash_of(request, subject, of_subject);
	if (known_signed(of_issuer, of_subject))
		return true;
	path_counts.signatures++;
	if (X509_verify(subject, X509_get0_pubkey(issuer)) != 1)
		return false;
	known_keep_signed(of_issuer, of_subject);
	return true;
}

/* Does each issuer of the path have a decoded key, and may it sign the
 * certificate below it? Then only signatures and dates remain to be checked.
 * The anchor is last: it has issued itself, or was named as the anchor. */
static bool
is_plain(const struct request *request, const STACK_OF(X509) *path)
{
	int last = sk_X509_num(path) - 1;
	X509 *anchor = sk_X509_value(path, last);

	if (request->anchor == NULL &&
	    X509_check_issued(anchor, anchor) != X509_V_OK)
		return false;
	for (int i = 0; i < last; i++) {
		X509 *issuer = sk_X509_value(path, i + 1);

		if (X509_get0_pubkey(issuer) == NULL || X509_check_issued(
		    issuer, sk_X509_value(path, i)) != X509_V_OK)
			return false;
	}
	return true;
}

static int
verify_signatures(X509_STORE_CTX *verification)
{
	const struct request *request =
	    X509_STORE_CTX_get_app_data(verification);
	const STACK_OF(X509) *path = X509_STORE_CTX_get0_chain(verification);
	int last = sk_X509_num(path) - 1;

	if (!is_plain(request, path))
		return request->openssl_verify(verification);
	for (int depth = last; depth >= 0; depth--) {
		X509 *subject = sk_X509_value(path, depth);

		if (depth < last && !is_signed(request,
		    sk_X509_value(path, depth + 1), subject))
			return tell(verification, depth, subject,
			    X509_V_ERR_CERT_SIGNATURE_FAILURE);
		verify_dates(verification, depth, subject, request->now);
	}
	return 1;
}

static void
verify(X509_STORE_CTX *verification, unsigned long flags,
    struct request *request)
{
	struct path *path = request->path;
	X509_VERIFY_PARAM *parameters;

	require(X509_STORE_CTX_set_default(verification, "ssl_server") == 1);
	parameters = X509_STORE_CTX_get0_param(verification);
	X509_VERIFY_PARAM_set_time(parameters, (time_t)request->now);
	X509_VERIFY_PARAM_set_auth_level(parameters, SECURITY_LEVEL);
	require(X509_VERIFY_PARAM_set_flags(parameters, flags) == 1);
	require(X509_STORE_CTX_set_app_data(verification, request) == 1);
	X509_STORE_CTX_set_verify_cb(verification, on_step);
	request->openssl_verify = X509_STORE_CTX_get_verify(verification);
	X509_STORE_CTX_set_verify(verification, verify_signatures);
	if (X509_verify_cert(verification) == 1 && path->error == X509_V_OK) {
		path->length = (size_t)sk_X509_num(
		    X509_STORE_CTX_get0_chain(verification));
		return;
	}
	/* Some failures do not call the callback. */
	if (path->error == X509_V_OK)
		path->error = X509_STORE_CTX_get_error(verification);
	if (path->error == X509_V_OK || is_date_error(path->error))
		path->error = X509_V_ERR_UNSPECIFIED;
}

/* Adds everything that was presented, by reference. */
static STACK_OF(X509) *
presented(const struct chain *chain)
{
	STACK_OF(X509) *stack = sk_X509_new_reserve(NULL, (int)chain->count);

	require(stack != NULL);
	for (size_t i = 0; i < chain->count; i++)
		require(sk_X509_push(stack, chain->certificates[i].x509) > 0);
	return stack;
}

static void
judge(struct request *request)
{
	const struct chain *chain = request->chain;
	X509_STORE_CTX *verification = X509_STORE_CTX_new();
	STACK_OF(X509) *untrusted, *trusted = NULL;
	unsigned long flags = X509_V_FLAG_TRUSTED_FIRST;

	assert(chain->count > 0 && chain_is_decoded(chain));
	assert((request->store == NULL) != (request->anchor == NULL));
	ERR_clear_error();
	*request->path = (struct path){ X509_V_OK, X509_V_OK, 0 };
	untrusted = presented(chain);
	require(verification != NULL && X509_STORE_CTX_init(verification,
	    request->store, chain->certificates[0].x509, untrusted) == 1);
	if (request->anchor != NULL) {
		trusted = sk_X509_new_null();
		require(trusted != NULL &&
		    sk_X509_push(trusted, request->anchor) > 0);
		X509_STORE_CTX_set0_trusted_stack(verification, trusted);
		flags |= X509_V_FLAG_PARTIAL_CHAIN;
	}
	verify(verification, flags, request);
	X509_STORE_CTX_free(verification);
	sk_X509_free(trusted);
	sk_X509_free(untrusted);
	ERR_clear_error();
}

void
path_to_store(const struct chain *chain, X509_STORE *store, int64_t now,
    struct path *path)
{
	struct request request = {
		.chain = chain, .store = store, .now = now, .path = path,
	};

	judge(&request);
}

void
path_to_anchor(const struct chain *chain, X509 *anchor, int64_t now,
    struct path *path)
{
	struct request request = {
		.chain = chain, .anchor = anchor, .now = now, .path = path,
		.ignores_anchor_dates =
		    X509_check_issued(anchor, anchor) != X509_V_OK,
	};

	judge(&request);
}

void
path_to_top(const struct chain *chain, X509 *top, int64_t now,
    struct path *path)
{
	struct request request = {
		.chain = chain, .anchor = top, .now = now, .path = path,
	};

	judge(&request);
}

bool
path_dates_hold(const X509 *certificate, int64_t now)
{
	time_t moment = (time_t)now;
	int after_begin, after_end;

	/* A result of 0 is an error. Otherwise the sign says whether the date
	 * is before or after the moment; a date that equals it counts as
	 * before. */
	after_begin = X509_cmp_time(X509_get0_notBefore(certificate), &moment);
	after_end = X509_cmp_time(X509_get0_notAfter(certificate), &moment);
	ERR_clear_error();
	return after_begin < 0 && after_end > 0;
}

#include "scanner/crypto/path.h"

#include <assert.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <time.h>

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

/* What a verification may trust (one of the two), and its result. */
struct request {
	X509_STORE	*store;
	X509		*anchor;
	bool		 ignores_anchor_dates;
	struct path	*path;
};

/* Notes the first error of each kind, and goes on after an error about a
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

/* Setting up fails only without memory, which is a fault of the machine and
 * never a finding. */
static void
require(bool done)
{
	assert(done);
	(void)done;
}

static void
verify(X509_STORE_CTX *verification, int64_t now, unsigned long flags,
    struct request *request)
{
	struct path *path = request->path;
	X509_VERIFY_PARAM *parameters;

	require(X509_STORE_CTX_set_default(verification, "ssl_server") == 1);
	parameters = X509_STORE_CTX_get0_param(verification);
	X509_VERIFY_PARAM_set_time(parameters, (time_t)now);
	X509_VERIFY_PARAM_set_auth_level(parameters, SECURITY_LEVEL);
	require(X509_VERIFY_PARAM_set_flags(parameters, flags) == 1);
	require(X509_STORE_CTX_set_app_data(verification, request) == 1);
	X509_STORE_CTX_set_verify_cb(verification, on_step);
	if (X509_verify_cert(verification) == 1 && path->error == X509_V_OK) {
		path->length = (size_t)sk_X509_num(
		    X509_STORE_CTX_get0_chain(verification));
		return;
	}
	/* Some failures never reach the callback. */
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
judge(const struct chain *chain, struct request *request, int64_t now)
{
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
	verify(verification, now, flags, request);
	X509_STORE_CTX_free(verification);
	sk_X509_free(trusted);
	sk_X509_free(untrusted);
	ERR_clear_error();
}

void
path_to_store(const struct chain *chain, X509_STORE *store, int64_t now,
    struct path *path)
{
	struct request request = { .store = store, .path = path };

	judge(chain, &request, now);
}

void
path_to_anchor(const struct chain *chain, X509 *anchor, int64_t now,
    struct path *path)
{
	struct request request = {
		.anchor = anchor, .path = path, .ignores_anchor_dates =
		    X509_check_issued(anchor, anchor) != X509_V_OK,
	};

	judge(chain, &request, now);
}

void
path_to_top(const struct chain *chain, X509 *top, int64_t now,
    struct path *path)
{
	struct request request = { .anchor = top, .path = path };

	judge(chain, &request, now);
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

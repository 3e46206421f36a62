#include "scanner/crypto/library.h"

#include <openssl/core_dispatch.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/params.h>
#include <openssl/provider.h>
#include <stdbool.h>
#include <string.h>

#define DECODERS_MAX	64
#define NAME		"mxcensus"

static OSSL_LIB_CTX *context;
static bool is_made;
/* OpenSSL's own provider, in a context that is used for nothing else. */
static OSSL_PROVIDER *whole;
static OSSL_ALGORITHM decoders[DECODERS_MAX + 1];

static void
choose_decoders(const OSSL_ALGORITHM *all)
{
	size_t count = 0;

	for (; all != NULL && all->algorithm_names != NULL; all++)
		if (count < DECODERS_MAX &&
		    strstr(all->property_definition, "input=der") != NULL &&
		    strstr(all->property_definition,
		    "structure=SubjectPublicKeyInfo") != NULL)
			decoders[count++] = *all;
}

/* The provider ************************************************************ */

static const OSSL_ALGORITHM *
query(void *of_whole, int operation, int *no_cache)
{
	(void)of_whole;
	if (operation != OSSL_OP_DECODER)
		return OSSL_PROVIDER_query_operation(whole, operation,
		    no_cache);
	*no_cache = 0;
	return decoders;
}

static int
get_capabilities(void *of_whole, const char *capability, OSSL_CALLBACK *take,
    void *tag)
{
	(void)of_whole;
	return OSSL_PROVIDER_get_capabilities(whole, capability, take, tag);
}

static const OSSL_PARAM *
gettable_params(void *of_whole)
{
	(void)of_whole;
	return OSSL_PROVIDER_gettable_params(whole);
}

static int
get_params(void *of_whole, OSSL_PARAM params[])
{
	(void)of_whole;
	return OSSL_PROVIDER_get_params(whole, params);
}

/* `whole` lives as long as the process. */
static void
tear_down(void *of_whole)
{
	(void)of_whole;
}

/* Algorithms find their state in the context of the provider that they belong
 * to. */
static int
initialise(const OSSL_CORE_HANDLE *core, const OSSL_DISPATCH *in,
    const OSSL_DISPATCH **out, void **provider_context)
{
	static const OSSL_DISPATCH functions[] = {
		{ OSSL_FUNC_PROVIDER_TEARDOWN, (void (*)(void))tear_down },
		{ OSSL_FUNC_PROVIDER_GETTABLE_PARAMS,
		  (void (*)(void))gettable_params },
		{ OSSL_FUNC_PROVIDER_GET_PARAMS, (void (*)(void))get_params },
		{ OSSL_FUNC_PROVIDER_QUERY_OPERATION, (void (*)(void))query },
		{ OSSL_FUNC_PROVIDER_GET_CAPABILITIES,
		  (void (*)(void))get_capabilities },
		{ 0, NULL },
	};

	(void)core;
	(void)in;
	*out = functions;
	*provider_context = OSSL_PROVIDER_get0_provider_ctx(whole);
	return 1;
}

/* The context ************************************************************* */

static OSSL_LIB_CTX *
make_context(void)
{
	OSSL_LIB_CTX *base = OSSL_LIB_CTX_new(), *made;
	int no_cache;

	whole = base == NULL ? NULL : OSSL_PROVIDER_load(base, "default");
	if (whole == NULL)
		return NULL;
	choose_decoders(OSSL_PROVIDER_query_operation(whole, OSSL_OP_DECODER,
	    &no_cache));
	made = decoders[0].algorithm_names == NULL ? NULL : OSSL_LIB_CTX_new();
	if (made == NULL || OSSL_PROVIDER_add_builtin(made, NAME,
	    initialise) != 1 || OSSL_PROVIDER_load(made, NAME) == NULL) {
		OSSL_LIB_CTX_free(made);
		return NULL;
	}
	return made;
}

OSSL_LIB_CTX *
library_context(void)
{
	if (!is_made) {
		is_made = true;
		context = make_context();
		ERR_clear_error();
	}
	return context;
}

X509 *
library_certificate(const uint8_t **der, size_t length)
{
	X509 *x509 = X509_new_ex(library_context(), NULL);

	/* d2i_X509 frees what it was given if it fails. */
	return x509 == NULL ? NULL : d2i_X509(&x509, der, (long)length);
}

EVP_PKEY *
library_key(const uint8_t **der, size_t length)
{
	return d2i_PUBKEY_ex(NULL, der, (long)length, library_context(), NULL);
}

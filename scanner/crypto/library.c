#include "scanner/crypto/library.h"

#include <openssl/core_dispatch.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/params.h>
#include <openssl/provider.h>
#include <stdbool.h>
#include <string.h>

#include "scanner/crypto/curve_decoder.h"

#define CHOSEN_MAX	128
#define NAME		"mxcensus"

static OSSL_LIB_CTX *context;
static bool is_made;
/* OpenSSL's own provider, in a context that is used for odd keys alone. */
static OSSL_LIB_CTX *base;
static OSSL_PROVIDER *whole;

/* What is chosen ************************************************************
 *
 * OpenSSL walks over all algorithms of a context, of any kind, whenever it
 * decodes a key. So what neither TLS nor a certificate uses is left out. */

static bool
is_one_of(const OSSL_ALGORITHM *algorithm, const char *const *names)
{
	const char *name = algorithm->algorithm_names;
	size_t length = strcspn(name, ":");

	for (; *names != NULL; names++)
		if (strlen(*names) == length &&
		    memcmp(*names, name, length) == 0)
			return true;
	return false;
}

/* The keys that a server can show in TLS. */
static bool
is_wanted_decoder(const OSSL_ALGORITHM *decoder)
{
	static const char *const of_servers[] = {
		"RSA", "RSA-PSS", "EC", "ED25519", "ED448", "DSA", NULL
	};

	return strstr(decoder->property_definition, "input=der") != NULL &&
	    strstr(decoder->property_definition,
	    "structure=SubjectPublicKeyInfo") != NULL &&
	    is_one_of(decoder, of_servers);
}

/* The modes of TLS; no cipher suite has keys of 192 bits, SM4, or ARIA in
 * CBC. */
static bool
is_wanted_cipher(const OSSL_ALGORITHM *cipher)
{
	const char *names = cipher->algorithm_names;

	return strstr(names, "CTS") == NULL && strstr(names, "192") == NULL &&
	    strncmp(names, "SM4", 3) != 0 &&
	    !(strncmp(names, "ARIA", 4) == 0 && strstr(names, "-CBC") != NULL) &&
	    (strstr(names, "-CBC") != NULL || strstr(names, "-GCM") != NULL ||
	    strstr(names, "-CCM") != NULL || strstr(names, "NULL") != NULL ||
	    strncmp(names, "ChaCha20-Poly1305", 17) == 0);
}

/* Those of TLS and of signatures. */
static bool
is_wanted_digest(const OSSL_ALGORITHM *digest)
{
	static const char *const families[] = { "BLAKE2", "KECCAK", "SHAKE" };

	for (size_t i = 0; i < sizeof families / sizeof families[0]; i++)
		if (strncmp(digest->algorithm_names, families[i],
		    strlen(families[i])) == 0)
			return false;
	return true;
}

/* HMAC is the MAC of TLS 1.2 and older. */
static bool
is_hmac(const OSSL_ALGORITHM *mac)
{
	static const char *const hmac[] = { "HMAC", NULL };

	return is_one_of(mac, hmac);
}

static bool
is_wanted_derivation(const OSSL_ALGORITHM *derivation)
{
	static const char *const of_tls[] = {
		"HKDF", "TLS13-KDF", "TLS1-PRF", NULL
	};

	return is_one_of(derivation, of_tls);
}

/* Keys, their signatures and their exchange: all but kinds that TLS does not
 * use, and what OpenSSL does with MACs and key derivation as if they were
 * keys. */
static bool
is_wanted_key(const OSSL_ALGORITHM *algorithm)
{
	static const char *const others[] = {
		"CMAC", "DHX", "HKDF", "POLY1305", "SCRYPT", "SIPHASH", "SM2",
		"TLS1-PRF", NULL
	};

	return !is_one_of(algorithm, others);
}

static struct choice {
	int		 operation;
	bool		(*is_wanted)(const OSSL_ALGORITHM *);
	OSSL_ALGORITHM	 chosen[CHOSEN_MAX + 1];
} choices[] = {
	{ .operation = OSSL_OP_DECODER, .is_wanted = is_wanted_decoder },
	{ .operation = OSSL_OP_CIPHER, .is_wanted = is_wanted_cipher },
	{ .operation = OSSL_OP_DIGEST, .is_wanted = is_wanted_digest },
	{ .operation = OSSL_OP_MAC, .is_wanted = is_hmac },
	{ .operation = OSSL_OP_KDF, .is_wanted = is_wanted_derivation },
	{ .operation = OSSL_OP_KEYMGMT, .is_wanted = is_wanted_key },
	{ .operation = OSSL_OP_SIGNATURE, .is_wanted = is_wanted_key },
	{ .operation = OSSL_OP_KEYEXCH, .is_wanted = is_wanted_key },
};

#define CHOICES	(sizeof choices / sizeof choices[0])

/* Returns false if no algorithm is chosen, or more than there is room for. */
static bool
choose(struct choice *choice)
{
	const OSSL_ALGORITHM *all;
	size_t count = 0;
	int no_cache;

	all = OSSL_PROVIDER_query_operation(whole, choice->operation,
	    &no_cache);
	for (; all != NULL && all->algorithm_names != NULL; all++) {
		if (!choice->is_wanted(all))
			continue;
		if (count == CHOSEN_MAX)
			return false;
		choice->chosen[count++] = *all;
	}
	return count > 0;
}

static bool
choose_all(void)
{
	for (size_t i = 0; i < CHOICES; i++)
		if (!choose(&choices[i]))
			return false;
	return true;
}

/* The provider ************************************************************ */

/* TLS fetches these when its context is made, or in few sessions. They need not
 * be in the list that OpenSSL walks over. */
static bool
is_rarely_fetched(int operation)
{
	return operation == OSSL_OP_CIPHER || operation == OSSL_OP_RAND ||
	    operation == OSSL_OP_ASYM_CIPHER || operation == OSSL_OP_KEM;
}

static const OSSL_ALGORITHM *
query(void *of_whole, int operation, int *no_cache)
{
	const OSSL_ALGORITHM *all;

	(void)of_whole;
	for (size_t i = 0; i < CHOICES; i++)
		if (choices[i].operation == operation) {
			*no_cache = is_rarely_fetched(operation);
			return choices[i].chosen;
		}
	all = OSSL_PROVIDER_query_operation(whole, operation, no_cache);
	*no_cache = is_rarely_fetched(operation);
	return all;
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

static OSSL_ALGORITHM *
algorithm_of(int operation, const char *name)
{
	const char *const names[] = { name, NULL };

	for (size_t i = 0; i < CHOICES; i++) {
		OSSL_ALGORITHM *algorithm = choices[i].chosen;

		if (choices[i].operation != operation)
			continue;
		for (; algorithm->algorithm_names != NULL; algorithm++)
			if (is_one_of(algorithm, names))
				return algorithm;
	}
	return NULL;
}

static void
quicken(const OSSL_DISPATCH *core)
{
	OSSL_ALGORITHM *decoder = algorithm_of(OSSL_OP_DECODER, "EC");
	const OSSL_ALGORITHM *keys = algorithm_of(OSSL_OP_KEYMGMT, "EC");

	if (decoder != NULL && keys != NULL)
		decoder->implementation = curve_decoder(
		    decoder->implementation, keys->implementation, core,
		    whole);
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
	quicken(in);
	*out = functions;
	*provider_context = OSSL_PROVIDER_get0_provider_ctx(whole);
	return 1;
}

/* The context ************************************************************* */

static OSSL_LIB_CTX *
make_context(void)
{
	OSSL_LIB_CTX *made;

	base = OSSL_LIB_CTX_new();
	whole = base == NULL ? NULL : OSSL_PROVIDER_load(base, "default");
	made = whole == NULL || !choose_all() ? NULL : OSSL_LIB_CTX_new();
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

/* Returns NULL if it cannot be decoded. */
static X509 *
certificate_in(OSSL_LIB_CTX *library, const uint8_t **der, size_t length)
{
	X509 *x509 = X509_new_ex(library, NULL);

	/* d2i_X509 frees what it was given if it fails. */
	return x509 == NULL ? NULL : d2i_X509(&x509, der, (long)length);
}

X509 *
library_complete(X509 *x509, const uint8_t *der, size_t length)
{
	X509 *complete;

	if (X509_get0_pubkey(x509) != NULL || whole == NULL)
		return x509;
	complete = certificate_in(base, &der, length);
	if (complete == NULL)
		return x509;
	X509_free(x509);
	return complete;
}

X509 *
library_certificate(const uint8_t **der, size_t length)
{
	const uint8_t *begin = *der;
	X509 *x509 = certificate_in(library_context(), der, length);

	return x509 == NULL ? NULL : library_complete(x509, begin, length);
}

EVP_PKEY *
library_key(const uint8_t **der, size_t length)
{
	EVP_PKEY *key = d2i_PUBKEY_ex(NULL, der, (long)length,
	    library_context(), NULL);

	return key != NULL || whole == NULL ? key :
	    d2i_PUBKEY_ex(NULL, der, (long)length, base, NULL);
}

#include "tests/unit/certificate_builder.h"

#include <assert.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <string.h>

#define KEYS_MAX 32

static struct {
	const char	*kind;
	unsigned	 number;
	EVP_PKEY	*key;
} keys[KEYS_MAX];

EVP_PKEY *
builder_key(const char *kind, unsigned number)
{
	size_t i;

	for (i = 0; i < KEYS_MAX && keys[i].key != NULL; i++) {
		if (strcmp(keys[i].kind, kind) == 0 && keys[i].number == number)
			return keys[i].key;
	}
	assert(i < KEYS_MAX);
	keys[i].kind = kind;
	keys[i].number = number;
	if (strncmp(kind, "RSA-", 4) == 0)
		keys[i].key = EVP_RSA_gen(strtoul(kind + 4, NULL, 10));
	else if (strncmp(kind, "ED", 2) == 0)
		keys[i].key = EVP_PKEY_Q_keygen(NULL, NULL, kind);
	else
		keys[i].key = EVP_EC_gen(kind);
	assert(keys[i].key != NULL);
	return keys[i].key;
}

void
builder_fini(void)
{
	for (size_t i = 0; i < KEYS_MAX && keys[i].key != NULL; i++) {
		EVP_PKEY_free(keys[i].key);
		keys[i].key = NULL;
	}
}

static void
add_extension(X509 *x509, int nid, const char *value)
{
	X509_EXTENSION *extension;

	if (value == NULL)
		return;
	extension = X509V3_EXT_conf_nid(NULL, NULL, nid, value);
	assert(extension != NULL && X509_add_ext(x509, extension, -1) == 1);
	X509_EXTENSION_free(extension);
}

static void
add_names(X509 *x509, const struct certificate_request *request)
{
	GENERAL_NAMES *names;
	X509_EXTENSION *extension;

	if (request->names == NULL && request->raw_name == NULL)
		return;
	if (request->names != NULL) {
		extension = X509V3_EXT_conf_nid(NULL, NULL,
		    NID_subject_alt_name, request->names);
		assert(extension != NULL);
		names = X509V3_EXT_d2i(extension);
		X509_EXTENSION_free(extension);
	} else
		names = sk_GENERAL_NAME_new_null();
	assert(names != NULL);
	if (request->raw_name != NULL) {
		GENERAL_NAME *name = GENERAL_NAME_new();
		ASN1_IA5STRING *text = ASN1_IA5STRING_new();

		assert(name != NULL && text != NULL &&
		    ASN1_STRING_set(text, request->raw_name,
		    (int)request->raw_length) == 1);
		GENERAL_NAME_set0_value(name, GEN_DNS, text);
		assert(sk_GENERAL_NAME_push(names, name) > 0);
	}
	assert(X509_add1_ext_i2d(x509, NID_subject_alt_name, names, 0,
	    X509V3_ADD_DEFAULT) == 1);
	GENERAL_NAMES_free(names);
}

static void
set_name(X509_NAME *name, const char *common_name)
{
	if (common_name != NULL)
		assert(X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8,
		    (const unsigned char *)common_name, -1, -1, 0) == 1);
}

static void
set_issuer(X509 *x509, const struct certificate_request *request, X509 *issuer)
{
	X509_NAME *name;

	if (request->issuer_name == NULL) {
		assert(X509_set_issuer_name(x509, X509_get_subject_name(
		    issuer != NULL ? issuer : x509)) == 1);
		return;
	}
	name = X509_NAME_new();
	assert(name != NULL);
	set_name(name, request->issuer_name);
	assert(X509_set_issuer_name(x509, name) == 1);
	X509_NAME_free(name);
}

X509 *
certificate_build(const struct certificate_request *request, X509 *issuer,
    EVP_PKEY *issuer_key)
{
	static long serial = 1000;
	int64_t begin = request->not_before, end = request->not_after;
	EVP_PKEY *signer = issuer_key != NULL ? issuer_key : request->key;
	bool is_edwards = EVP_PKEY_is_a(signer, "ED25519") ||
	    EVP_PKEY_is_a(signer, "ED448");
	X509 *x509 = X509_new();

	if (begin == 0)
		begin = BUILDER_NOW - 15 * BUILDER_DAY;
	if (end == 0)
		end = BUILDER_NOW + 15 * BUILDER_DAY;
	assert(x509 != NULL && X509_set_version(x509, X509_VERSION_3) == 1);
	assert(ASN1_INTEGER_set(X509_get_serialNumber(x509), serial++) == 1);
	assert(ASN1_TIME_set(X509_getm_notBefore(x509), begin) != NULL);
	assert(ASN1_TIME_set(X509_getm_notAfter(x509), end) != NULL);
	assert(X509_set_pubkey(x509, request->key) == 1);
	set_name(X509_get_subject_name(x509), request->common_name);
	set_issuer(x509, request, issuer);
	add_extension(x509, NID_basic_constraints,
	    request->constraints != NULL ? request->constraints :
	    request->is_ca ? "critical,CA:TRUE" : NULL);
	add_extension(x509, NID_key_usage, request->key_usage);
	add_extension(x509, NID_ext_key_usage, request->extended_key_usage);
	add_extension(x509, NID_name_constraints, request->name_constraints);
	add_names(x509, request);
	assert(X509_sign(x509, signer, is_edwards ? NULL :
	    request->hash != NULL ? request->hash : EVP_sha256()) > 0);
	return x509;
}

size_t
undecodable_build(X509 *sound, uint8_t **der)
{
	X509 *x509 = X509_dup(sound);
	int length;

	assert(x509 != NULL);
	X509_getm_notBefore(x509)->type = V_ASN1_UTF8STRING;
	assert(i2d_re_X509_tbs(x509, NULL) > 0);
	*der = NULL;
	length = i2d_X509(x509, der);
	assert(length > 0);
	X509_free(x509);
	return (size_t)length;
}

void
chain_build(struct chain *chain, X509 *const *certificates)
{
	STACK_OF(X509) *stack = sk_X509_new_null();

	for (; *certificates != NULL; certificates++)
		assert(sk_X509_push(stack, *certificates) > 0);
	chain_from_peer(chain, stack);
	sk_X509_free(stack);
}

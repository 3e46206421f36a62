#include "scanner/crypto/pem_file.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/pkcs7.h>
#include <openssl/x509v3.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "scanner/base/memory.h"

/* One "-----BEGIN label-----" and its content. */
struct block {
	char		*label, *header;
	unsigned char	*bytes;
	long		 length;
};

/* What was found so far in a file. */
struct reading {
	struct pem_file	*file;
	X509_REQ	*request;
	EVP_PKEY	*key;		/* its public half is used */
	unsigned	 blocks;
	bool		 encrypted;	/* a key was encrypted */
	bool		 has_pkcs7;	/* which has certificates, packed */
	char		*why;
};

static bool __attribute__((format(printf, 2, 3)))
refuse(char why[PEM_WHY_MAX], const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(why, PEM_WHY_MAX, format, arguments);
	va_end(arguments);
	return false;
}

static bool
is_label(const struct block *block, const char *label)
{
	return strcmp(block->label, label) == 0;
}

static bool
take_certificate(struct reading *reading, const struct block *block)
{
	struct chain *chain = &reading->file->chain;

	if (chain->count == CHAIN_CERTIFICATES_MAX)
		return refuse(reading->why, "more than %d certificates",
		    CHAIN_CERTIFICATES_MAX);
	return (chain_add_der(chain, block->bytes, (size_t)block->length) &&
	    chain->certificates[chain->count - 1].x509 != NULL) ||
	    refuse(reading->why, "block %u: not an X.509 certificate",
	    reading->blocks);
}

static bool
take_request(struct reading *reading, const struct block *block)
{
	const unsigned char *end = block->bytes;

	if (reading->request != NULL)
		return true;
	reading->request = d2i_X509_REQ(NULL, &end, block->length);
	if (reading->request == NULL || end != block->bytes + block->length)
		return refuse(reading->why, "block %u: not a certificate "
		    "request", reading->blocks);
	return true;
}

/* The headers of RFC 1421, or PKCS #8, say that a password is needed. */
static bool
is_encrypted(const struct block *block)
{
	return is_label(block, "ENCRYPTED PRIVATE KEY") ||
	    strstr(block->header, "ENCRYPTED") != NULL;
}

static bool
take_key(struct reading *reading, const struct block *block)
{
	const unsigned char *end = block->bytes;

	if (is_encrypted(block)) {
		reading->encrypted = true;
		return true;
	}
	if (reading->key != NULL)
		return true;
	if (is_label(block, "PUBLIC KEY"))
		reading->key = d2i_PUBKEY(NULL, &end, block->length);
	else if (is_label(block, "RSA PUBLIC KEY"))
		reading->key = d2i_PublicKey(EVP_PKEY_RSA, NULL, &end,
		    block->length);
	else
		reading->key = d2i_AutoPrivateKey(NULL, &end, block->length);
	return reading->key != NULL ||
	    refuse(reading->why, "block %u: not a key, or a key of an unknown "
	    "kind", reading->blocks);
}

/* Is it a block that is skipped, such as the parameters of a curve? */
static bool
take_block(struct reading *reading, const struct block *block)
{
	size_t length = strlen(block->label);

	if (is_label(block, "CERTIFICATE") ||
	    is_label(block, "X509 CERTIFICATE"))
		return take_certificate(reading, block);
	if (is_label(block, "CERTIFICATE REQUEST") ||
	    is_label(block, "NEW CERTIFICATE REQUEST"))
		return take_request(reading, block);
	reading->has_pkcs7 |= is_label(block, "PKCS7");
	/* The labels are PRIVATE KEY and PUBLIC KEY, also with words before
	 * them. */
	if (length >= 4 && strcmp(block->label + length - 4, " KEY") == 0)
		return take_key(reading, block);
	return true;
}

static bool
take_blocks(struct reading *reading, BIO *text)
{
	struct block block;
	bool good = true;

	while (good && PEM_read_bio(text, &block.label, &block.header,
	    &block.bytes, &block.length) == 1) {
		reading->blocks++;
		good = take_block(reading, &block);
		OPENSSL_free(block.label);
		OPENSSL_free(block.header);
		OPENSSL_clear_free(block.bytes, (size_t)block.length);
	}
	/* That there is no further block at the end of the file is not an
	 * error. */
	if (good && ERR_GET_REASON(ERR_peek_last_error()) !=
	    PEM_R_NO_START_LINE)
		return refuse(reading->why, "block %u: broken PEM",
		    reading->blocks + 1);
	return good;
}

/* A wildcard cannot own a TLSA record: below _25._tcp an asterisk is an
 * ordinary label (RFC 4592 section 2.1.1). */
static bool
take_name(const ASN1_STRING *presented, char name[NAME_TEXT_MAX])
{
	const char *text = (const char *)ASN1_STRING_get0_data(presented);
	int length = ASN1_STRING_length(presented);
	uint8_t wire[NAME_WIRE_MAX];
	size_t wire_length;

	if (length <= 0 || text[0] == '*' || memchr(text, '\\',
	    (size_t)length) != NULL || name_from_text(text, (size_t)length,
	    wire, &wire_length) != NAME_OK || !name_is_host(wire))
		return false;
	name_to_text(wire, name);
	return true;
}

static void
take_names(GENERAL_NAMES *names, char name[NAME_TEXT_MAX])
{
	for (int i = 0; i < sk_GENERAL_NAME_num(names); i++) {
		const GENERAL_NAME *entry = sk_GENERAL_NAME_value(names, i);

		if (entry->type == GEN_DNS &&
		    take_name(entry->d.dNSName, name))
			break;
	}
	GENERAL_NAMES_free(names);
}

static void
take_names_of_request(X509_REQ *request, char name[NAME_TEXT_MAX])
{
	STACK_OF(X509_EXTENSION) *extensions =
	    X509_REQ_get_extensions(request);

	take_names(X509V3_get_d2i(extensions, NID_subject_alt_name, NULL,
	    NULL), name);
	sk_X509_EXTENSION_pop_free(extensions, X509_EXTENSION_free);
}

static bool
conclude_request(struct reading *reading)
{
	struct buffer *out = &reading->file->public_key;
	X509_PUBKEY *info = X509_REQ_get_X509_PUBKEY(reading->request);
	EVP_PKEY *key = X509_REQ_get0_pubkey(reading->request);
	unsigned char *der = NULL;
	int length;

	/* The request must be signed by its own key (RFC 2986 section 3). */
	if (key == NULL || X509_REQ_verify(reading->request, key) != 1)
		return refuse(reading->why,
		    "the request is not signed by its own key");
	length = i2d_X509_PUBKEY(info, &der);
	if (length <= 0)
		return refuse(reading->why, "the request has no key");
	reading->file->kind = PEM_REQUEST;
	buffer_append(out, der, (size_t)length);
	OPENSSL_free(der);
	take_names_of_request(reading->request, reading->file->name);
	return true;
}

static bool
conclude_key(struct reading *reading)
{
	unsigned char *der = NULL;
	int length = i2d_PUBKEY(reading->key, &der);

	if (length <= 0)
		return refuse(reading->why, "the key has no public half");
	reading->file->kind = PEM_KEY;
	buffer_append(&reading->file->public_key, der, (size_t)length);
	OPENSSL_free(der);
	return true;
}

static bool
conclude(struct reading *reading)
{
	struct pem_file *file = reading->file;

	if (file->chain.count > 0) {
		file->kind = PEM_CERTIFICATES;
		chain_close(&file->chain);
		take_names(X509_get_ext_d2i(file->chain.certificates[0].x509,
		    NID_subject_alt_name, NULL, NULL), file->name);
		return true;
	}
	if (reading->request != NULL)
		return conclude_request(reading);
	if (reading->key != NULL)
		return conclude_key(reading);
	if (reading->encrypted)
		return refuse(reading->why, "the key is encrypted; give its "
		    "public half instead: openssl pkey -in FILE -pubout");
	if (reading->has_pkcs7)
		return refuse(reading->why, "this is PKCS #7; convert it: "
		    "openssl pkcs7 -in FILE -print_certs");
	return refuse(reading->why, reading->blocks > 0
	    ? "no certificate, certificate request or key among its PEM blocks"
	    : "not PEM: it has no certificate, certificate request or key");
}

/* Returns what a file in DER is, or in BER, as some programs write PKCS #12, and
 * the command that makes PEM of it. Returns NULL if it is neither. */
static const char *
kind_of_der(const unsigned char *bytes, size_t length)
{
	const unsigned char *of_pkcs12 = bytes, *of_pkcs7 = bytes,
	    *of_request = bytes, *of_key = bytes, *of_public_key = bytes;
	const char *kind = NULL;
	PKCS12 *pkcs12 = d2i_PKCS12(NULL, &of_pkcs12, (long)length);
	PKCS7 *pkcs7 = d2i_PKCS7(NULL, &of_pkcs7, (long)length);
	X509_REQ *request = d2i_X509_REQ(NULL, &of_request, (long)length);
	EVP_PKEY *key = d2i_AutoPrivateKey(NULL, &of_key, (long)length);
	EVP_PKEY *public_key = d2i_PUBKEY(NULL, &of_public_key, (long)length);

	if (pkcs12 != NULL)
		kind = "PKCS #12, not PEM; convert it: openssl pkcs12 "
		    "-in FILE -nokeys";
	else if (pkcs7 != NULL)
		kind = "PKCS #7, not PEM; convert it: openssl pkcs7 "
		    "-inform DER -in FILE -print_certs";
	else if (request != NULL)
		kind = "DER, not PEM; convert it: openssl req -inform DER "
		    "-in FILE";
	else if (key != NULL)
		kind = "DER, not PEM; convert it: openssl pkey -inform DER "
		    "-in FILE -pubout";
	else if (public_key != NULL)
		kind = "DER, not PEM; convert it: openssl pkey -pubin "
		    "-inform DER -in FILE";
	/* A SEQUENCE whose length has two octets: no text begins like that. */
	else if (length > 1 && memcmp(bytes, "\x30\x82", 2) == 0)
		kind = "DER, not PEM; convert it: openssl x509 -inform DER "
		    "-in FILE";
	PKCS12_free(pkcs12);
	PKCS7_free(pkcs7);
	X509_REQ_free(request);
	EVP_PKEY_free(key);
	EVP_PKEY_free(public_key);
	ERR_clear_error();
	return kind;
}

bool
pem_file_parse(struct pem_file *file, const void *bytes, size_t length,
    char why[PEM_WHY_MAX])
{
	struct reading reading = { .file = file, .why = why };
	const char *kind;
	BIO *text;
	bool good;

	*file = (struct pem_file){ 0 };
	if (length == 0)
		return refuse(why, "empty");
	if (length > PEM_FILE_MAX)
		return refuse(why, "more than %d bytes", PEM_FILE_MAX);
	kind = kind_of_der(bytes, length);
	if (kind != NULL)
		return refuse(why, "this is %s", kind);
	text = BIO_new_mem_buf(bytes, (int)length);
	assert(text != NULL);
	ERR_clear_error();
	good = take_blocks(&reading, text) && conclude(&reading);
	ERR_clear_error();
	BIO_free(text);
	X509_REQ_free(reading.request);
	EVP_PKEY_free(reading.key);
	if (!good)
		pem_file_fini(file);
	return good;
}

/* Reads one byte more than the bound, to tell a longer file from one that just
 * fits. */
static bool
read_all(int descriptor, uint8_t *bytes, size_t *length)
{
	ssize_t got;

	*length = 0;
	while (*length <= PEM_FILE_MAX) {
		got = read(descriptor, bytes + *length,
		    PEM_FILE_MAX + 1 - *length);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return false;
		if (got == 0)
			break;
		*length += (size_t)got;
	}
	return true;
}

bool
pem_file_read(struct pem_file *file, const char *path, char why[PEM_WHY_MAX])
{
	bool is_stdin = strcmp(path, "-") == 0, good;
	int descriptor = is_stdin ? STDIN_FILENO :
	    open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	uint8_t *bytes;
	size_t length;

	if (descriptor < 0)
		return refuse(why, "%s", strerror(errno));
	bytes = xmalloc(PEM_FILE_MAX + 1);
	good = read_all(descriptor, bytes, &length) ||
	    refuse(why, "%s", strerror(errno));
	if (!is_stdin)
		close(descriptor);
	good = good && pem_file_parse(file, bytes, length, why);
	OPENSSL_cleanse(bytes, length);
	free(bytes);
	return good;
}

void
pem_file_fini(struct pem_file *file)
{
	chain_fini(&file->chain);
	buffer_fini(&file->public_key);
}

static bool
is_ca(const struct certificate *certificate)
{
	bool is = X509_check_ca(certificate->x509) != 0;

	ERR_clear_error();
	return is;
}

/* Names alone prove nothing: anyone can make a CA with that name. */
static bool
has_issued(X509 *issuer, X509 *subject)
{
	EVP_PKEY *key = X509_get0_pubkey(issuer);

	return key != NULL && X509_check_issued(issuer, subject) ==
	    X509_V_OK && X509_verify(subject, key) == 1;
}

const struct certificate *
pem_file_certificate(const struct pem_file *file, unsigned usage,
    char why[PEM_WHY_MAX])
{
	const struct certificate *first = &file->chain.certificates[0];

	assert(file->chain.count > 0);
	if (usage == 1 || usage == 3 || is_ca(first))
		return first;
	for (size_t i = 1; i < file->chain.count; i++) {
		const struct certificate *next = &file->chain.certificates[i];

		if (is_ca(next) && has_issued(next->x509, first->x509)) {
			ERR_clear_error();
			return next;
		}
	}
	ERR_clear_error();
	refuse(why, "usage %u names the issuing CA, whose certificate is not "
	    "in the file", usage);
	return NULL;
}

#include "scanner/crypto/certificate.h"

#include <assert.h>
#include <openssl/err.h>
#include <openssl/objects.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "parsers/certificate_message.h"
#include "parsers/prefix.h"
#include "scanner/base/escape.h"
#include "scanner/base/memory.h"
#include "scanner/crypto/known.h"
#include "scanner/crypto/library.h"

struct certificate_counts certificate_counts;

/* An RSA key above this size is reported, but nothing is computed with it
 * (libcrypto's own limit is OPENSSL_RSA_MAX_MODULUS_BITS). */
#define COMPUTE_BITS_MAX	16384
#define SERIAL_BYTES_MAX	63

/* Returns the place for one more certificate of this many bytes, or NULL if a
 * bound is exceeded. */
static struct certificate *
chain_place(struct chain *chain, size_t length)
{
	struct certificate *certificate;
	size_t bytes = 0;

	for (size_t i = 0; i < chain->count; i++)
		bytes += chain->certificates[i].der_length;
	if (chain->count == CHAIN_CERTIFICATES_MAX || length == 0 ||
	    length > CHAIN_BYTES_MAX - bytes)
		return NULL;
	certificate = &chain->certificates[chain->count++];
	certificate->der_length = length;
	certificate->der = xmalloc(length);
	return certificate;
}

/* Sets the decoded form, and takes over the reference to it. If these bytes
 * were decoded before, the earlier form is used instead, since OpenSSL has
 * parsed its extensions already. */
static void
take_decoded(struct certificate *certificate, X509 *x509)
{
	X509 *before = known_certificate(certificate->sha256);

	certificate->x509 = before;
	if (before != NULL) {
		X509_free(x509);
		return;
	}
	certificate->x509 = library_complete(x509, certificate->der,
	    certificate->der_length);
	known_keep(certificate->sha256, certificate->x509,
	    certificate->der_length);
}

/* Takes over the reference. If a bound is exceeded, it releases the reference
 * and returns false. */
static bool
chain_take(struct chain *chain, X509 *x509)
{
	struct certificate *certificate;
	uint8_t *end;
	int length = i2d_X509(x509, NULL);

	certificate = length <= 0 ? NULL : chain_place(chain, (size_t)length);
	if (certificate == NULL) {
		X509_free(x509);
		return false;
	}
	end = certificate->der;
	length = i2d_X509(x509, &end);
	assert(length == (int)certificate->der_length);
	digest_of(certificate->der, (size_t)length, certificate->sha256);
	take_decoded(certificate, x509);
	return true;
}

void
chain_from_peer(struct chain *chain, STACK_OF(X509) *presented)
{
	*chain = (struct chain){ 0 };
	ERR_clear_error();
	for (int i = 0; presented != NULL && i < sk_X509_num(presented); i++) {
		X509 *x509 = sk_X509_value(presented, i);

		if (X509_up_ref(x509) != 1 || !chain_take(chain, x509)) {
			chain->is_truncated = true;
			break;
		}
	}
	chain_close(chain);
	ERR_clear_error();
}

/* Returns NULL if it cannot be decoded, or if more bytes follow it. */
static X509 *
decode(const uint8_t *der, size_t length)
{
	const uint8_t *end = der;
	X509 *x509;

	certificate_counts.decoded++;
	ERR_clear_error();
	x509 = library_certificate(&end, length);
	ERR_clear_error();
	if (x509 != NULL && end != der + length) {
		X509_free(x509);
		x509 = NULL;
	}
	return x509;
}

bool
chain_add_der(struct chain *chain, const uint8_t *der, size_t length)
{
	uint8_t sha256[SHA256_BYTES];
	struct certificate *certificate;
	X509 *x509;

	if (length == 0 || length > CHAIN_BYTES_MAX)
		return false;
	digest_of(der, length, sha256);
	x509 = known_certificate(sha256);
	if (x509 == NULL)
		x509 = decode(der, length);
	if (x509 != NULL)
		return chain_take(chain, x509);
	certificate = chain_place(chain, length);
	if (certificate == NULL)
		return false;
	certificate->x509 = NULL;
	memcpy(certificate->der, der, length);
	memcpy(certificate->sha256, sha256, SHA256_BYTES);
	return true;
}

bool
chain_from_message(struct chain *chain, const uint8_t *bytes, size_t length,
    bool is_tls_1_3)
{
	struct certificate_message message;
	const uint8_t *der;
	size_t der_length;
	int more = -1;

	*chain = (struct chain){ 0 };
	if (certificate_message_open(&message, bytes, length, is_tls_1_3))
		while ((more = certificate_message_next(&message, &der,
		    &der_length)) == 1 && chain_add_der(chain, der, der_length))
			;
	chain->is_truncated = more == 1;
	if (more == -1)
		chain_fini(chain);
	chain_close(chain);
	return more != -1;
}

bool
chain_is_decoded(const struct chain *chain)
{
	for (size_t i = 0; i < chain->count; i++)
		if (chain->certificates[i].x509 == NULL)
			return false;
	return true;
}

void
chain_close(struct chain *chain)
{
	struct digest *digest = digest_new();

	for (size_t i = 0; i < chain->count; i++)
		digest_add(digest, chain->certificates[i].sha256,
		    SHA256_BYTES);
	digest_finish(digest, chain->id);
}

void
chain_fini(struct chain *chain)
{
	for (size_t i = 0; i < chain->count; i++) {
		X509_free(chain->certificates[i].x509);
		free(chain->certificates[i].der);
	}
	*chain = (struct chain){ 0 };
}

static void
append_cut(struct buffer *out, const void *bytes, size_t length)
{
	buffer_append(out, bytes, length < FACT_TEXT_MAX ? length :
	    FACT_TEXT_MAX);
}

/* Writes RFC 2253, with its own escapes only. Control bytes and bytes above
 * 0x7f are not escaped; text is UTF-8. */
static void
read_name(const X509_NAME *name, struct buffer *out)
{
	unsigned long flags = XN_FLAG_RFC2253 &
	    ~(unsigned long)(ASN1_STRFLGS_ESC_CTRL | ASN1_STRFLGS_ESC_MSB);
	BIO *text = BIO_new(BIO_s_mem());
	char *bytes;
	long length;

	assert(text != NULL);
	/* If a step fails, what was written before it is kept. */
	(void)X509_NAME_print_ex(text, name, 0, flags);
	length = BIO_get_mem_data(text, &bytes);
	if (length > 0)
		append_cut(out, bytes, (size_t)length);
	BIO_free(text);
}

/* Writes text as UTF-8, and anything else as its bytes. */
static void
read_common_name(const X509_NAME *subject, struct buffer *out)
{
	const ASN1_STRING *value;
	unsigned char *utf8 = NULL;
	int at = -1, last = -1, length;

	while ((at = X509_NAME_get_index_by_NID(subject, NID_commonName,
	    at)) >= 0)
		last = at;
	if (last < 0)
		return;
	value = X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, last));
	length = ASN1_STRING_to_UTF8(&utf8, value);
	if (length >= 0)
		append_cut(out, utf8, (size_t)length);
	else
		append_cut(out, ASN1_STRING_get0_data(value),
		    (size_t)ASN1_STRING_length(value));
	OPENSSL_free(utf8);
}

/* Writes "dns:" or "ip:" and the value, escaped as in text columns
 * (docs/schema.md). A space is escaped as well, since it ends the entry. */
static void
format_alternative(const GENERAL_NAME *entry, struct buffer *out)
{
	const ASN1_STRING *value = entry->d.ip;
	const uint8_t *bytes = ASN1_STRING_get0_data(value);
	size_t length = (size_t)ASN1_STRING_length(value);
	struct address address = { .family = length == 4 ? 4 : 6 };
	char text[ADDRESS_TEXT_MAX];

	if (entry->type == GEN_IPADD) {
		if (length != 4 && length != 16)
			return;
		memcpy(address.bytes, bytes, length);
		address_to_text(&address, text);
		buffer_append_text(out, "ip:");
		buffer_append_text(out, text);
		return;
	}
	buffer_append_text(out, "dns:");
	/* A space separates the entries. */
	for (size_t i = 0; i < length; i++) {
		if (bytes[i] == ' ')
			escape_append_byte(out, ' ');
		else
			escape_append(out, (const char *)&bytes[i], 1);
	}
}

/* Cuts after the last entry that fits. */
static void
read_alternative_names(const X509 *x509, struct buffer *out)
{
	GENERAL_NAMES *names = X509_get_ext_d2i(x509, NID_subject_alt_name,
	    NULL, NULL);
	struct buffer entry = { 0 };

	for (int i = 0; names != NULL && i < sk_GENERAL_NAME_num(names); i++) {
		const GENERAL_NAME *name = sk_GENERAL_NAME_value(names, i);

		if (name->type != GEN_DNS && name->type != GEN_IPADD)
			continue;
		entry.length = 0;
		format_alternative(name, &entry);
		if (entry.length == 0)
			continue;
		if (out->length + 1 + entry.length > FACT_TEXT_MAX)
			break;
		if (out->length > 0)
			buffer_append_byte(out, ' ');
		buffer_append(out, entry.bytes, entry.length);
	}
	buffer_fini(&entry);
	GENERAL_NAMES_free(names);
}

/* Counts days from 1970-01-01 in the Gregorian calendar, for years from 0
 * on. */
static int64_t
days_of(int64_t year, int month, int day)
{
	static const int before[] = {
		0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334
	};
	bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
	/* Counts the leap days in the years 0 to year - 1. Year 0 is a leap
	 * year. */
	int64_t leap_days = year == 0 ? 0 : (year - 1) / 4 - (year - 1) / 100 +
	    (year - 1) / 400 + 1;

	return year * 365 + leap_days + before[month - 1] +
	    (leap && month > 2) + day - 1 - 719528;
}

static bool
read_date(const ASN1_TIME *date, int64_t *ms)
{
	struct tm tm;

	/* Given NULL, OpenSSL would take the current time. */
	if (date == NULL || ASN1_TIME_to_tm(date, &tm) != 1)
		return false;
	*ms = ((days_of(tm.tm_year + 1900LL, tm.tm_mon + 1, tm.tm_mday) * 24 +
	    tm.tm_hour) * 60 + tm.tm_min) * 60000 + tm.tm_sec * 1000LL;
	return true;
}

static const char *
key_type_of(int algorithm)
{
	switch (algorithm) {
	case NID_rsaEncryption:
	case NID_rsassaPss:
	case NID_rsa:
		return "rsa";
	case NID_X9_62_id_ecPublicKey:
		return "ec";
	case NID_ED25519:
		return "ed25519";
	case NID_ED448:
		return "ed448";
	case NID_dsa:
	case NID_dsa_2:
		return "dsa";
	default:
		return "other";
	}
}

/* The type comes from the certificate. The number of bits, and so whether the
 * key is weak, is known only if OpenSSL can decode the key. */
static void
read_key(const X509 *x509, struct certificate_facts *facts)
{
	X509_PUBKEY *info = X509_get_X509_PUBKEY(x509);
	EVP_PKEY *key = X509_get0_pubkey(x509);
	ASN1_OBJECT *algorithm = NULL;
	unsigned char *der = NULL;
	int length = i2d_X509_PUBKEY(info, &der);

	if (length > 0)
		digest_of(der, (size_t)length, facts->spki_sha256);
	OPENSSL_free(der);
	if (X509_PUBKEY_get0_param(&algorithm, NULL, NULL, NULL, info) != 1)
		algorithm = NULL;
	snprintf(facts->key_type, sizeof facts->key_type, "%s",
	    key_type_of(algorithm != NULL ? OBJ_obj2nid(algorithm) : NID_undef));
	if (key == NULL || EVP_PKEY_get_bits(key) <= 0)
		return;
	facts->key_bits = (unsigned)EVP_PKEY_get_bits(key);
	if (strcmp(facts->key_type, "ec") == 0)
		facts->weak_key = facts->key_bits < 224;
	else if (strcmp(facts->key_type, "rsa") == 0 ||
	    strcmp(facts->key_type, "dsa") == 0)
		facts->weak_key = facts->key_bits < 2048;
}

static void
read_signature(X509 *x509, struct certificate_facts *facts)
{
	int algorithm = X509_get_signature_nid(x509), hash = NID_undef;
	size_t size = sizeof facts->signature_algorithm;
	char *text = facts->signature_algorithm;
	const X509_ALGOR *identifier;
	const ASN1_OBJECT *object;

	if (algorithm != NID_undef)
		snprintf(text, size, "%s", OBJ_nid2ln(algorithm));
	else {
		X509_get0_signature(NULL, &identifier, x509);
		X509_ALGOR_get0(&object, NULL, NULL, identifier);
		OBJ_obj2txt(text, (int)size, object, 1);
	}
	for (; *text != '\0'; text++) {
		if (*text >= 'A' && *text <= 'Z')
			*text = (char)(*text - 'A' + 'a');
	}
	/* RSASSA-PSS and EdDSA name no hash. RSASSA-PSS has it among its
	 * parameters. */
	if (OBJ_find_sigid_algs(algorithm, &hash, NULL) != 1 ||
	    hash == NID_undef)
		(void)X509_get_signature_info(x509, &hash, NULL, NULL, NULL);
	facts->weak_signature = hash == NID_sha1 || hash == NID_md5 ||
	    hash == NID_md2 || hash == NID_md4;
}

static bool
is_self_signed(X509 *x509, unsigned key_bits)
{
	EVP_PKEY *key = X509_get0_pubkey(x509);

	return key != NULL && key_bits <= COMPUTE_BITS_MAX &&
	    X509_NAME_cmp(X509_get_subject_name(x509),
	    X509_get_issuer_name(x509)) == 0 && X509_verify(x509, key) == 1;
}

static void
read_serial(const X509 *x509, char serial[128])
{
	const ASN1_INTEGER *number = X509_get0_serialNumber(x509);
	const uint8_t *bytes = ASN1_STRING_get0_data(number);
	int length = ASN1_STRING_length(number);
	size_t at = 0;

	if (ASN1_STRING_type(number) == V_ASN1_NEG_INTEGER)
		serial[at++] = '-';
	for (int i = 0; i < length && i < SERIAL_BYTES_MAX; i++)
		at += (size_t)sprintf(serial + at, "%02x", bytes[i]);
	serial[at] = '\0';
}

void
certificate_facts_read(const struct certificate *certificate,
    struct certificate_facts *facts)
{
	X509 *x509 = certificate->x509;

	*facts = (struct certificate_facts){ 0 };
	memcpy(facts->sha256, certificate->sha256, SHA256_BYTES);
	if (x509 == NULL)
		return;
	ERR_clear_error();
	read_name(X509_get_subject_name(x509), &facts->subject);
	read_common_name(X509_get_subject_name(x509), &facts->common_name);
	read_name(X509_get_issuer_name(x509), &facts->issuer);
	read_alternative_names(x509, &facts->san);
	facts->has_dates =
	    read_date(X509_get0_notBefore(x509), &facts->not_before_ms) &&
	    read_date(X509_get0_notAfter(x509), &facts->not_after_ms);
	read_key(x509, facts);
	read_signature(x509, facts);
	facts->is_ca = (X509_get_extension_flags(x509) & EXFLAG_CA) != 0;
	facts->self_signed = is_self_signed(x509, facts->key_bits);
	read_serial(x509, facts->serial);
	ERR_clear_error();
}

void
certificate_facts_fini(struct certificate_facts *facts)
{
	buffer_fini(&facts->subject);
	buffer_fini(&facts->common_name);
	buffer_fini(&facts->issuer);
	buffer_fini(&facts->san);
}

#include "scanner/crypto/tlsa_record.h"

#include <assert.h>
#include <inttypes.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <stdio.h>

#define PARAMETERS_BYTES	3
#define RDATA_MAX		65535

static enum tlsa_record_fault
append_association(struct buffer *rdata, uint8_t matching_type,
    const uint8_t *der, size_t length, char why[PEM_WHY_MAX])
{
	uint8_t digest[EVP_MAX_MD_SIZE];
	unsigned digest_length;
	int done;

	assert(matching_type <= 2);
	if (matching_type == 0) {
		if (length > RDATA_MAX - PARAMETERS_BYTES) {
			snprintf(why, PEM_WHY_MAX, "too long for a record "
			    "with matching type 0");
			return TLSA_RECORD_TOO_LONG;
		}
		buffer_append(rdata, der, length);
		return TLSA_RECORD_MADE;
	}
	done = EVP_Digest(der, length, digest, &digest_length,
	    matching_type == 1 ? EVP_sha256() : EVP_sha512(), NULL);
	/* As in digest.c, it fails only if the machine is unusable. */
	assert(done == 1);
	(void)done;
	buffer_append(rdata, digest, digest_length);
	return TLSA_RECORD_MADE;
}

enum tlsa_record_fault
tlsa_record_make_from(struct buffer *rdata,
    const struct tlsa_parameters *parameters, const uint8_t *der,
    size_t length, char why[PEM_WHY_MAX])
{
	buffer_append_byte(rdata, parameters->usage);
	buffer_append_byte(rdata, parameters->selector);
	buffer_append_byte(rdata, parameters->matching_type);
	return append_association(rdata, parameters->matching_type, der,
	    length, why);
}

enum tlsa_record_fault
tlsa_record_make(struct buffer *rdata, const struct pem_file *file,
    const struct tlsa_parameters *parameters, char why[PEM_WHY_MAX])
{
	const struct certificate *certificate;
	enum tlsa_record_fault fault;
	unsigned char *der = NULL;
	int length;

	if (file->kind != PEM_CERTIFICATES && parameters->selector == 0) {
		snprintf(why, PEM_WHY_MAX, "selector 0 needs a certificate, "
		    "and this is a %s", file->kind == PEM_REQUEST
		    ? "certificate request" : "key");
		return TLSA_RECORD_NO_CERTIFICATE;
	}
	if (file->kind != PEM_CERTIFICATES)
		return tlsa_record_make_from(rdata, parameters,
		    file->public_key.bytes, file->public_key.length, why);
	certificate = pem_file_certificate(file, parameters->usage, why);
	if (certificate == NULL)
		return TLSA_RECORD_NO_ISSUER;
	/* No sender would accept it as a usable record. */
	if (X509_get0_pubkey(certificate->x509) == NULL) {
		ERR_clear_error();
		snprintf(why, PEM_WHY_MAX, "the certificate's key is broken, "
		    "or of an unknown kind");
		return TLSA_RECORD_NO_KEY;
	}
	if (parameters->selector == 0)
		return tlsa_record_make_from(rdata, parameters,
		    certificate->der, certificate->der_length, why);
	length = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate->x509), &der);
	assert(length > 0);	/* the key was read from DER */
	fault = tlsa_record_make_from(rdata, parameters, der, (size_t)length,
	    why);
	OPENSSL_free(der);
	return fault;
}

static void
append_hex(struct buffer *out, const uint8_t *bytes, size_t length)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < length; i++) {
		buffer_append_byte(out, (uint8_t)digits[bytes[i] >> 4]);
		buffer_append_byte(out, (uint8_t)digits[bytes[i] & 15]);
	}
}

void
tlsa_record_data_text(struct buffer *out, const struct buffer *rdata)
{
	assert(rdata->length > PARAMETERS_BYTES);
	buffer_printf(out, "%u %u %u ", rdata->bytes[0], rdata->bytes[1],
	    rdata->bytes[2]);
	append_hex(out, rdata->bytes + PARAMETERS_BYTES,
	    rdata->length - PARAMETERS_BYTES);
}

void
tlsa_record_line(struct buffer *out, const char *owner, uint32_t ttl,
    const struct buffer *rdata, bool generic)
{
	buffer_printf(out, "%s %" PRIu32 " IN ", owner, ttl);
	if (generic) {
		buffer_printf(out, "TYPE52 \\# %zu ", rdata->length);
		append_hex(out, rdata->bytes, rdata->length);
	} else {
		buffer_append_text(out, "TLSA ");
		tlsa_record_data_text(out, rdata);
	}
	buffer_append_byte(out, '\n');
}

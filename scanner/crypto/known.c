#include "scanner/crypto/known.h"

#include <string.h>

struct kept {
	uint8_t	 sha256[SHA256_BYTES];
	X509	*x509;			/* NULL: the place is free */
};

struct signature {
	uint8_t	 issuer[SHA256_BYTES], subject[SHA256_BYTES];
	bool	 is_kept;
};

static struct kept certificates[KNOWN_CERTIFICATES];
static struct signature signatures[KNOWN_SIGNATURES];

/* SHA-256 spreads certificates evenly. A certificate that was crafted to share
 * a place with another one only displaces that one. */
static size_t
place_of(const uint8_t sha256[SHA256_BYTES], size_t places)
{
	return ((size_t)sha256[0] << 16 | (size_t)sha256[1] << 8 | sha256[2]) %
	    places;
}

static struct kept *
kept_of(const uint8_t sha256[SHA256_BYTES])
{
	return &certificates[place_of(sha256, KNOWN_CERTIFICATES)];
}

X509 *
known_certificate(const uint8_t sha256[SHA256_BYTES])
{
	const struct kept *kept = kept_of(sha256);

	if (kept->x509 == NULL ||
	    memcmp(kept->sha256, sha256, SHA256_BYTES) != 0 ||
	    X509_up_ref(kept->x509) != 1)
		return NULL;
	return kept->x509;
}

void
known_keep(const uint8_t sha256[SHA256_BYTES], X509 *x509, size_t length)
{
	struct kept *kept = kept_of(sha256);

	if (length > KNOWN_BYTES_MAX || X509_up_ref(x509) != 1)
		return;
	X509_free(kept->x509);
	kept->x509 = x509;
	memcpy(kept->sha256, sha256, SHA256_BYTES);
}

/* An authority signs many certificates, so the place depends on the subject. */
static struct signature *
signature_of(const uint8_t subject[SHA256_BYTES])
{
	return &signatures[place_of(subject, KNOWN_SIGNATURES)];
}

bool
known_signed(const uint8_t issuer[SHA256_BYTES],
    const uint8_t subject[SHA256_BYTES])
{
	const struct signature *signature = signature_of(subject);

	return signature->is_kept &&
	    memcmp(signature->issuer, issuer, SHA256_BYTES) == 0 &&
	    memcmp(signature->subject, subject, SHA256_BYTES) == 0;
}

void
known_keep_signed(const uint8_t issuer[SHA256_BYTES],
    const uint8_t subject[SHA256_BYTES])
{
	struct signature *signature = signature_of(subject);

	memcpy(signature->issuer, issuer, SHA256_BYTES);
	memcpy(signature->subject, subject, SHA256_BYTES);
	signature->is_kept = true;
}

void
known_clear(void)
{
	for (size_t i = 0; i < KNOWN_CERTIFICATES; i++)
		X509_free(certificates[i].x509);
	memset(certificates, 0, sizeof certificates);
	memset(signatures, 0, sizeof signatures);
}

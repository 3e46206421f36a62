/*
 * known: what this process has found out about certificates, by the SHA-256 of
 * their DER. Most servers present an intermediate, or a leaf, that another one
 * has presented before.
 *
 * Two facts are kept, which depend only on the bytes of the certificates: how
 * OpenSSL decodes a certificate, and that the key of one certificate has signed
 * another, which allows it to sign. No verdict on a path is kept: it depends on
 * name constraints, path lengths, dates and the choice of issuers, and is
 * computed each time (path.h).
 *
 * Each fact has one place, by its hash, which the latest fact takes. So memory
 * is bounded; a peer that presents a million certificates only displaces
 * others, and each of these costs one decoding or verification when it comes
 * again.
 */
#ifndef MXCENSUS_CRYPTO_KNOWN_H
#define MXCENSUS_CRYPTO_KNOWN_H

#include <openssl/x509.h>
#include <stdbool.h>
#include <stdint.h>

#include "scanner/crypto/digest.h"

#define KNOWN_CERTIFICATES	512
#define KNOWN_SIGNATURES	4096
/* A larger certificate is not kept. */
#define KNOWN_BYTES_MAX		((size_t)8 * 1024)

/* Returns the certificate with this hash as it was decoded before, with a
 * reference for the caller, or NULL. */
X509	*known_certificate(const uint8_t sha256[SHA256_BYTES]);
/* Keeps a certificate of this many bytes, with a reference of its own. */
void	known_keep(const uint8_t sha256[SHA256_BYTES], X509 *, size_t length);

/* Is it known that the issuer has signed the subject? */
bool	known_signed(const uint8_t issuer[SHA256_BYTES],
	    const uint8_t subject[SHA256_BYTES]);
void	known_keep_signed(const uint8_t issuer[SHA256_BYTES],
	    const uint8_t subject[SHA256_BYTES]);

/* Forgets everything. */
void	known_clear(void);

#endif

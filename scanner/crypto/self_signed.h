/*
 * self_signed: a new key and a certificate that it signs itself, for a mail
 * server that publishes `3 1 1` (RFC 7672 section 3.1.1: names and dates of
 * such a certificate do not count).
 */
#ifndef MXCENSUS_CRYPTO_SELF_SIGNED_H
#define MXCENSUS_CRYPTO_SELF_SIGNED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "scanner/base/buffer.h"

#define SELF_SIGNED_YEARS	3
#define SELF_SIGNED_RSA_MIN	2048
#define SELF_SIGNED_RSA_MAX	8192

struct self_signed {
	struct buffer	 key_pem;		/* PKCS #8, not encrypted */
	struct buffer	 certificate_pem;
	struct buffer	 public_key;		/* SubjectPublicKeyInfo, DER */
};

/* `names` are host names in text form, as A-labels; there is at least one. If
 * `rsa_bits` is 0 the key is an ECDSA key on P-256. The certificate is valid
 * for SELF_SIGNED_YEARS from `now` (Unix time). The first name is the CN. If it
 * is longer than the 64 octets that a CN may have (RFC 5280 appendix A.1), the
 * CN is the longest domain above it that is short enough. */
void	self_signed_make(struct self_signed *, const char *const *names,
	    size_t count, unsigned rsa_bits, int64_t now);
/* Wipes the key. */
void	self_signed_fini(struct self_signed *);

#endif

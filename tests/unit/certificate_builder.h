/*
 * certificate_builder: makes keys and certificates for tests.
 *
 * Members of a request that are left out (0, NULL) get the values of an
 * ordinary certificate. Every failure is an assert: a test that cannot build
 * its world is wrong.
 */
#ifndef MXCENSUS_TESTS_CERTIFICATE_BUILDER_H
#define MXCENSUS_TESTS_CERTIFICATE_BUILDER_H

#include <openssl/evp.h>
#include <openssl/x509.h>
#include <stdbool.h>
#include <stdint.h>

#include "scanner/crypto/certificate.h"

/* 2026-06-01T00:00:00Z, the time that built certificates are made for. */
#define BUILDER_NOW	INT64_C(1780272000)
#define BUILDER_DAY	INT64_C(86400)

struct certificate_request {
	const char	*common_name;		/* NULL: an empty subject */
	const char	*issuer_name;		/* in place of the issuer's */
	const char	*names;			/* SAN, "DNS:a.example,IP:192.0.2.1" */
	const char	*raw_name;		/* one more dNSName, any bytes */
	size_t		 raw_length;
	int64_t		 not_before, not_after;	/* 0: a month around BUILDER_NOW */
	bool		 is_ca;			/* basicConstraints critical, CA */
	const char	*constraints;		/* in place of that, OpenSSL's syntax */
	const char	*key_usage, *extended_key_usage, *name_constraints;
	EVP_PKEY	*key;			/* the subject's; required */
	const EVP_MD	*hash;			/* of the signature; NULL: SHA-256 */
};

/* "P-256", "P-384", "P-192" (any group), "RSA-2048", "ED25519", "ED448".
 * The same object for the same kind and number; freed by builder_fini. */
EVP_PKEY *builder_key(const char *kind, unsigned number);
/* Signed by `issuer` with its key, self-signed if that is NULL. */
X509	*certificate_build(const struct certificate_request *, X509 *issuer,
	    EVP_PKEY *issuer_key);
/* DER (OPENSSL_free) of the certificate with a date that is neither of the
 * types of RFC 5280 4.1.2.5: no release of OpenSSL decodes it. */
size_t	undecodable_build(X509 *, uint8_t **der);
/* A chain of these, up to NULL, leaf first. */
void	chain_build(struct chain *, X509 *const *certificates);
void	builder_fini(void);

#endif

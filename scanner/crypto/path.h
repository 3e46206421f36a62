/*
 * path: a certification path from the leaf of a presented chain to an anchor
 * (RFC 5280 section 6), as OpenSSL builds and verifies it for a TLS server.
 *
 * This is the only module that calls X509_verify_cert, for WebPKI (trust) and
 * DANE-TA (dane). Dates are reported apart from everything else: a path with a
 * wrong date is still a path. It uses no CRLs, no OCSP, no network and no
 * files.
 *
 * A signature that is known (known.h) is not verified again. Everything else is
 * checked each time.
 *
 * The order in which the certificates were presented does not matter, as with
 * every sender that OpenSSL verifies for. The security level is 1, for WebPKI
 * and for DANE-TA (RULES N8, U12): Postfix's SMTP client sets it for every peer
 * that it authenticates. Each key and signature of the path then has a strength
 * of at least 80 bits, so RSA below 1024 bits, SHA-1 and MD5 are refused; the
 * signature of the last certificate does not count. Weak keys and signatures
 * are also recorded as separate facts (certificate_facts).
 */
#ifndef MXCENSUS_CRYPTO_PATH_H
#define MXCENSUS_CRYPTO_PATH_H

#include <openssl/x509_vfy.h>

#include "scanner/crypto/certificate.h"

/* How often this was done, for tests. */
struct path_counts {
	uint64_t signatures;		/* verified */
};
extern struct path_counts path_counts;

struct path {
	/* The first X509_V_ERR_ code that is not about a date. X509_V_OK means
	 * that there is a path, apart from dates. */
	int	 error;
	/* The first code about a date, counted from the anchor down. If there
	 * is an `error`, it may be missing. */
	int	 date_error;
	size_t	 length;	/* certificates, the anchor included; 0: no path */
};

/* The chain has at least one certificate, and all of them are decoded. `now` is
 * Unix time in seconds. */
void	path_to_store(const struct chain *, X509_STORE *, int64_t now,
	    struct path *);
/* Builds a path to this one certificate, self-signed or not
 * (X509_V_FLAG_PARTIAL_CHAIN). The certificate's own signature is not verified.
 * Its dates are verified if it is self-issued, and otherwise not, as in
 * OpenSSL's DANE-TA (in RFC 5280 6.1.1 an anchor has no dates at all). */
void	path_to_anchor(const struct chain *, X509 *anchor, int64_t now,
	    struct path *);
/* Builds a path to a certificate that an anchor outside the path is known to
 * have signed. */
void	path_to_top(const struct chain *, X509 *top, int64_t now,
	    struct path *);
/* Are both dates of the certificate readable and `now` between them? */
bool	path_dates_hold(const X509 *, int64_t now);

#endif

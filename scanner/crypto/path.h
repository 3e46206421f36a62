/*
 * path: a certification path from the leaf of a presented chain to an anchor
 * (RFC 5280 section 6), as OpenSSL builds and verifies it for a TLS server.
 *
 * The one place that calls X509_verify_cert, for WebPKI (trust) and DANE-TA
 * (dane). Dates are told apart from everything else: a path with a date that is
 * off is still a path. No CRLs, no OCSP, no network, no files.
 *
 * The order in which the certificates were presented does not matter, as with
 * every sender that OpenSSL verifies for. The security level is 0: Postfix's
 * SMTP client sets it (tls_client.c), and weak keys and signatures are facts of
 * their own here (certificate_facts), so that they hide nothing else.
 */
#ifndef MXCENSUS_CRYPTO_PATH_H
#define MXCENSUS_CRYPTO_PATH_H

#include <openssl/x509_vfy.h>

#include "scanner/crypto/certificate.h"

struct path {
	/* The first X509_V_ERR_ code that is not about a date; X509_V_OK: there
	 * is a path, dates aside. */
	int	 error;
	/* The first about a date, seen from the anchor down; with an `error` it
	 * may be missing. */
	int	 date_error;
	size_t	 length;	/* certificates, the anchor included; 0: no path */
};

/* The chain holds at least one certificate, and all are decoded. `now` is Unix
 * time in seconds. */
void	path_to_store(const struct chain *, X509_STORE *, int64_t now,
	    struct path *);
/* To this one certificate, self-signed or not (X509_V_FLAG_PARTIAL_CHAIN). Its
 * own signature is not verified; its dates are where it is self-issued, and are
 * not where it is another's, as OpenSSL's DANE-TA has it (RFC 5280 6.1.1 knows
 * no dates of an anchor at all). */
void	path_to_anchor(const struct chain *, X509 *anchor, int64_t now,
	    struct path *);
/* To a certificate that an anchor outside the path is known to have signed. */
void	path_to_top(const struct chain *, X509 *top, int64_t now,
	    struct path *);
/* Are both dates of the certificate readable and `now` between them? */
bool	path_dates_hold(const X509 *, int64_t now);

#endif

/*
 * trust: the WebPKI store, and what PKIX says about a chain (RFC 5280, RFC
 * 9525; RULES 5): independent facts, never one bit "valid".
 */
#ifndef MXCENSUS_CRYPTO_TRUST_H
#define MXCENSUS_CRYPTO_TRUST_H

#include <openssl/x509_vfy.h>

#include "scanner/crypto/certificate.h"

struct trust;

/* The certificates of one PEM file (a bundle). NULL with a reason in `why` if
 * it cannot be read, holds none, or one that is broken. Nothing is opened after
 * this. */
struct trust *trust_open(const char *ca_file, char why[256]);
void	trust_free(struct trust *);
size_t	trust_count(const struct trust *);	/* in the file, as read */
X509_STORE *trust_store(struct trust *);	/* still owned by trust */

/* A code of our own beside X509_V_ERR_: a certificate of the chain cannot be
 * decoded. OpenSSL has none, since it ends the handshake there. */
#define CHAIN_UNDECODABLE (-1)

struct pkix_facts {
	bool		 chain_trusted;	/* path to the store, dates aside */
	/* OpenSSL's X509_V_ERR_ code of the verification with dates, X509_V_OK
	 * if none: the first that is not about a date (there is no path), else
	 * the first about a date, from the root down. So chain_trusted is true
	 * exactly where this is ok or about a date. A self-signed leaf outside
	 * the store is depth_zero_self_signed_cert; a chain without its
	 * intermediates unable_to_get_issuer_cert_locally; one with an unknown
	 * root self_signed_cert_in_chain. Names are not part of it. Or
	 * CHAIN_UNDECODABLE: no path is looked for. */
	int		 chain_error;
	bool		 in_dates;	/* every certificate of the path, or where
					 * there is no path the leaf alone; false
					 * of one that is undecodable */
};

/* Judges the chain for a TLS server at Unix time `now` (seconds), see path.h.
 * Nothing is cached: a path's verdict is not that of its parts (name
 * constraints, path lengths, choice of issuers). What could soundly be kept is
 * the fact that one key signed one certificate, through
 * X509_STORE_CTX_set_verify. Empty chain: not trusted,
 * X509_V_ERR_UNSPECIFIED. */
void	trust_judge(struct trust *, const struct chain *, int64_t now,
	    struct pkix_facts *);

/* X509_V_ERR_CERT_HAS_EXPIRED gives "cert_has_expired", 0 gives "ok",
 * CHAIN_UNDECODABLE "undecodable"; an unknown code "err_<number>". Static
 * memory, which the next call with an unknown code overwrites. */
const char *chain_error_text(int code);

/* The reference identifier `name` (canonical text form, parsers/name.h) against
 * the presented identifiers of `leaf` (RULES N1 to N7): dNSName only, A-labels
 * without case and final dot; a wildcard is the whole left-most label, stands
 * for one label and never for all of a public suffix as OpenSSL judges it
 * (*.com: no). With `common_name`, the CN counts where the certificate has no
 * dNSName (RFC 7672 3.2.3); not where its SAN cannot be read. A name with \DDD
 * in it never matches. *hostile is set (never cleared) where a SAN or the CN
 * holds NUL or another control byte; such an entry never matches (N5). A leaf
 * that cannot be decoded has no name that is known: false.
 * As X509_check_host, but for the final dot of a presented name. */
bool	certificate_has_name(const struct certificate *leaf, const char *name,
	    bool common_name, bool *hostile);

#endif

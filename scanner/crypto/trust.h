/*
 * trust: the WebPKI store, and what PKIX says about a chain (RFC 5280, RFC
 * 9525; RULES 5): several independent facts instead of a single "valid".
 */
#ifndef MXCENSUS_CRYPTO_TRUST_H
#define MXCENSUS_CRYPTO_TRUST_H

#include <openssl/x509_vfy.h>

#include "scanner/crypto/certificate.h"

struct trust;

/* Reads the certificates of one PEM file (a bundle). Returns NULL with a reason
 * in `why` if the file cannot be read, has no certificates, or has a broken
 * one. Nothing is opened after this. */
struct trust *trust_open(const char *ca_file, char why[256]);
void	trust_free(struct trust *);
size_t	trust_count(const struct trust *);	/* in the file, as read */
X509_STORE *trust_store(struct trust *);	/* still owned by trust */

/* Our own code in addition to X509_V_ERR_...: a certificate of the chain cannot
 * be decoded. OpenSSL has no such code, since it ends the handshake then. */
#define CHAIN_UNDECODABLE (-1)

struct pkix_facts {
	bool		 chain_trusted;	/* there is a path to the store, apart
					 * from dates */
	/* OpenSSL's X509_V_ERR_ code of the verification with dates; X509_V_OK
	 * if there is no error. It is the first code that is not about a date
	 * (then there is no path), or else the first about a date, from the
	 * root down. So chain_trusted is true exactly if this is ok or about a
	 * date. A self-signed leaf outside the store gives
	 * depth_zero_self_signed_cert; a chain without its intermediates gives
	 * unable_to_get_issuer_cert_locally; a chain with an unknown root gives
	 * self_signed_cert_in_chain. Names play no part. With CHAIN_UNDECODABLE
	 * no path is searched for. */
	int		 chain_error;
	bool		 in_dates;	/* the dates of every certificate of the
					 * path hold, or if there is no path,
					 * those of the leaf; false if a
					 * certificate is undecodable */
};

/* Judges the chain for a TLS server at Unix time `now` (seconds), see path.h.
 * No verdict is kept: the verdict on a path does not follow from verdicts on
 * its parts (name constraints, path lengths, choice of issuers). What is kept
 * is that one key has signed one certificate (known.h). An empty chain is not
 * trusted, with X509_V_ERR_UNSPECIFIED. Do not call it for a truncated chain,
 * which cannot be judged. */
void	trust_judge(struct trust *, const struct chain *, int64_t now,
	    struct pkix_facts *);

/* X509_V_ERR_CERT_HAS_EXPIRED gives "cert_has_expired", 0 gives "ok",
 * CHAIN_UNDECODABLE "undecodable"; an unknown code "err_<number>". Static
 * memory, which the next call with an unknown code overwrites. */
const char *chain_error_text(int code);

/* Compares the reference identifier `name` (canonical text form,
 * parsers/name.h) with the presented identifiers of `leaf` (RULES N1 to N7).
 * Only a dNSName counts. A-labels are compared without case and final dot. A
 * wildcard is the whole left-most label and matches one label, but never all
 * names below a public suffix, as OpenSSL decides it (*.com: no). With
 * `common_name`, the CN counts if the certificate has no dNSName (RFC 7672
 * 3.2.3), but not if its SAN cannot be read. A name with \DDD in it never
 * matches. *hostile is set (and never cleared) if a SAN or the CN holds NUL or
 * another control byte; such an entry never matches (N5). The names of a leaf
 * that cannot be decoded are not known, so the result is false. All of this is
 * as in X509_check_host, except for the final dot of a presented name. */
bool	certificate_has_name(const struct certificate *leaf, const char *name,
	    bool common_name, bool *hostile);

#endif
